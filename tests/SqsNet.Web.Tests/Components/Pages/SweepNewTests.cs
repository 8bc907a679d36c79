using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Pages;

namespace SqsNet.Web.Tests.Components.Pages;

public sealed class SweepNewTests
{
    private static Task SubmitAsync(Rendered page) =>
        page.FireAsync("onsubmit", "aria-label", "New sweep", EventArgs.Empty);

    [Fact]
    public async Task Defaults_can_be_launched_and_lead_to_the_new_sweep()
    {
        await using var services = new PageServices();
        var page = await services.ShowAsync<SweepNew>();

        await page.TypeAsync("f-name", "from the form");
        await SubmitAsync(page);

        var sweep = (await services.Store.ListSweepsAsync(default)).ShouldHaveSingleItem();
        sweep.Spec.Name.ShouldBe("from the form");
        services.Address.Uri.ShouldEndWith(Urls.Sweep(sweep.Id));
    }

    [Fact(Timeout = 60_000)]
    public async Task Number_of_trials_follows_what_varies()
    {
        await using var services = new PageServices();
        var page = await services.ShowAsync<SweepNew>();

        await page.ClickAsync("f-sqs-tau-kind-List");
        await page.TypeAsync("f-sqs-tau-values", "0.1, 0.5, 2");
        await page.TypeAsync("f-seeds", "0-1");

        var html = await page.WaitAsync(h => h.QuerySelector("[data-testid=trials]")!.TextContent == "8");
        // The defaults and three values, with two seeds each.
        html.QuerySelector("[data-testid=time]")!.TextContent.ShouldStartWith("about");
    }

