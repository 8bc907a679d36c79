using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fakes;

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
        var fork = await _stage.Manager.ForkTrialAsync(1, Sample.Assignment(("sqs.lambda", 0.25)), _none);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Running);
        _stage.Store.Sweep(id).PlannedTrials.ShouldBe(3);
        var attempt = await _stage.Executor.NextAsync();
        (attempt.TrialId, attempt.Plan.Attempt).ShouldBe((fork, 1));
        attempt.Plan.Spec.Sqs.ShouldBe(_stage.Store.Trial(1).Spec.Sqs with { Lambda = 0.25 });
        File.ReadAllText(Path.Combine(attempt.Plan.Folder, "checkpoint", "10.json")).ShouldBe("position");
        File.Exists(Path.Combine(attempt.Plan.Folder, "checkpoint", "11.json.tmp")).ShouldBeFalse();
        var record = _stage.Store.Trial(fork);
        (record.ParentId, record.Number, record.Configuration).ShouldBe((1, 2, 2));
        Samplers(record).ShouldBe("sqs.lambda=0.25");
        attempt.End(TrialState.Completed);
        await _stage.Manager.WaitAsync(id, _none);
    }

    [Fact]
    public async Task A_resumed_fork_keeps_its_own_checkpoint()
    {
        await CompleteAsync();
        WriteCheckpoint(1);
        var fork = await _stage.Manager.ForkTrialAsync(1, Sample.Assignment(), _none);
        var attempt = await _stage.Executor.NextAsync();
        File.WriteAllText(Path.Combine(_stage.Folder(fork), "checkpoint", "10.json"), "its own");
        await _stage.Manager.PauseTrialAsync(fork, _none);
        await _stage.EndAsync(attempt, TrialState.Paused);
        await _stage.Manager.ResumeTrialAsync(fork, _none);
        await _stage.Executor.NextAsync();
        File.ReadAllText(Path.Combine(_stage.Folder(fork), "checkpoint", "10.json")).ShouldBe("its own");
    }

    [Fact]
    public async Task A_fork_refuses_what_its_checkpoint_cannot_hold_and_what_is_no_trial()
    {
        await CompleteAsync();
        WriteCheckpoint(1);
        var changes = Sample.Assignment(("model.width", 64), ("sqs.tau", 0), ("training.epoch", 1));
        var refused = await Should.ThrowAsync<InvalidSpecException>(() =>
            _stage.Manager.ForkTrialAsync(1, changes, _none)
        );
        refused.Errors.Select(e => e.Path).ShouldBe(["model.width", "training.epoch"]);
        (
            await Should.ThrowAsync<InvalidSpecException>(() =>
                _stage.Manager.ForkTrialAsync(1, Sample.Assignment(("sqs.tau", 0)), _none)
            )
        )
            .Errors.Select(e => e.Path)
            .ShouldBe(["sqs.tau"]);
    }

    [Fact]
    public async Task A_trial_without_a_checkpoint_cannot_be_forked()
    {
        await CompleteAsync();
        (
            await Should.ThrowAsync<InvalidOperationException>(() =>
                _stage.Manager.ForkTrialAsync(1, Sample.Assignment(), _none)
            )
        ).Message.ShouldContain("no checkpoint");
        await Should.ThrowAsync<Engine.Events.NotFoundException>(() =>
            _stage.Manager.ForkTrialAsync(99, Sample.Assignment(), _none)
        );
    }

    [Fact]
    public async Task Forks_do_not_count_among_the_samplers_configurations()
    {
        var id = await CompleteAsync();
        WriteCheckpoint(1);
        await _stage.Manager.ForkTrialAsync(1, Sample.Assignment(), _none);
        SweepPlan.History(_stage.Store.Sweep(id).Spec, _stage.Store.Trials(id)).Count.ShouldBe(2);
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

    private void WriteCheckpoint(long trialId)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_stage.Folder(trialId), "checkpoint")).FullName;
        File.WriteAllText(Path.Combine(directory, "10.json"), "position");
        File.WriteAllText(Path.Combine(directory, "10.safetensors"), "tensors");
        File.WriteAllText(Path.Combine(directory, "11.json.tmp"), "half");
    }
}
