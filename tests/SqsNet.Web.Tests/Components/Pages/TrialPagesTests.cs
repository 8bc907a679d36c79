using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Samplers;
using SqsNet.Web.Components.Pages;
using SqsNet.Web.Components.Trials;

namespace SqsNet.Web.Tests.Components.Pages;

public sealed class TrialPagesTests
{
    private static readonly string[] s_classes = ["neutral", "<b>joy</b>"];

    private static async Task<TrialRecord> TrialAsync(PageServices services, params TrialEvent[] events)
    {
        var sweep = await services.Store.AddSweepAsync(Some.Sweep(), 1, default);
        var trial = (await services.Store.AddTrialsAsync([Some.Trial(sweep)], default))[0];
        foreach (var happened in events)
            services.Get<IEventLog>().Append(trial.Id, happened);
        await services.Get<IEventLog>().FlushAsync(default);
        return trial;
    }

    private static ConfusionReported Confusion(int epoch, int hits) =>
        new(
            "val",
            epoch,
            s_classes,
            [
                [hits, 10 - hits],
                [1, 9],
            ]
        );

    private static MetricsReported Epoch(int epoch, double accuracy, bool best) =>
        new(MetricScope.Epoch, epoch * 10, epoch, new Dictionary<string, double> { ["val/accuracy"] = accuracy }, best);

    private static readonly QuadsChosen s_quads = new(
        "synthetic",
        [new InspectedQuad(3, 5, 7, 9, [0, 0, 1, 2]), new InspectedQuad(4, 6, 8, 10, [1, 1, 0, 3])]
    );

    [Fact]
    public async Task Unknown_trial_says_so()
    {
        await using var services = new PageServices();

        (await (await services.ShowAsync<TrialDetail>(("Id", 77L))).TextAsync()).ShouldContain("There is no trial 77");
        (await (await services.ShowAsync<TrialInspector>(("Id", 77L))).TextAsync()).ShouldContain(
            "There is no trial 77"
        );
    }

    [Fact]
    public async Task A_pruned_trial_says_why_it_was_tried_and_why_it_ended()
    {
        await using var services = new PageServices("http://localhost/trials/1");
        var sweep = await services.Store.AddSweepAsync(Some.Sweep(), 1, default);
        var reason = new ProposalReason("TPE: the largest l/g.", new Dictionary<string, double>());
        var trial = (await services.Store.AddTrialsAsync([Some.Trial(sweep) with { Reason = reason }], default))[0];
        services.Get<IEventLog>().Append(trial.Id, new PruningDecided(1, new(false, 0.5, 1, "Rung 0 <b>.", 0, 0.5)));
        services.Get<IEventLog>().Append(trial.Id, new PruningDecided(3, new(true, 0.6, 4, "Rung 1.", 1, 0.7)));
        services.Get<IEventLog>().Append(trial.Id, new StateChanged(TrialState.Pruned, 1, "Rung 1."));
        await services.Get<IEventLog>().FlushAsync(default);

        var page = await services.ShowAsync<TrialDetail>(("Id", trial.Id));

        var text = await page.TextAsync();
        text.ShouldContain("Why this point? TPE: the largest l/g.");
        text.ShouldContain("The pruner ended this trial. Rung 1.");
        text.ShouldContain("The pruner judged it 2 times");
        text.ShouldContain("goes on: Rung 0 <b>.");
        text.ShouldContain("70.00");
    }

    [Fact]
    public async Task Looks_at_the_test_split_are_counted_and_listed()
    {
        await using var services = new PageServices("http://localhost/trials/1");
        var trial = await TrialAsync(
            services,
            Epoch(1, 0.8, best: true),
            new TestLooked("trial", "last", 1, 1, 3137),
            new TestLooked("trial", "best", 1, 5, 3137)
        );

        var text = await (await services.ShowAsync<TrialDetail>(("Id", trial.Id))).TextAsync();

        text.ShouldContain("The test split was looked at 2 times");
        text.ShouldContain("3,137");
    }

    [Fact]
    public async Task Confusion_shows_counts_and_shares_of_the_best_epoch()
    {
        await using var services = new PageServices("http://localhost/trials/1?view=confusion");
        var trial = await TrialAsync(
            services,
            Epoch(1, 0.8, best: true),
            Confusion(1, hits: 8),
            Epoch(2, 0.5, best: false),
            Confusion(2, hits: 3)
        );

        var html = await (await services.ShowAsync<TrialDetail>(("Id", trial.Id))).HtmlAsync();

        var cells = html.QuerySelectorAll("td.cell");
        cells.Length.ShouldBe(4);
        cells[0].FirstChild!.TextContent.Trim().ShouldBe("8");
        cells[0].QuerySelector("small")!.TextContent.ShouldBe("80 %");
        string.Join(' ', cells[0].TextContent.Split('\n', StringSplitOptions.TrimEntries)).Trim().ShouldBe("8 80 %");
        html.QuerySelector("output")!.TextContent.ShouldContain("1 (best)");
        html.QuerySelectorAll("tbody th").Select(th => th.TextContent).ShouldContain("<b>joy</b>");
    }

    [Fact]
    public async Task Epoch_in_the_address_chooses_the_matrix()
    {
        await using var services = new PageServices("http://localhost/trials/1?view=confusion&epoch=2");
        var trial = await TrialAsync(services, Confusion(1, hits: 8), Confusion(2, hits: 3));

        var html = await (await services.ShowAsync<TrialDetail>(("Id", trial.Id))).HtmlAsync();

        html.QuerySelector("td.cell")!.TextContent.ShouldContain("3");
    }

