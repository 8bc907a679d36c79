using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>Two configurations side by side.</summary>
public sealed class CompareTests(Theatre theatre) : BrowserTest(theatre)
{
    [Fact]
    public async Task Two_configurations_that_were_chosen_are_compared_and_their_differences_are_those_of_their_trials()
    {
        var trained = await Theatre.TrainedAsync();
        await GoAsync($"/sweeps/{trained.Sweep}");
        await Page.Locator("#choose-all").CheckAsync();
        await Page.Locator("#compare-chosen").ClickAsync();

        await Assertions
            .Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Metrics at the best epoch" }))
            .ToBeVisibleAsync();
        var values = new List<double>();
        foreach (var trial in trained.Trials)
            values.Add((double)(await Dashboard.Api.GetAsync($"/api/trials/{trial}"))["best"]!["val/accuracy"]!);
        var difference = 100 * ((values[0] + values[1] - values[2] - values[3]) / 2);
        var shown = Signed(difference);
        var row = Page.GetByRole(AriaRole.Row)
            .Filter(new() { Has = Page.GetByRole(AriaRole.Rowheader, new() { Name = "val/accuracy", Exact = true }) });
        await Assertions.Expect(row.Locator("td").Nth(2)).ToContainTextAsync(shown);
        await Assertions
            .Expect(Page.Locator("section[aria-labelledby=settings] tbody tr"))
            .ToHaveTextAsync([new Regex("sqs.tau.*0.5.*1", RegexOptions.Singleline, TimeSpan.FromSeconds(1))]);
        await Assertions.Expect(Page.Locator("section[aria-labelledby=confusion] tbody tr")).ToHaveCountAsync(7);
        await PictureAsync("compare");

        await Page.Locator("#swap").ClickAsync();
        await Assertions.Expect(row.Locator("td").Nth(2)).ToContainTextAsync(Signed(-difference));
    }

    [Fact]
    public async Task Sides_are_chosen_on_the_page_itself()
    {
        var trained = await Theatre.TrainedAsync();
        await GoAsync("/compare");
        foreach (var (side, trials) in new[] { ("A", trained.Trials.Take(2)), ("B", trained.Trials.Skip(2)) })
        {
            await Page.Locator($"#sweep-{side}").SelectOptionAsync($"{trained.Sweep}");
            var ids = trials.ToList();
            await Page.Locator($"#group-{side}").SelectOptionAsync($"{ids[0]}-{ids[1]}");
        }

        await Assertions
            .Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Metrics at the best epoch" }))
            .ToBeVisibleAsync();
        await AddressHoldsAsync($"a={trained.Trials[0]}-{trained.Trials[1]}");
        await AddressHoldsAsync($"b={trained.Trials[2]}-{trained.Trials[3]}");
    }

    private static string Signed(double points)
    {
        var text = Math.Abs(points).ToString("F2", CultureInfo.InvariantCulture);
        return text == "0.00" ? text : $"{(points < 0 ? '−' : '+')}{text}";
    }
}
