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

    [Fact]
    public async Task A_finished_sweep_is_extended_by_a_seed_and_by_epochs_and_trains_on_by_itself()
    {
        var sweep = await Dashboard.Api.StartAsync(
            new(Theatre.Faces, Epochs: 1, Faces: 32, [0.5], [0]) { Name = "a sweep to extend" }
        );
        await Dashboard.Api.WaitForStateAsync($"/api/sweeps/{sweep}", "completed");
        await GoAsync($"/sweeps/{sweep}");

        await ClickAsync("Extend");
        var dialog = Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Further seeds").FillAsync("0");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Extend the sweep" }).ClickAsync();
        await Assertions.Expect(dialog.Locator("#extend-seeds-errors")).ToContainTextAsync("0");
        await dialog.GetByLabel("Further seeds").FillAsync("1");
        await dialog.GetByLabel("Epochs of each trial").FillAsync("2");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Extend the sweep" }).ClickAsync();

        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await Assertions
            .Expect(Page.Locator(".trial-table .sq-pill"))
            .ToHaveTextAsync(["completed", "completed"], new() { Timeout = (float)Training.TotalMilliseconds });
        var trials = await Dashboard.Api.TrialsAsync(sweep);
        trials.Select(trial => (int)trial["seed"]!).ShouldBe([0, 1]);
        foreach (var trial in trials)
            (await Dashboard.Api.SeriesAsync((long)trial["id"]!, "val/accuracy")).Count.ShouldBe(2, "an epoch each");
    }

    [Fact]
    public async Task A_waiting_sweep_that_gets_priority_is_the_next_to_train()
    {
        // In every slot, or the later sweep would train at once in one that is free.
        var (first, trials) = await TrainAsync(atOnce: Environment.ProcessorCount);
        foreach (var trial in trials)
            await Dashboard.Api.WaitForStepAsync(trial, 1);
        TinySweep later = new(Theatre.Faces, Epochs: 1, Faces: 32, [0.5], [0]) { Name = "a sweep in a hurry" };
        var sweep = await Dashboard.Api.StartAsync(later);
        await GoAsync($"/sweeps/{sweep}");

        await ClickAsync("Queue");
        var dialog = Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Priority").FillAsync("1000");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(dialog.Locator("#queue-priority:invalid")).ToBeFocusedAsync(); // the browser says why
        await dialog.GetByLabel("Priority").FillAsync("10");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(Page.Locator(".sq-head .sq-sub")).ToContainTextAsync("priority 10");

        // What trains is not interrupted; the place that it leaves goes to the sweep with priority.
        await Dashboard.Api.PostAsync($"/api/trials/{trials[0]}/stop");
        await Assertions
            .Expect(State)
            .ToHaveTextAsync("completed", new() { Timeout = (float)Training.TotalMilliseconds });
        await Dashboard.Api.PostAsync($"/api/sweeps/{first}/stop");
    }

    [Fact]
    public async Task A_failed_trial_that_a_table_lacks_is_queued_again_from_the_table()
    {
        var spec = new TinySweep(Theatre.Faces, Epochs: 1, Faces: 32, [0.5], [0]) { Name = "a sweep that fails" }.Json;
        spec["model"]!["pretrained"] = "weights-that-are-not-there";
        var sweep = (long)(await Dashboard.Api.PostAsync("/api/sweeps", spec))!["id"]!;
        var trial = (long)(await Dashboard.Api.TrialsAsync(sweep))[0]["id"]!;
        await Dashboard.Api.WaitForStateAsync($"/api/trials/{trial}", "failed");

        await GoAsync($"/sweeps/{sweep}/reports/ablation");
        await Assertions.Expect(Page.GetByText("trial is missing in this table")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Queue it again" }).ClickAsync();

        await Dashboard.Api.WaitAsync("it is tried again", $"/api/trials/{trial}", t => (int)t["attempts"]! == 2);
    }

    private ILocator State => Page.Locator(".sq-head .sq-pill");

    private ILocator Button(string name) =>
        Page.Locator(".sq-head").GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private Task ClickAsync(string name) => Button(name).ClickAsync();

    private async Task<long> StepAsync(long trial) =>
        (long)(await Dashboard.Api.GetAsync($"/api/trials/{trial}"))["step"]!;

    /// <summary>Starts a sweep of two trials or more that would take long, and waits until the first one trains.</summary>
    /// <param name="atOnce">How many of them may train at once.</param>
    private async Task<(long Sweep, IReadOnlyList<long> Trials)> TrainAsync(int atOnce = 1)
    {
        var sweep = await Dashboard.Api.StartAsync(
            new(Theatre.Faces, Epochs: 500, Faces: 64, [0.5], [.. Enumerable.Range(0, Math.Max(2, atOnce))])
            {
                Name = "a sweep to command",
                Parallel = atOnce,
            }
        );
        long[] trials = [.. (await Dashboard.Api.TrialsAsync(sweep)).Select(trial => (long)trial["id"]!)];
        await Dashboard.Api.WaitForStepAsync(trials[0], 1);
        return (sweep, trials);
    }
}