    [Fact]
    public async Task Classes_are_judged_by_precision_recall_and_f1()
    {
        await using var services = new PageServices();
        var page = await services.ShowAsync<ClassTable>(("Confusion", Confusion(1, hits: 8)));

        var text = await page.TextAsync();

        text.ShouldContain("neutral 88.89 % 80.00 % 84.21 %"); // 8 of 9 taken for it, 8 of its 10
        text.ShouldContain("Accuracy 85.00 %");
    }

    [Fact]
    public async Task Log_shows_lines_as_text_and_files()
    {
        await using var services = new PageServices("http://localhost/trials/1?view=log");
        var trial = await TrialAsync(
            services,
            new Logged(LogSeverity.Warning, "<i>odd</i> face"),
            new ArtifactSaved("maps", 1, "maps/epoch-0001.maps", 2048)
        );

        var html = await (await services.ShowAsync<TrialDetail>(("Id", trial.Id))).HtmlAsync();

        html.QuerySelector("[role=log]")!.TextContent.ShouldContain("<i>odd</i> face");
        html.QuerySelector("a[download]")!.TextContent.ShouldBe("maps/epoch-0001.maps");
        html.QuerySelector("a[download]")!.GetAttribute("href").ShouldBe($"/api/trials/{trial.Id}/artifacts/2");
        html.TextContent.ShouldContain("2.0 KiB");
    }

    [Fact]
    public async Task Inspector_tells_the_browser_which_faces_maps_and_epoch_to_show()
    {
        await using var services = new PageServices(
            "http://localhost/trials/1/inspector?quad=1&opacity=30&blocky=True"
        );
        var trial = await TrialAsync(services, s_quads, new ArtifactSaved("maps", 4, "maps/epoch-0004.maps", 1));

        await services.ShowAsync<TrialInspector>(("Id", trial.Id));

        var call = services.Browser.Named("create").Single(c => c.Arguments[^1] is InspectorOptions);
        var options = (InspectorOptions)call.Arguments[^1]!;
        options.Maps.ShouldBe(Urls.Maps(trial.Id, 1));
        options.Epoch.ShouldBe(4);
        options.Opacity.ShouldBe(0.3);
        options.Smooth.ShouldBeFalse();
        options.Faces.Select(f => f.Role).ShouldBe(["A", "P", "N1", "N2"]);
        options.Faces.Select(f => f.Url).ShouldBe(new[] { 4, 6, 8, 10 }.Select(index => Urls.Face("synthetic", index)));
    }

    [Fact]
    public async Task Inspector_shows_another_quad_when_one_is_chosen_and_keeps_it_in_the_address()
    {
        await using var services = new PageServices("http://localhost/trials/1/inspector");
        var trial = await TrialAsync(services, s_quads, new ArtifactSaved("maps", 1, "maps/epoch-0001.maps", 1));
        var page = await services.ShowAsync<TrialInspector>(("Id", trial.Id));

        await page.ChangeAsync("quad", "1");

        services.Address.Uri.ShouldContain("quad=1");
        var shown = (InspectorOptions)services.Browser.Named("show").Last().Arguments[0]!;
        shown.Maps.ShouldBe(Urls.Maps(trial.Id, 1));
    }

    [Fact]
    public async Task Inspector_is_made_anew_for_another_trial_and_again_on_the_way_back()
    {
        await using var services = new PageServices("http://localhost/trials/1/inspector");
        var maps = new ArtifactSaved("maps", 1, "maps/epoch-0001.maps", 1);
        var first = (await TrialAsync(services, s_quads, maps)).Id;
        var second = (await TrialAsync(services, s_quads, maps)).Id;
        await using var page = await services.ShowAsync<InspectorRoute>(("Trials", new[] { first, second }));

        await page.ClickAsync($"trial-{second}");
        await page.ClickAsync($"trial-{first}");

        services
            .Browser.Named("create")
            .Select(call => call.Arguments[^1])
            .OfType<InspectorOptions>()
            .Select(options => options.Maps)
            .ShouldBe([Urls.Maps(first, 0), Urls.Maps(second, 0), Urls.Maps(first, 0)]);
    }

    [Fact]
    public async Task Inspector_of_a_trial_without_quads_yet_says_when_there_will_be_some()
    {
        await using var services = new PageServices();
        var trial = await TrialAsync(services);

        (await (await services.ShowAsync<TrialInspector>(("Id", trial.Id))).TextAsync()).ShouldContain("No quads yet");
    }

    /// <summary>The inspector as the router shows it: one page for whichever trial is asked for.</summary>
    private sealed class InspectorRoute : ComponentBase
    {
        private long? _asked;

        [Parameter]
        public IReadOnlyList<long> Trials { get; set; } = [];

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            foreach (var id in Trials)
            {
                builder.OpenElement(0, "button");
                builder.AddAttribute(1, "id", $"trial-{id}");
                builder.AddAttribute(
                    2,
                    "onclick",
                    EventCallback.Factory.Create<MouseEventArgs>(this, () => _asked = id)
                );
                builder.CloseElement();
            }
            builder.OpenComponent<TrialInspector>(3);
            builder.AddComponentParameter(4, "Id", _asked ?? Trials[0]);
            builder.CloseComponent();
        }
    }
}
