using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

public sealed partial class NewSweepTests(Theatre theatre) : BrowserTest(theatre)
{
    private const string Metric = "train/loss";

    [Fact]
    public async Task A_sweep_is_described_in_the_form_launched_and_watched_until_its_last_trial()
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = "New sweep" }).First.ClickAsync();
        await DescribeAsync();
        await Assertions.Expect(Page.GetByTestId("trials")).ToHaveTextAsync("4");
        await Assertions.Expect(Page.GetByTestId("time")).ToContainTextAsync("about");
        await PictureAsync("new-sweep");

        await LaunchButton.ClickAsync();

        await Assertions.Expect(Page).ToHaveURLAsync(SweepAddress());
        var sweep = long.Parse(SweepAddress().Match(Page.Url).Groups["id"].Value);
        await Page.EvaluateAsync("window.neverReloaded = true");
        await WatchTheCurvesGrowAsync();
        await WatchTheNumbersComeAsync();
        await PictureAsync("sweep-live");
        (await Page.EvaluateAsync<bool>("window.neverReloaded === true")).ShouldBeTrue();

        await Assertions
            .Expect(Page.Locator(".sq-head .sq-pill"))
            .ToHaveTextAsync("completed", new() { Timeout = Long });
        await Assertions.Expect(Stat("Time left")).ToHaveTextAsync("ended");
        foreach (var trial in await Dashboard.Api.TrialsAsync(sweep))
            await CompareAsync((long)trial["id"]!);
        await PictureAsync("sweep");
    }

    [Theory]
    [InlineData("sqs.tau", "0", "f-sqs-tau-own-errors")]
    [InlineData("sqs.tau", "warm", "f-sqs-tau-own-errors")]
    [InlineData("training.epochs", "0", "f-training-epochs-errors")]
    [InlineData("training.facesPerEpoch", "-4", "f-training-facesPerEpoch-errors")]
    [InlineData("seeds", "", "f-seeds-errors")]
    [InlineData("name", "", "f-name-errors")]
    public async Task A_wrong_value_is_named_at_its_field_and_cannot_be_launched(
        string path,
        string value,
        string notes
    )
    {
        await GoAsync("/sweeps/new");
        var field = Field(path);

        await field.FillAsync(value);

        await Assertions.Expect(Page.Locator($"#{notes}")).ToBeVisibleAsync();
        await Assertions.Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        (await field.GetAttributeAsync("aria-describedby")).ShouldNotBeNull().ShouldContain(notes);
        await Assertions.Expect(LaunchButton).ToBeDisabledAsync();
        await Assertions.Expect(Page.Locator("aside.launch")).ToContainTextAsync("to mend first");
    }

    [Theory]
    [InlineData("")]
    [InlineData("0.5, 0")]
    [InlineData("0.5, high")]
    public async Task A_wrong_list_of_values_is_named_at_its_field_and_the_link_beside_the_button_leads_there(
        string list
    )
    {
        await GoAsync("/sweeps/new");
        await Page.Locator("#f-sqs-tau-kind-List").ClickAsync();
        var values = Page.GetByLabel("Values of Temperature");

        await values.FillAsync(list);

        await Assertions.Expect(Page.Locator("#f-sqs-tau-errors")).ToBeVisibleAsync();
        await Assertions.Expect(values).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(LaunchButton).ToBeDisabledAsync();
        await Page.Locator("aside.launch .problems a").First.ClickAsync();
        await Assertions.Expect(Field("sqs.tau")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task A_half_described_sweep_comes_back_with_its_page_until_it_is_launched_or_started_afresh()
    {
        var sweep = (await Theatre.TrainedAsync()).Sweep;
        var afresh = Page.GetByRole(AriaRole.Button, new() { Name = "Start afresh" });
        await GoAsync("/sweeps/new");
        await HalfDescribeAsync();

        await Page.ReloadAsync();
        await LiveAsync();
        await Assertions.Expect(Field("name")).ToHaveValueAsync("half described");
        await Assertions.Expect(Field("training.facesPerEpoch")).ToHaveValueAsync("64");
        await Assertions.Expect(afresh).ToBeVisibleAsync();

        await GoAsync($"/sweeps/new?from={sweep}"); // asks for something else
        await Assertions.Expect(Field("name")).ToHaveValueAsync("temperature of tiny faces again");
        await Assertions.Expect(afresh).ToHaveCountAsync(0);

        await GoAsync("/sweeps/new");
        await afresh.ClickAsync();
        await Assertions.Expect(Field("name")).ToHaveValueAsync("untitled");
        await Assertions.Expect(afresh).ToHaveCountAsync(0);
        (await Page.EvaluateAsync<string?>(Draft)).ShouldBeNull();

        await HalfDescribeAsync();
        await LaunchButton.ClickAsync();
        await Assertions.Expect(Page).ToHaveURLAsync(SweepAddress());
        (await Page.EvaluateAsync<string?>(Draft)).ShouldBeNull();
        var launched = SweepAddress().Match(Page.Url).Groups["id"].Value;
        await Dashboard.Api.PostAsync($"/api/sweeps/{launched}/stop");
    }

    private const string Draft = "sessionStorage.getItem('sqsnet-draft sweeps/new')";

    private static float Long => (float)Training.TotalMilliseconds;

    private ILocator LaunchButton => Page.GetByRole(AriaRole.Button, new() { Name = "Launch the sweep" });

    private ILocator Field(string path) => Page.Locator($"#f-{path.Replace('.', '-')}");

    private ILocator Stat(string name) =>
        Page.Locator(".sq-stats > div").Filter(new() { HasText = name }).Locator("dd");

    /// <summary>Describes some of a sweep, and waits until the tab keeps it.</summary>
    private async Task HalfDescribeAsync()
    {
        await Field("dataset").SelectOptionAsync(Theatre.Faces);
        await Field("name").FillAsync("half described");
        await Field("training.facesPerEpoch").FillAsync("64");
        await Page.WaitForFunctionAsync($"() => JSON.parse({Draft})?.training.facesPerEpoch === 64");
    }

    private async Task DescribeAsync()
    {
        await Field("name").FillAsync("does the temperature matter?");
        await Field("dataset").SelectOptionAsync("synthetic");
        await Field("model.name").SelectOptionAsync("sqsnet-tiny");
        await Page.Locator("#f-sqs-tau-kind-List").ClickAsync();
        await Page.GetByLabel("Values of Temperature").FillAsync("0.5, 1");
        await Field("training.epochs").FillAsync("2");
        await Field("training.facesPerEpoch").FillAsync("96");
        await Field("training.batchSize").FillAsync("16");
        await Field("strategy.kind").SelectOptionAsync("grid");
        await Field("seeds").FillAsync("0, 1");
    }

    private async Task WatchTheCurvesGrowAsync()
    {
        await Page.Locator("#metric").SelectOptionAsync(Metric, new() { Timeout = Long }); // once it is reported
        var chart = new Chart(Page, Metric);
        await chart.WaitForPointsAsync(3);
        var (points, pixels) = (await chart.DrawnPointsAsync(), await chart.PixelsAsync());
        pixels.ShouldBeGreaterThan(20, "a line is drawn in its colour");
        await chart.WaitForPointsAsync(points + 8);
        (await chart.PixelsAsync()).ShouldBeGreaterThan(20);
    }

    private async Task WatchTheNumbersComeAsync()
    {
        await Assertions.Expect(Stat("Trials ended")).ToHaveTextAsync(TwoOfFour(), new() { Timeout = Long });
        await Assertions.Expect(Stat("Time left")).ToHaveTextAsync(Duration());
        await Assertions
            .Expect(Page.GetByRole(AriaRole.Progressbar, new() { Name = "Progress of the sweep" }))
            .ToHaveAttributeAsync("aria-valuenow", Percent());
        var configuration = Page.GetByRole(AriaRole.Region, new() { Name = "Configurations over seeds" })
            .GetByRole(AriaRole.Row)
            .Filter(new() { HasText = "τ = 0.5" });
        await Assertions.Expect(configuration).ToContainTextAsync(MeanAndDeviation());
        var trials = Page.Locator(".trial-table tbody tr");
        await Assertions.Expect(trials).ToHaveCountAsync(4);
        await Assertions.Expect(trials.First).ToContainTextAsync("completed");
    }

    private async Task CompareAsync(long trial)
    {
        var curve = await new Chart(Page, Metric).CurveAsync(trial, Metric);
        curve.Points.ShouldBe(await Dashboard.Api.SeriesAsync(trial, Metric));
        curve.Drawn.ShouldBe(curve.Steps.Count);
        curve.Steps.ShouldBe(curve.Steps.Distinct().Order());
    }

    // The browser evaluates these: no options that JavaScript lacks.
    [GeneratedRegex(@"/sweeps/(?<id>\d+)(?:\?|$)", RegexOptions.None, 1000)]
    private static partial Regex SweepAddress();

    [GeneratedRegex(@"^2 of 4", RegexOptions.None, 1000)]
    private static partial Regex TwoOfFour();

    [GeneratedRegex(@"^\d+ (?:s|min|h)", RegexOptions.None, 1000)]
    private static partial Regex Duration();

    [GeneratedRegex(@"^[1-9]\d?$", RegexOptions.None, 1000)]
    private static partial Regex Percent();

    [GeneratedRegex(@"\d+\.\d\d % ± \d+\.\d\d %", RegexOptions.None, 1000)]
    private static partial Regex MeanAndDeviation();
}
