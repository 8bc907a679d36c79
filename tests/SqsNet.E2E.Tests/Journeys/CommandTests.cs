using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>What people ask of a sweep or a trial from its page.</summary>
public sealed class CommandTests(Theatre theatre) : BrowserTest(theatre)
{
    [Fact]
    public async Task A_sweep_is_paused_resumed_and_stopped_from_its_page()
    {
        var (sweep, trials) = await TrainAsync();
        await GoAsync($"/sweeps/{sweep}");

        await ClickAsync("Pause");
        await Assertions.Expect(State).ToHaveTextAsync("paused");
        await Dashboard.Api.WaitForStateAsync($"/api/trials/{trials[0]}", "paused");
        var step = await StepAsync(trials[0]);
        await Page.ReloadAsync(); // as long as a page takes to come, nothing trains
        await LiveAsync();
        (await StepAsync(trials[0])).ShouldBe(step);

        await ClickAsync("Resume");
        await Assertions.Expect(State).ToHaveTextAsync("running");
        await Dashboard.Api.WaitForStepAsync(trials[0], step + 1);

        await ClickAsync("Stop");
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(State).ToHaveTextAsync("running");
        await ClickAsync("Stop");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Stop the sweep" }).ClickAsync();

        await Assertions.Expect(State).ToHaveTextAsync("stopped");
        await Assertions.Expect(Page.Locator(".trial-table .sq-pill")).ToHaveTextAsync(["stopped", "stopped"]);
        await Assertions.Expect(Button("Stop")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_trial_is_paused_resumed_and_stopped_from_its_page_while_its_sweep_goes_on()
    {
        var (sweep, trials) = await TrainAsync();
        await GoAsync($"/trials/{trials[0]}");

        await ClickAsync("Pause");
        await Assertions.Expect(State).ToHaveTextAsync("paused");
        await Dashboard.Api.WaitForStepAsync(trials[1], 1); // its place goes to the next
        var step = await StepAsync(trials[0]);

        await ClickAsync("Resume");
        await Dashboard.Api.PostAsync($"/api/trials/{trials[1]}/stop");
        await Dashboard.Api.WaitForStepAsync(trials[0], step + 1);
        await Assertions.Expect(State).ToHaveTextAsync("running");

        await ClickAsync("Stop");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Stop the trial" }).ClickAsync();
        await Assertions.Expect(State).ToHaveTextAsync("stopped");
        await Dashboard.Api.WaitForStateAsync($"/api/sweeps/{sweep}", "completed");
    }

    [Fact]
    public async Task A_sweep_is_stopped_from_the_list_and_used_as_a_start_for_the_next()
    {
        var (sweep, _) = await TrainAsync();
        await GoAsync("/");
        var row = Page.GetByRole(AriaRole.Row).Filter(new() { Has = Page.Locator($"a[href='/sweeps/{sweep}']") });

        await row.GetByTitle("Stop").ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Stop the sweep" }).ClickAsync();
        await Assertions.Expect(row.Locator(".sq-pill")).ToHaveTextAsync("stopped");

        await row.GetByTitle("Start another sweep from this one").ClickAsync();
        await Assertions.Expect(Page.GetByLabel("Name")).ToHaveValueAsync("a sweep to command again");
        await Assertions.Expect(Page.GetByLabel("Faces per epoch")).ToHaveValueAsync("64");
    }

    private ILocator State => Page.Locator(".sq-head .sq-pill");

    private ILocator Button(string name) =>
        Page.Locator(".sq-head").GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private Task ClickAsync(string name) => Button(name).ClickAsync();

    private async Task<long> StepAsync(long trial) =>
        (long)(await Dashboard.Api.GetAsync($"/api/trials/{trial}"))["step"]!;

    /// <summary>Starts a sweep of two trials that would take long, and waits until the first one trains.</summary>
    private async Task<(long Sweep, IReadOnlyList<long> Trials)> TrainAsync()
    {
        var sweep = await Dashboard.Api.StartAsync(
            new(Theatre.Faces, Epochs: 500, Faces: 64, [0.5], [0, 1]) { Name = "a sweep to command" }
        );
        long[] trials = [.. (await Dashboard.Api.TrialsAsync(sweep)).Select(trial => (long)trial["id"]!)];
        await Dashboard.Api.WaitForStepAsync(trials[0], 1);
        return (sweep, trials);
    }
}
