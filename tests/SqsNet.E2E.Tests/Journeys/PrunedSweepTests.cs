using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

public sealed partial class PrunedSweepTests(Theatre theatre) : BrowserTest(theatre)
{
    [Fact]
    public async Task A_pruner_is_chosen_in_the_form_and_a_trial_that_it_ended_says_why()
    {
        await GoAsync("/sweeps/new");
        await DescribeAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Launch the sweep" }).ClickAsync();
        await Assertions.Expect(Page).ToHaveURLAsync(SweepAddress());
        var sweep = long.Parse(SweepAddress().Match(Page.Url).Groups["id"].Value);
        await Assertions
            .Expect(Page.Locator(".sq-head .sq-pill"))
            .ToHaveTextAsync("completed", new() { Timeout = (float)Training.TotalMilliseconds });

        // Of six trials that come to the rung one after the other, at most one in four goes on, but for a new best one.
        var trials = await Dashboard.Api.TrialsAsync(sweep);
        var pruned = trials.Where(trial => (string)trial["state"]! == "pruned").ToList();
        pruned.ShouldNotBeEmpty();
        trials.Count(trial => (string)trial["state"]! == "completed").ShouldBe(trials.Count - pruned.Count);
        pruned.ShouldAllBe(trial => (int)trial["epoch"]! == 1, "each was ended at its first rung");
        await Assertions
            .Expect(Page.Locator(".sq-pill", new() { HasTextString = "pruned" }))
            .ToHaveCountAsync(pruned.Count);

        await Page.Locator($"main a[href='/trials/{(long)pruned[0]["id"]!}']").First.ClickAsync();

        await ReadWhyAsync((long)pruned[0]["id"]!, (string)pruned[0]["message"]!);
        await PictureAsync("trial-pruned");
    }

    private async Task ReadWhyAsync(long trial, string message)
    {
        await Assertions.Expect(Page.Locator("main")).ToContainTextAsync($"The pruner ended this trial. {message}");
        var decided = (await Dashboard.Api.GetAsync($"/api/trials/{trial}/pruning")).AsArray();
        decided.Count.ShouldBe(1);
        var rows = Page.GetByRole(AriaRole.Group, new() { Name = "Decisions of the pruner" }).Locator("tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await Assertions.Expect(rows.First).ToBeVisibleAsync(); // open, where it ended the trial
        await Assertions.Expect(rows.First).ToContainTextAsync($"ended: {(string)decided[0]!["text"]!}");
        await Assertions.Expect(Page.Locator("main")).ToContainTextAsync("Why this point?");
    }

    private async Task DescribeAsync()
    {
        await Field("name").FillAsync("a pruned sweep");
        await Field("dataset").SelectOptionAsync("synthetic");
        await Field("model.name").SelectOptionAsync("sqsnet-tiny");
        await Field("training.epochs").FillAsync("2");
        await Field("training.facesPerEpoch").FillAsync("64");
        await Field("training.batchSize").FillAsync("16");
        await Field("strategy.kind").SelectOptionAsync("grid");
        await Field("seeds").FillAsync("0-5");
        await Field("objective.metric").SelectOptionAsync("val/loss"); // no two trials have the same
        await Field("pruner.kind").SelectOptionAsync("successiveHalving");
        await Field("pruner.factor").FillAsync("4");
    }

    private ILocator Field(string path) => Page.Locator($"#f-{path.Replace('.', '-')}");

    [GeneratedRegex(@"/sweeps/(?<id>\d+)(?:\?|$)", RegexOptions.None, 1000)]
    private static partial Regex SweepAddress();
}
