using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Pruners;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Sweeps.Pruners;

/// <summary>Trials that wait at rungs, one at a time on one slot, and go on when they are among the best.</summary>
public sealed class AshaPromotionTests : IAsyncDisposable
{
    private static readonly CancellationToken _none = CancellationToken.None;
    private readonly SweepStage _stage = new(slots: 1);

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task The_best_that_waits_goes_on_before_a_new_trial_begins()
    {
        var id = await _stage.StartAsync(Asha());
        await HaltAsync(1, 0.9); // the first of a rung never goes on at once: one of two may
        await HaltAsync(2, 0.5);
        var best = await _stage.Executor.NextAsync();
        (best.TrialId, best.Plan.Attempt).ShouldBe((1, 2));
        best.Report(0.95, epoch: 2);
        await _stage.EndAsync(best, TrialState.Completed);
        await HaltAsync(3, 0.6);

        await _stage.Manager.WaitAsync(id, _none);
        States().ShouldBe([TrialState.Completed, TrialState.Pruned, TrialState.Pruned]);
        _stage.Store.Trial(2).Message.ShouldBe("Waited at epoch 1 with 0.5 and was not sent on.");
        (await DecisionsAsync(1)).Count.ShouldBe(2, "one to wait, one to go on");
    }

    [Fact]
    public async Task One_that_is_among_the_best_when_it_comes_does_not_wait()
    {
        await _stage.StartAsync(Asha());
        await HaltAsync(1, 0.5);
        var second = await _stage.Executor.NextAsync();
        second.Report(0.9);
        await _stage.SettleAsync();
        second.Asked.ShouldBe(ControlRequest.None);
        (await DecisionsAsync(2)).ShouldHaveSingleItem().Text.ShouldEndWith("It goes on at once.");
    }

    [Fact]
    public async Task Where_nobody_would_train_to_the_end_the_best_does()
    {
        var id = await _stage.StartAsync(Asha(factor: 8));
        await HaltAsync(1, 0.5);
        await HaltAsync(2, 0.7);
        await HaltAsync(3, 0.6);
        var best = await _stage.Executor.NextAsync();
        best.TrialId.ShouldBe(2);
        await _stage.EndAsync(best, TrialState.Completed);
        await _stage.Manager.WaitAsync(id, _none);
        States().ShouldBe([TrialState.Pruned, TrialState.Completed, TrialState.Pruned]);
    }

    [Fact]
    public async Task A_pause_of_the_sweep_and_a_restart_leave_those_that_wait_where_they_are()
    {
        var id = await _stage.StartAsync(Asha());
        await HaltAsync(1, 0.5);
        var second = await _stage.Executor.NextAsync();
        await _stage.Manager.PauseSweepAsync(id, _none);
        await _stage.EndAsync(second, TrialState.Paused);
        await _stage.Manager.ResumeSweepAsync(id, _none);
        States().ShouldBe([TrialState.Paused, TrialState.Running, TrialState.Waiting]);

        await using var next = new SweepStage(slots: 1, _stage.Store);
        await next.Manager.RecoverAsync(_none);
        var goesOn = await next.Executor.NextAsync();
        goesOn.TrialId.ShouldBe(2);
        _stage.Store.Trial(1).Asked.ShouldBe(ControlRequest.Halt);
    }

    [Fact]
    public async Task A_person_can_send_one_on_that_waits()
    {
        await _stage.StartAsync(Asha());
        await HaltAsync(1, 0.5);
        await _stage.Manager.ResumeTrialAsync(1, _none);
        _stage.Store.Trial(1).State.ShouldBe(TrialState.Waiting);
    }

    [Fact]
    public void Rungs_grow_by_the_factor_and_the_last_epoch_is_none()
    {
        var asha = new AshaPromotion(Goal.Maximize, minEpochs: 2, factor: 3, epochs: 18);
        int[] halts = [.. Enumerable.Range(1, 18).Where(epoch => asha.Judge(At(epoch), []) is { Halts: true })];
        halts.ShouldBe([2, 6]);
    }

    private static Curve At(int epoch) => new(1, 0, Completed: false, [new CurvePoint(epoch, epoch, epoch, 0.5)]);

    private async Task HaltAsync(long trial, double accuracy)
    {
        var attempt = await _stage.Executor.NextAsync();
        attempt.TrialId.ShouldBe(trial);
        attempt.Report(accuracy);
        await _stage.SettleAsync();
        attempt.Asked.ShouldBe(ControlRequest.Pause);
        await _stage.EndAsync(attempt, TrialState.Paused);
    }

    private TrialState[] States() => [.. Enumerable.Range(1, 3).Select(id => _stage.Store.Trial(id).State)];

    private async Task<IReadOnlyList<PruneDecision>> DecisionsAsync(long trial) =>
        [
            .. (await _stage.Store.ReadAsync(trial, 0, 100, _none))
                .Select(stored => stored.Event)
                .OfType<PruningDecided>()
                .Select(decided => decided.Decision),
        ];

    private static SweepSpec Asha(int factor = 2) =>
        Sample.Sweep() with
        {
            Space = Sample.Space("sqs.tau", Sample.Values(0.25, 0.5, 2.0)),
            Strategy = new() { Kind = StrategyKind.Grid },
            Training = new() { Epochs = 2 },
            Pruner = new() { Kind = PrunerKind.Asha, Factor = factor },
        };
}
