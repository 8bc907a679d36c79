using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fakes;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Tests.Sweeps;

public sealed class ForkTests : IAsyncDisposable
{
    private static readonly CancellationToken _none = CancellationToken.None;
    private readonly SweepStage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_fork_goes_on_from_a_copy_of_its_parents_checkpoint_with_its_changes()
    {
        var id = await CompleteAsync();
        WriteCheckpoint(1);
        var fork = await _stage.Manager.ForkTrialAsync(1, Fork(null, ("sqs.lambda", 0.25)), _none);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Running);
        _stage.Store.Sweep(id).PlannedTrials.ShouldBe(3);
        var attempt = await _stage.Executor.NextAsync();
        (attempt.TrialId, attempt.Plan.Attempt).ShouldBe((fork, 1));
        attempt.Plan.Spec.Sqs.ShouldBe(_stage.Store.Trial(1).Spec.Sqs with { Lambda = 0.25 });
        Checkpoints(fork)
            .Positions()
            .ShouldBe([new TrainingPosition { Step = 20, Epoch = 3 }], "the best epoch is searched anew");
        Directory.GetFiles(Path.Combine(attempt.Plan.Folder, "checkpoint")).Length.ShouldBe(2);
        var record = _stage.Store.Trial(fork);
        (record.ParentId, record.Number, record.Configuration).ShouldBe((1, 2, 2));
        Samplers(record).ShouldBe("sqs.lambda=0.25");
        attempt.End(TrialState.Completed);
        await _stage.Manager.WaitAsync(id, _none);
    }

    [Fact]
    public async Task A_fork_keeps_the_checkpoint_it_was_asked_to_go_on_from_whatever_its_parent_writes_later()
    {
        await CompleteAsync();
        WriteCheckpoint(1);
        _stage.Manager.ListCheckpoints(1).ShouldBe([new(20, 2), new(10, 1)]);
        var fork = await _stage.Manager.ForkTrialAsync(1, Fork(10), _none);
        Checkpoints(1).Save(new() { Step = 30, Epoch = 4 }, []);
        await _stage.Executor.NextAsync();
        Checkpoints(fork).Positions().ShouldHaveSingleItem().Step.ShouldBe(10);
        var refused = await Should.ThrowAsync<InvalidSpecException>(() =>
            _stage.Manager.ForkTrialAsync(1, Fork(10), _none)
        );
        refused.Message.ShouldBe("step: must be that of a kept checkpoint; trial 1 keeps 30 and 20, not 10");
    }

    [Fact]
    public async Task A_fork_that_would_have_nothing_to_train_is_refused()
    {
        await CompleteAsync();
        WriteCheckpoint(1);
        var refused = await Should.ThrowAsync<InvalidSpecException>(() =>
            _stage.Manager.ForkTrialAsync(1, Fork(null, ("training.epochs", 2)), _none)
        );
        refused.Errors.ShouldHaveSingleItem().Path.ShouldBe("training.epochs");
        _stage.Store.Trials(1).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_fork_without_its_checkpoint_takes_its_parents_last_one()
    {
        var fork = await PausedForkAsync(step: 10);
        Directory.Delete(Path.Combine(_stage.Folder(fork), "checkpoint"), recursive: true);
        // Left by a fork that came to nothing: it is not this one's.
        Checkpoints(1).CopyTo(Forks.Aside(_stage.Folder(1), number: 99), 10);
        await ResumeAsync(fork);
        Checkpoints(fork).Positions().ShouldHaveSingleItem().Step.ShouldBe(20);
    }

    [Fact]
    public async Task A_fork_whose_process_ended_before_it_had_its_checkpoint_gets_the_chosen_one()
    {
        var fork = await PausedForkAsync(step: 10);
        var number = _stage.Store.Trials(1).Single(trial => trial.Id == fork).Number;
        Directory.Move(Path.Combine(_stage.Folder(fork), "checkpoint"), Forks.Aside(_stage.Folder(1), number));
        await ResumeAsync(fork);
        Checkpoints(fork).Positions().ShouldHaveSingleItem().Step.ShouldBe(10);
    }

    [Fact]
    public async Task A_resumed_fork_keeps_its_own_checkpoint()
    {
        var fork = await PausedForkAsync(step: null);
        Checkpoints(fork).Save(new() { Step = 25, Epoch = 3 }, []);
        await ResumeAsync(fork);
        Checkpoints(fork).Positions()[0].Step.ShouldBe(25);
    }

    [Fact]
    public async Task A_fork_refuses_what_its_checkpoint_cannot_hold_and_what_is_no_trial()
    {
        await CompleteAsync();
        WriteCheckpoint(1);
        var changes = Fork(
            null,
            ("model.width", 64),
            ("training.validationFraction", 0.2),
            ("sqs.tau", 0),
            ("training.epoch", 1)
        );
        var refused = await Should.ThrowAsync<InvalidSpecException>(() =>
            _stage.Manager.ForkTrialAsync(1, changes, _none)
        );
        refused.Errors.Select(e => e.Path).ShouldBe(["model.width", "training.validationFraction", "training.epoch"]);
        (
            await Should.ThrowAsync<InvalidSpecException>(() =>
                _stage.Manager.ForkTrialAsync(1, Fork(null, ("sqs.tau", 0)), _none)
            )
        )
            .Errors.Select(e => e.Path)
            .ShouldBe(["sqs.tau"]);
        (
            await Should.ThrowAsync<InvalidSpecException>(() =>
                _stage.Manager.ForkTrialAsync(
                    1,
                    Fork(null, ("training", new { epochs = 80, validationFraction = 0.3 })),
                    _none
                )
            )
        )
            .Errors.Select(e => e.Path)
            .ShouldBe(["training.validationFraction"]);
    }

    [Fact]
    public async Task A_trial_without_a_checkpoint_cannot_be_forked()
    {
        await CompleteAsync();
        (
            await Should.ThrowAsync<InvalidOperationException>(() =>
                _stage.Manager.ForkTrialAsync(1, Fork(null), _none)
            )
        ).Message.ShouldContain("no checkpoint");
        await Should.ThrowAsync<Engine.Events.NotFoundException>(() =>
            _stage.Manager.ForkTrialAsync(99, Fork(null), _none)
        );
    }

    [Fact]
    public async Task Forks_do_not_count_among_the_samplers_configurations()
    {
        var id = await CompleteAsync();
        WriteCheckpoint(1);
        await _stage.Manager.ForkTrialAsync(1, Fork(null), _none);
        await _stage.Executor.NextAsync(); // else its checkpoint is still on its way when the stage is cleared
        SweepPlan.History(_stage.Store.Sweep(id).Spec, _stage.Store.Trials(id)).Count.ShouldBe(2);
    }

    /// <summary>A fork of the first trial, which has checkpoints of steps 10 and 20, that was started and paused.</summary>
    private async Task<long> PausedForkAsync(long? step)
    {
        await CompleteAsync();
        WriteCheckpoint(1);
        var fork = await _stage.Manager.ForkTrialAsync(1, Fork(step), _none);
        var attempt = await _stage.Executor.NextAsync();
        await _stage.Manager.PauseTrialAsync(fork, _none);
        await _stage.EndAsync(attempt, TrialState.Paused);
        return fork;
    }

    private async Task ResumeAsync(long fork)
    {
        await _stage.Manager.ResumeTrialAsync(fork, _none);
        await _stage.Executor.NextAsync();
    }

    private static string Samplers(TrialRecord record) =>
        Engine.Sweeps.Samplers.Assignments.Describe(record.Assignment);

    private async Task<long> CompleteAsync()
    {
        var id = await _stage.StartAsync(Sample.Sweep(0));
        for (var i = 0; i < 2; i++)
            (await _stage.Executor.NextAsync()).End(TrialState.Completed);
        await _stage.Manager.WaitAsync(id, _none);
        return id;
    }

    private static ForkSpec Fork(long? step, params IReadOnlyList<(string Path, object? Value)> changes) =>
        new() { Changes = Sample.Assignment(changes), Step = step };

    private CheckpointStore Checkpoints(long trialId) => new(Path.Combine(_stage.Folder(trialId), "checkpoint"));

    private void WriteCheckpoint(long trialId)
    {
        Checkpoints(trialId).Save(new() { Step = 10, Epoch = 2 }, []);
        Checkpoints(trialId)
            .Save(
                new()
                {
                    Step = 20,
                    Epoch = 3,
                    Best = new(0.5, 1, Waited: 1),
                },
                []
            );
        File.WriteAllText(Path.Combine(_stage.Folder(trialId), "checkpoint", "30.json.tmp"), "half");
    }
}
