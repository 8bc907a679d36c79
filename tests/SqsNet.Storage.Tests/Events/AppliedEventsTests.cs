using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage.Tests.Events;

/// <summary>What events do to the trial's record, in the transaction that stores them.</summary>
public sealed class AppliedEventsTests : IAsyncDisposable
{
    private readonly TestStore _store = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task What_is_asked_of_a_trial_that_trains_is_kept_until_its_state_changes()
    {
        var trial = await _store.AddTrialAsync();
        await _store.StoreAsync(trial.Id, Some.State(TrialState.Running));
        (await _store.GetTrialAsync(trial.Id)).Asked.ShouldBe(ControlRequest.None);

        await _store.StoreAsync(trial.Id, Some.State(TrialState.Running) with { Asked = ControlRequest.Pause });
        (await _store.GetTrialAsync(trial.Id)).Asked.ShouldBe(ControlRequest.Pause);

        await _store.StoreAsync(trial.Id, Some.Step(1, ("train/loss", 1)));
        (await _store.GetTrialAsync(trial.Id)).Asked.ShouldBe(ControlRequest.Pause);

        await _store.StoreAsync(trial.Id, Some.State(TrialState.Paused));
        (await _store.GetTrialAsync(trial.Id)).Asked.ShouldBe(ControlRequest.None);
    }

    [Fact]
    public async Task A_trial_starts_with_its_first_attempt_and_ends_with_a_final_state()
    {
        var id = (await _store.AddTrialAsync()).Id;

        await _store.StoreAsync(id, Some.State(TrialState.Running, 1) with { At = Some.Time.AddHours(1) });
        await _store.StoreAsync(id, Some.State(TrialState.Paused, 1, "by a person"));
        var paused = await _store.GetTrialAsync(id);
        await _store.StoreAsync(id, Some.State(TrialState.Running, 2) with { At = Some.Time.AddHours(2) });
        await _store.StoreAsync(id, Some.State(TrialState.Completed, 2) with { At = Some.Time.AddHours(3) });
        var completed = await _store.GetTrialAsync(id);

        (paused.State, paused.Message, paused.Attempts, paused.EndedAt).ShouldBe(
            (TrialState.Paused, "by a person", 1, null)
        );
        (completed.State, completed.Message, completed.Attempts, completed.LastSeq).ShouldBe(
            (TrialState.Completed, null, 2, 4)
        );
        completed.StartedAt.ShouldBe(Some.Time.AddHours(1));
        completed.EndedAt.ShouldBe(Some.Time.AddHours(3));
    }

    [Fact]
    public async Task A_trial_that_goes_on_after_its_end_has_not_ended()
    {
        var id = (await _store.AddTrialAsync()).Id;

        await _store.StoreAsync(id, Some.State(TrialState.Failed, 1, "no memory"), Some.State(TrialState.Waiting, 1));

        (await _store.GetTrialAsync(id)).EndedAt.ShouldBeNull();
    }

    [Fact]
    public async Task A_state_sent_twice_is_two_events_and_one_state()
    {
        var id = (await _store.AddTrialAsync()).Id;

        await _store.StoreAsync(id, Some.State(TrialState.Running), Some.State(TrialState.Running));

        var trial = await _store.GetTrialAsync(id);
        (trial.State, trial.Attempts, trial.LastSeq).ShouldBe((TrialState.Running, 1, 2));
    }

    [Fact]
    public async Task A_trial_stopped_before_it_started_has_no_attempt()
    {
        var id = (await _store.AddTrialAsync()).Id;

        await _store.StoreAsync(id, Some.State(TrialState.Stopped, 0));

        var trial = await _store.GetTrialAsync(id);
        (trial.Attempts, trial.StartedAt).ShouldBe((0, null));
        trial.EndedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Latest_holds_the_last_value_of_each_metric()
    {
        var id = (await _store.AddTrialAsync()).Id;

        await _store.StoreAsync(id, Some.Step(1, ("train/loss", 2), ("train/accuracy", 0.1)));
        await _store.StoreAsync(id, Some.Step(2, ("train/loss", double.NaN)));

        var trial = await _store.GetTrialAsync(id);
        trial.Latest.ShouldBe(
            new Dictionary<string, double> { ["train/loss"] = double.NaN, ["train/accuracy"] = 0.1 },
            ignoreOrder: true
        );
        (trial.Step, trial.Epoch).ShouldBe((2, 0));
    }

    [Fact]
    public async Task Best_holds_the_metrics_of_the_best_epoch_and_of_the_final_evaluation()
    {
        var id = (await _store.AddTrialAsync()).Id;

        await _store.StoreAsync(id, Some.Epoch(1, true, ("val/accuracy", 0.4), ("only/first", 1)));
        await _store.StoreAsync(id, Some.Epoch(2, true, ("val/accuracy", 0.6)));
        await _store.StoreAsync(id, Some.Epoch(3, false, ("val/accuracy", 0.5)));
        await _store.StoreAsync(id, Some.Final(3, ("test/accuracy", 0.55)));

        var trial = await _store.GetTrialAsync(id);
        trial.Best.ShouldBe(
            new Dictionary<string, double> { ["val/accuracy"] = 0.6, ["test/accuracy"] = 0.55 },
            ignoreOrder: true
        );
        trial.BestEpoch.ShouldBe(2);
        trial.Latest["val/accuracy"].ShouldBe(0.5);
        (trial.Epoch, trial.Step).ShouldBe((3, 300));
    }

    [Fact]
    public async Task Events_in_one_batch_count_as_if_they_came_one_by_one()
    {
        var id = (await _store.AddTrialAsync()).Id;

        await _store.StoreAsync(
            id,
            Some.State(TrialState.Running),
            Some.Epoch(1, true, ("val/accuracy", 0.4), ("only/first", 1)),
            Some.Epoch(2, true, ("val/accuracy", 0.6)),
            Some.Final(2, ("test/accuracy", 0.5)),
            Some.State(TrialState.Completed)
        );

        var trial = await _store.GetTrialAsync(id);
        trial.Best.Keys.ShouldBe(["val/accuracy", "test/accuracy"], ignoreOrder: true);
        (trial.State, trial.BestEpoch, trial.LastSeq).ShouldBe((TrialState.Completed, 2, 5));
    }
}
