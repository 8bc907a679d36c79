using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>What breaks in the middle of a trial must neither lose nor double a point of its curves.</summary>
public sealed class InterruptionTests(Theatre theatre) : BrowserTest(theatre)
{
    private const string Metric = "train/loss";
    private const int StepsPerEpoch = 4;

    protected override bool MayComplain => true; // about the connection that is cut

    [Fact]
    public async Task After_a_reload_in_the_middle_of_a_trial_the_curve_is_the_same_and_goes_on()
    {
        var (sweep, trial) = await TrainAsync(Dashboard, epochs: 500);
        await GoAsync($"/trials/{trial}");
        await Chart.WaitForPointsAsync(2 * StepsPerEpoch);
        var before = await Chart.CurveAsync(trial, Metric);

        await Page.ReloadAsync();
        await LiveAsync();

        await Chart.WaitForPointsAsync(before.Steps.Count + 2 * StepsPerEpoch);
        var after = await Chart.CurveAsync(trial, Metric);
        after.Points.Take(before.Steps.Count).ShouldBe(before.Points);
        await StopAndCompareAsync(sweep, trial);
    }

    [Fact]
    public async Task A_cut_connection_is_told_of_and_when_it_is_mended_the_curve_goes_on_without_a_reload()
    {
        await using var wire = new CuttableConnection(Dashboard.Address);
        var (sweep, trial) = await TrainAsync(Dashboard, epochs: 500);
        await LogInAsync(wire.Through(Dashboard.Link));
        await GoAsync($"/trials/{trial}");
        await Chart.WaitForPointsAsync(2 * StepsPerEpoch);
        await Page.EvaluateAsync("window.neverReloaded = true");

        wire.Cut();

        await Assertions.Expect(Page.Locator(".live-status")).ToHaveTextAsync("Reconnecting …");
        await Assertions.Expect(Page.GetByText("The connection to the server is lost.")).ToBeVisibleAsync();
        await WindowPictureAsync("reconnecting");
        var missed = (await Chart.CurveAsync(trial, Metric)).Steps[^1] + 2 * StepsPerEpoch;
        await Dashboard.Api.WaitForStepAsync(trial, missed);

        wire.Mend();

        await Assertions.Expect(Page.Locator(".live-status")).ToHaveTextAsync("Live");
        await Assertions.Expect(Page.GetByText("The connection to the server is lost.")).ToBeHiddenAsync();
        await Chart.WaitForPointsAsync((int)missed + StepsPerEpoch);
        (await Page.EvaluateAsync<bool>("window.neverReloaded === true")).ShouldBeTrue();
        await StopAndCompareAsync(sweep, trial);
    }

    [Fact]
    public async Task A_killed_server_goes_on_with_the_trial_and_the_open_page_comes_back_by_itself()
    {
        const int epochs = 15;
        await using var own = await Dashboard.StartNewAsync();
        await own.Api.DrawFacesAsync(Theatre.Faces, train: 140, validation: 42, test: 42);
        var (_, trial) = await TrainAsync(own, epochs);
        await LogInAsync(own.Link);
        await GoAsync($"/trials/{trial}");
        await Chart.WaitForPointsAsync(3 * StepsPerEpoch);
        await own.Api.WaitAsync("an epoch ends", $"/api/trials/{trial}", t => (int)t["epoch"]! >= 2);

        await own.KillAsync();
        await Assertions.Expect(Page.GetByText("The connection to the server is lost.")).ToBeVisibleAsync();
        await own.StartAsync();

        await Assertions.Expect(Page.Locator(".sq-sub").First).ToContainTextAsync("attempt 2");
        await Assertions
            .Expect(Page.Locator(".sq-head .sq-pill"))
            .ToHaveTextAsync("completed", new() { Timeout = (float)Training.TotalMilliseconds });
        await Chart.WaitForPointsAsync(epochs * (StepsPerEpoch + 1)); // and the validations
        var curve = await Chart.CurveAsync(trial, Metric);
        curve.Steps.ShouldBe(Enumerable.Range(1, epochs * StepsPerEpoch).Select(step => (long)step));
        curve.Points.ShouldBe(await own.Api.SeriesAsync(trial, Metric));
        ((int)(await own.Api.GetAsync($"/api/trials/{trial}"))["attempts"]!).ShouldBe(2);
    }

    [Fact]
    public async Task A_file_of_points_that_cannot_be_read_is_refused_in_words()
    {
        var trial = (await Theatre.TrainedAsync()).Trials[0];
        await GoAsync($"/trials/{trial}");
        await Chart.WaitForPointsAsync(24 + 4);
        var files = 0;
        Page.Download += (_, _) => files++;
        await Page.RouteAsync("**/api/series?**", route => route.FulfillAsync(new() { Status = 503 }));

        await Chart.Figure.GetByText("Export").ClickAsync();
        await Chart.Figure.GetByRole(AriaRole.Button, new() { Name = "CSV" }).ClickAsync();

        await Assertions
            .Expect(Chart.Figure.GetByRole(AriaRole.Alert))
            .ToHaveTextAsync("The points could not be read: The server answered 503.");
        files.ShouldBe(0);
    }

    private Chart Chart => new(Page, "Loss");

    /// <summary>Starts a sweep of one trial, and waits until it trains.</summary>
    private static async Task<(long Sweep, long Trial)> TrainAsync(Dashboard dashboard, int epochs)
    {
        var sweep = await dashboard.Api.StartAsync(
            new(Theatre.Faces, epochs, Faces: 16 * StepsPerEpoch, [0.5], [0]) { Name = "a trial to interrupt" }
        );
        var trial = (long)(await dashboard.Api.TrialsAsync(sweep))[0]["id"]!;
        await dashboard.Api.WaitForStepAsync(trial, 1);
        return (sweep, trial);
    }

    private async Task StopAndCompareAsync(long sweep, long trial)
    {
        await Dashboard.Api.PostAsync($"/api/sweeps/{sweep}/stop");
        await Dashboard.Api.WaitForStateAsync($"/api/trials/{trial}", "stopped");
        await Assertions.Expect(Page.Locator(".sq-head .sq-pill")).ToHaveTextAsync("stopped");
        var stored = await Dashboard.Api.SeriesAsync(trial, Metric);
        var validated = await Dashboard.Api.SeriesAsync(trial, "val/loss");
        await Chart.WaitForPointsAsync(stored.Count + validated.Count);
        var curve = await Chart.CurveAsync(trial, Metric);
        curve.Points.ShouldBe(stored);
        curve.Steps.ShouldBe(Enumerable.Range(1, stored.Count).Select(step => (long)step));
    }
}
