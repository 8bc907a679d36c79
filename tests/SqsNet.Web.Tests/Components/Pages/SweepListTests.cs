using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Pages;

namespace SqsNet.Web.Tests.Components.Pages;

public sealed class SweepListTests
{
    private const string Hostile = "<script>alert(1)</script> \"&";

    [Fact]
    public async Task Empty_store_invites_to_the_demo_and_to_a_new_sweep()
    {
        await using var services = new PageServices();

        var html = await (await services.ShowAsync<SweepList>()).HtmlAsync();

        html.TextContent.ShouldContain("No sweeps yet");
        html.QuerySelectorAll("a").Select(a => a.GetAttribute("href")).ShouldContain(Urls.NewSweepPreset("demo"));
    }

    [Fact]
    public async Task Names_and_tags_are_shown_as_text()
    {
        await using var services = new PageServices();
        await services.Store.AddSweepAsync(Some.Sweep(Hostile) with { Tags = [Hostile] }, 1, default);

        var html = await (await services.ShowAsync<SweepList>()).HtmlAsync();

        html.QuerySelector("script").ShouldBeNull();
        html.QuerySelector("tbody th a")!.TextContent.ShouldBe(Hostile);
        html.QuerySelector("tbody th span")!.TextContent.ShouldContain(Hostile);
    }

    [Fact]
    public async Task Words_in_the_address_choose_sweeps()
    {
        await using var services = new PageServices("http://localhost/?q=LAMBDA");
        await services.Store.AddSweepAsync(Some.Sweep("tau"), 1, default);
        await services.Store.AddSweepAsync(Some.Sweep("margin") with { Tags = ["lambda"] }, 1, default);

        var html = await (await services.ShowAsync<SweepList>()).HtmlAsync();

        html.QuerySelectorAll("tbody th a").Select(a => a.TextContent).ShouldBe(["margin"]);
    }

    [Fact]
    public async Task Typing_words_puts_them_into_the_address()
    {
        await using var services = new PageServices();
        await services.Store.AddSweepAsync(Some.Sweep("tau"), 1, default);
        var page = await services.ShowAsync<SweepList>();

        await page.TypeAsync("find", "zzz");

        services.Address.Uri.ShouldEndWith("?q=zzz");
        (await page.TextAsync()).ShouldContain("Nothing found");
    }

    [Fact]
    public async Task Best_value_leads_to_its_trial()
    {
        await using var services = new PageServices();
        var sweep = await services.Store.AddSweepAsync(Some.Sweep(), 2, default);
        var trials = await services.Store.AddTrialsAsync([Some.Trial(sweep, 0), Some.Trial(sweep, 1)], default);
        var log = services.Get<IEventLog>();
        foreach (var (trial, accuracy) in trials.Zip([0.5, 0.7]))
            log.Append(
                trial.Id,
                new MetricsReported(
                    MetricScope.Epoch,
                    10,
                    1,
                    new Dictionary<string, double> { ["val/accuracy"] = accuracy },
                    IsBest: true
                )
            );
        await log.FlushAsync(default);

        var html = await (await services.ShowAsync<SweepList>()).HtmlAsync();

        html.QuerySelector($"a[href='{Urls.Trial(trials[1].Id)}']")!.TextContent.ShouldBe("70.00 %");
    }

    [Fact(Timeout = 60_000)]
    public async Task Change_in_the_store_is_shown_without_being_asked()
    {
        await using var services = new PageServices();
        var page = await services.ShowAsync<SweepList>();

        await services.Store.AddSweepAsync(Some.Sweep("just made"), 1, default);

        await page.WaitAsync(html => html.TextContent.Contains("just made"));
    }
}