    [Fact]
    public async Task Problem_is_shown_at_its_field_and_stops_the_launch()
    {
        await using var services = new PageServices();
        var page = await services.ShowAsync<SweepNew>();

        await page.TypeAsync("f-sqs-tau", "-1");
        await SubmitAsync(page);

        var html = await page.HtmlAsync();
        var field = html.QuerySelector("#f-sqs-tau")!;
        field.GetAttribute("aria-invalid").ShouldBe("true");
        html.QuerySelector("#f-sqs-tau-own-errors")!.TextContent.ShouldContain("-1");
        field.GetAttribute("aria-describedby")!.ShouldContain("f-sqs-tau-own-errors");
        html.QuerySelector("button[type=submit]")!.HasAttribute("disabled").ShouldBeTrue();
        (await services.Store.ListSweepsAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pruner_brings_the_options_of_its_rule_and_takes_those_of_another_away()
    {
        await using var services = new PageServices();
        var page = await services.ShowAsync<SweepNew>();
        Task ChooseAsync(string id, string value) =>
            page.FireAsync("onchange", "id", id, new ChangeEventArgs { Value = value });

        await ChooseAsync("f-pruner-kind", "percentile");
        await page.TypeAsync("f-pruner-percentile", "120");

        var html = await page.HtmlAsync();
        html.QuerySelector("#f-pruner-percentile")!.GetAttribute("aria-invalid").ShouldBe("true");
        html.QuerySelector("#f-pruner-startTrials").ShouldNotBeNull();

        await ChooseAsync("f-pruner-kind", "hyperband");

        html = await page.HtmlAsync();
        html.QuerySelector("#f-pruner-percentile").ShouldBeNull();
        html.QuerySelector("#f-pruner-factor")!.GetAttribute("placeholder").ShouldBe("3");
        html.QuerySelector("#f-strategy-seed").ShouldNotBeNull();
        await SubmitAsync(page);
        (await services.Store.ListSweepsAsync(default))
            .ShouldHaveSingleItem()
            .Spec.Pruner.ShouldBe(new PrunerSpec { Kind = PrunerKind.Hyperband });
    }

    [Fact]
    public async Task A_race_is_switched_on_with_its_level_and_takes_at_most_every_seed()
    {
        await using var services = new PageServices();
        var page = await services.ShowAsync<SweepNew>();
        (await page.HtmlAsync()).QuerySelector("#f-racing-level").ShouldBeNull();

        await page.FireAsync("onchange", "id", "f-racing", new ChangeEventArgs { Value = true });
        await page.TypeAsync("f-racing-level", "0.05");

        (await page.HtmlAsync()).TextContent.ShouldContain("Trials, at most");
        await SubmitAsync(page);
        (await services.Store.ListSweepsAsync(default))
            .ShouldHaveSingleItem()
            .Spec.Racing.ShouldBe(new RacingSpec { Level = 0.05 });
    }

    [Fact]
    public async Task A_strategy_that_goes_on_asks_for_how_many_as_soon_as_it_is_chosen()
    {
        await using var services = new PageServices();
        var page = await services.ShowAsync<SweepNew>();

        await page.FireAsync("onchange", "id", "f-strategy-kind", new ChangeEventArgs { Value = "gp" });

        var html = await page.HtmlAsync();
        html.QuerySelector("#f-strategy-trials")!.GetAttribute("value").ShouldBe("20");
        html.QuerySelector("#f-strategy-kind-hint")!.TextContent.ShouldStartWith("Configurations from the varied");
    }

    [Fact]
    public async Task Every_problem_is_listed_with_a_link_to_its_field()
    {
        await using var services = new PageServices();
        var page = await services.ShowAsync<SweepNew>();

        await page.TypeAsync("f-sqs-tau", "x");
        await page.TypeAsync("f-training-epochs", "0");
        await page.TypeAsync("f-sqs-tau", "-2");

        var links = (await page.HtmlAsync())
            .QuerySelectorAll(".problems a")
            .Select(a => a.GetAttribute("href"))
            .ToList();
        links.ShouldContain("http://localhost/#f-sqs-tau");
        links.ShouldContain("http://localhost/#f-training-epochs");
    }

    [Fact]
    public async Task Pasted_json_fills_the_fields()
    {
        await using var services = new PageServices();
        var page = await services.ShowAsync<SweepNew>();

        await page.ChangeAsync("json", """{ "name": "pasted", "sqs": { "tau": 0.25 } }""");

        var html = await page.HtmlAsync();
        html.QuerySelector("#f-name")!.GetAttribute("value").ShouldBe("pasted");
        html.QuerySelector("#f-sqs-tau")!.GetAttribute("value").ShouldBe("0.25");
    }

    [Fact]
    public async Task Pasted_text_that_is_no_json_stays_to_be_mended()
    {
        await using var services = new PageServices();
        var page = await services.ShowAsync<SweepNew>();

        await page.ChangeAsync("json", "{ \"name\": ");

        var json = (await page.HtmlAsync()).QuerySelector("#json")!;
        json.GetAttribute("aria-invalid").ShouldBe("true");
        (await page.HtmlAsync()).QuerySelector("#f-name")!.GetAttribute("value").ShouldBe("untitled");
    }

    [Fact]
    public async Task Earlier_sweep_can_be_the_start()
    {
        await using var services = new PageServices("http://localhost/sweeps/new?from=1");
        await services.Store.AddSweepAsync(Some.Sweep("first") with { Sqs = new() { Tau = 0.75 } }, 1, default);

        var html = await (await services.ShowAsync<SweepNew>()).HtmlAsync();

        html.QuerySelector("#f-name")!.GetAttribute("value").ShouldBe("first again");
        html.QuerySelector("#f-sqs-tau")!.GetAttribute("value").ShouldBe("0.75");
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_described_is_kept_in_the_tab_until_it_is_launched()
    {
        await using var services = new PageServices("http://localhost/sweeps/new?from=7#f-name");
        var page = await services.ShowAsync<SweepNew>();
        Task<string?> KeptAsync() =>
            page.Dispatcher.InvokeAsync(() => services.Browser.Named("keep").LastOrDefault()?.Arguments[0] as string);

        await page.TypeAsync("f-name", "half described");
        string? kept;
        while ((kept = await KeptAsync()) is null)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        await SubmitAsync(page);

        kept.ShouldContain("half described");
        services.Browser.Named("create").Select(call => call.Arguments[0]).ShouldContain("sweeps/new?from=7");
        var calls = services.Browser.Calls.Select(call => call.Name).ToList();
        calls.LastIndexOf("forget").ShouldBeGreaterThan(calls.LastIndexOf("keep"));
    }

    [Fact]
    public async Task What_was_kept_in_the_tab_comes_back_and_goes_when_people_start_afresh()
    {
        await using var services = new PageServices("http://localhost/sweeps/new");
        services.Browser.Answers["read"] = """{ "name": "half described", "sqs": { "tau": 0.25 } }""";

        var page = await services.ShowAsync<SweepNew>();

        var html = await page.HtmlAsync();
        html.QuerySelector("#f-name")!.GetAttribute("value").ShouldBe("half described");
        html.QuerySelector("#f-sqs-tau")!.GetAttribute("value").ShouldBe("0.25");

        services.Browser.Answers.Clear();
        await page.ClickAsync("afresh");

        html = await page.HtmlAsync();
        html.QuerySelector("#f-name")!.GetAttribute("value").ShouldBe("untitled");
        html.QuerySelector("#afresh").ShouldBeNull();
        services.Browser.Named("forget").ShouldNotBeEmpty();
    }
}
