using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Sweeps.Pruners;

/// <summary>A sweep that ends hopeless trials, and what it writes down about it.</summary>
public sealed class PruningTests : IAsyncDisposable
{
    private static readonly CancellationToken _none = CancellationToken.None;
    private readonly SweepStage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_trial_that_falls_behind_ends_pruned_with_the_reason_as_message_and_event()
    {
        var id = await _stage.StartAsync(Halving());
        var attempts = await _stage.Executor.NextAsync(3);
        attempts[0].Report(0.8);
        attempts[1].Report(0.9);
        attempts[2].Report(0.5);
        await _stage.SettleAsync();
        attempts
            .Select(attempt => attempt.Asked)
            .ShouldBe([ControlRequest.None, ControlRequest.None, ControlRequest.Prune]);
        _stage.Store.Trial(3).Asked.ShouldBe(ControlRequest.Prune);
        await _stage.EndAsync(attempts[2], TrialState.Pruned);
        var pruned = _stage.Store.Trial(3);
        pruned.State.ShouldBe(TrialState.Pruned);
        pruned.Message.ShouldBe("Epoch 1, rung 0: 0.5 is not among the best 1 of 3 that have come here (from 0.9 on).");
        var decision = (await _stage.Store.ReadAsync(3, 0, 100, _none))
            .Select(stored => stored.Event)
            .OfType<PruningDecided>()
            .ShouldHaveSingleItem()
            .Decision;
        (decision.Prune, decision.Rung, decision.Value, decision.Threshold, decision.Compared).ShouldBe(
            (true, 0, 0.5, 0.9, 3)
        );
        attempts[0].End(TrialState.Completed);
        attempts[1].End(TrialState.Completed);
        await _stage.Manager.WaitAsync(id, _none);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Completed);
    }

    [Fact]
    public async Task A_trial_in_its_last_epoch_is_not_judged()
    {
        await _stage.StartAsync(Halving() with { Training = new() { Epochs = 1 } });
        var attempts = await _stage.Executor.NextAsync(3);
        foreach (var (attempt, accuracy) in attempts.Zip([0.8, 0.9, 0.5]))
            attempt.Report(accuracy);
        await _stage.SettleAsync();
        attempts.ShouldAllBe(attempt => attempt.Asked == ControlRequest.None);
    }

    [Fact]
    public async Task A_trial_that_is_being_pruned_can_be_stopped_but_not_paused()
    {
        await _stage.StartAsync(Halving());
        var attempts = await _stage.Executor.NextAsync(3);
        attempts[0].Report(0.9);
        attempts[1].Report(0.5);
        await _stage.SettleAsync();
        attempts[1].Asked.ShouldBe(ControlRequest.Prune);
        await Should.ThrowAsync<InvalidOperationException>(() => _stage.Manager.PauseTrialAsync(2, _none));
        await _stage.Manager.PauseSweepAsync(1, _none);
        attempts[1].Asked.ShouldBe(ControlRequest.Prune);
        await _stage.EndAsync(attempts[1], TrialState.Pruned);
        _stage.Store.Trial(2).State.ShouldBe(TrialState.Pruned);
    }

    [Fact]
    public async Task After_a_crash_a_trial_that_was_being_pruned_is_pruned_and_the_curves_still_count()
    {
        var left = _stage.Store.Leave(
            Halving(),
            SweepState.Running,
            TrialState.Running,
            TrialState.Completed,
            TrialState.Running
        );
        void Report(long trial, double accuracy) =>
            _stage.Store.Append(
                trial,
                new MetricsReported(
                    MetricScope.Epoch,
                    10,
                    1,
                    new Dictionary<string, double> { ["val/accuracy"] = accuracy },
                    IsBest: true
                )
            );
        Report(1, 0.5);
        Report(2, 0.9);
        _stage.Store.Append(1, new StateChanged(TrialState.Running, 1, "Rung 0.") { Asked = ControlRequest.Prune });
        await _stage.Manager.RecoverAsync(_none);
        _stage.Store.Trial(1).State.ShouldBe(TrialState.Pruned);
        _stage.Store.Trial(1).Message.ShouldBe("Rung 0.");
        var resumed = await _stage.Executor.NextAsync();
        resumed.TrialId.ShouldBe(3);
        resumed.Report(0.8);
        await _stage.SettleAsync();
        resumed.Asked.ShouldBe(ControlRequest.Prune);
        left.ShouldBe(1);
    }

    private static SweepSpec Halving() =>
        Sample.Sweep() with
        {
            Space = Sample.Space("sqs.tau", Sample.Values(0.5, 1.0, 2.0)),
            Pruner = new() { Kind = PrunerKind.SuccessiveHalving },
            Executor = new() { Parallel = 3 },
        };
}
