using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Workbench;

namespace SqsNet.Web.Tests.Components.Workbench;

public sealed class TrialTableTests : IAsyncDisposable
{
    private readonly PageServices _services = new();

    private static readonly TrialRecord[] s_trials =
    [
        SomeRecords.Trial(0, best: ("val/accuracy", 0.5)),
        SomeRecords.Trial(1, configuration: 1, best: ("val/accuracy", 0.6)),
        SomeRecords.Trial(2, TrialState.Failed, configuration: 1),
    ];

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task A_filter_narrows_at_once_and_stands_in_the_address()
    {
        var table = await ShowAsync();

        await table.TypeAsync("where", "tau>1 state=completed");

        Numbers(await table.HtmlAsync()).ShouldBe("1");
        (await table.TextAsync()).ShouldContain("1 of 3");
        Address.ShouldContain("where=tau>1 state%3Dcompleted");
    }

    [Fact]
    public async Task A_wrong_filter_is_told_beside_what_passes_the_rest()
    {
        var table = await ShowAsync();

        await table.TypeAsync("where", "tua=1 seed=0");

        var html = await table.HtmlAsync();
        html.QuerySelector("#where-problem")!.TextContent.ShouldContain("There is no column \"tua\".");
        Numbers(html).ShouldBe("0");
    }

    [Fact]
    public async Task A_heading_sorts_and_says_so_to_screen_readers()
    {
        var table = await ShowAsync();

        await table.ClickAsync("sort-best:val/accuracy");

        var html = await table.HtmlAsync();
        Numbers(html).ShouldBe("1 0 2");
        html.QuerySelectorAll("th[aria-sort]").ShouldHaveSingleItem().GetAttribute("aria-sort").ShouldBe("descending");
        Address.ShouldContain("sort=-best%3Aval%2Faccuracy");
    }

    [Fact]
    public async Task Columns_are_chosen_and_the_files_hold_them()
    {
        var table = await ShowAsync();

        await table.ChangeAsync("column-attempts", true);
        await table.ChangeAsync("column-time", false);

        var html = await table.HtmlAsync();
        html.QuerySelector("#sort-attempts").ShouldNotBeNull();
        html.QuerySelector("#sort-time").ShouldBeNull();
        html.QuerySelector("a[download$='.csv']")!.GetAttribute("href")!.ShouldContain("cols=state,sqs.tau,seed");
    }

    [Fact]
    public async Task Trials_are_chosen_one_by_one_or_all_that_are_shown()
    {
        var table = await ShowAsync(new TrialTableQuery(Hidden: "failed"));
        await table.ChangeAsync("choose-1", true);
        Address.ShouldEndWith("sel=1");
        await table.ChangeAsync("choose-all", true);
        Address.ShouldEndWith("sel=0-1");
    }

    [Fact]
    public async Task A_second_choice_before_the_address_of_the_first_has_come_adds_to_it()
    {
        var table = await ShowAsync();
        await table.ChangeAsync("choose-0", true);
        await table.ChangeAsync("choose-2", true);
        (await table.HtmlAsync()).QuerySelectorAll("tbody input[checked]").Length.ShouldBe(2);
        Address.ShouldEndWith("sel=0%2C2");
    }

    [Fact]
    public async Task Many_trials_stand_in_a_frame_that_draws_what_is_looked_at()
    {
        var many = Enumerable.Range(0, 500).Select(number => SomeRecords.Trial(number)).ToArray();
        var html = await (await ShowAsync(trials: many)).HtmlAsync();
        html.QuerySelector(".trial-scroll")!.HasAttribute("data-many").ShouldBeTrue();
        html.QuerySelectorAll("tbody tr").Length.ShouldBeLessThan(100);
        // What fills the frame is there before the browser could be asked what it looks at.
        Numbers(html).ShouldStartWith("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17");
    }

    [Fact]
    public async Task The_address_of_its_own_change_does_not_draw_the_table_again()
    {
        var page = await _services.ShowAsync<Page>();
        await page.TypeAsync("where", "seed=0,1");
        var drawn = page.Drawn<TrialTable>();

        await page.ClickAsync("address-seed=0,1");
        page.Drawn<TrialTable>().ShouldBe(drawn);

        await page.ClickAsync("address-seed=2");
        page.Drawn<TrialTable>().ShouldBeGreaterThan(drawn);
    }

    [Fact]
    public async Task What_is_shown_stands_while_the_address_of_an_earlier_change_arrives()
    {
        var page = await _services.ShowAsync<Page>();

        await page.TypeAsync("where", "seed=0");
        await page.TypeAsync("where", "seed=0,1");
        await page.ClickAsync("address-seed=0");
        Numbers(await page.HtmlAsync()).ShouldBe("0 1");
        await page.ClickAsync("address-seed=0,1");
        Numbers(await page.HtmlAsync()).ShouldBe("0 1");

        // One that nobody here asked for: a link, or the browser's way back.
        await page.ClickAsync("address-seed=2");
        var html = await page.HtmlAsync();
        Numbers(html).ShouldBe("2");
        html.QuerySelector("#where")!.GetAttribute("value").ShouldBe("seed=2");
    }

    /// <summary>A page whose addresses arrive when its buttons are clicked.</summary>
    private sealed class Page : ComponentBase
    {
        private static readonly SweepRecord s_sweep = SomeRecords.Sweep();
        private string? _where;

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            foreach (var where in new[] { "seed=0", "seed=0,1", "seed=2" })
            {
                builder.OpenElement(0, "button");
                builder.AddAttribute(1, "id", $"address-{where}");
                builder.AddAttribute(
                    2,
                    "onclick",
                    EventCallback.Factory.Create<MouseEventArgs>(this, () => _where = where)
                );
                builder.CloseElement();
            }
            builder.OpenComponent<TrialTable>(3);
            builder.AddComponentParameter(4, "Sweep", s_sweep);
            builder.AddComponentParameter(5, "Trials", s_trials);
            builder.AddComponentParameter(6, "Columns", TrialColumns.Of(s_sweep, s_trials, Some.Time));
            builder.AddComponentParameter(7, "Shape", new TrialTableQuery(Where: _where));
            builder.CloseComponent();
        }
    }

    private string Address => _services.Address.Uri;

    private Task<Rendered> ShowAsync(TrialTableQuery? shape = null, IReadOnlyList<TrialRecord>? trials = null)
    {
        var sweep = SomeRecords.Sweep();
        trials ??= s_trials;
        return _services.ShowAsync<TrialTable>(
            ("Sweep", sweep),
            ("Trials", trials),
            ("Columns", TrialColumns.Of(sweep, trials, Some.Time)),
            ("Shape", shape ?? new())
        );
    }

    private static string Numbers(AngleSharp.Dom.IElement html) =>
        string.Join(' ', html.QuerySelectorAll("tbody td:nth-child(2) a").Select(a => a.TextContent.Trim()));
}
