using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Sweeps;

public sealed class CheckpointRetentionTests : IAsyncDisposable
{
    private const int Size = 1000;
    private static readonly CancellationToken _none = CancellationToken.None;
    private readonly SweepStage _stage = new(slots: 1, checkpointBudget: 2 * Size);

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task The_oldest_checkpoints_of_trials_that_are_over_go_when_all_take_more_than_they_may()
    {
        await _stage.StartAsync(Sample.Sweep(0, 1, 2));
        for (var trial = 1; trial <= 3; trial++)
        {
            var attempt = await _stage.Executor.NextAsync();
            WriteCheckpoint(trial);
            await _stage.EndAsync(attempt, TrialState.Completed);
        }

        // The first is removed once all three are measured; as many bytes were there when the third was not yet.
        await UntilAsync(() => !Kept(1)[0]);
        await UntilAsync(() => _stage.Manager.CheckpointBytes == 2 * Size);
        Kept(2, 3).ShouldBe([true, true]);
        Directory.Exists(_stage.Folder(1)).ShouldBeTrue("the rest of the trial stays");
    }

    [Fact]
    public async Task A_trial_that_may_go_on_keeps_its_checkpoint_however_old()
    {
        await _stage.StartAsync(Sample.Sweep(0, 1, 2, 3));
        var paused = await _stage.Executor.NextAsync();
        WriteCheckpoint(1);
        await _stage.Manager.PauseTrialAsync(1, _none);
        await _stage.EndAsync(paused, TrialState.Paused);
        var failed = await _stage.Executor.NextAsync();
        WriteCheckpoint(2);
        await _stage.EndAsync(failed, TrialState.Failed, "out of memory");
        var completed = await _stage.Executor.NextAsync();
        WriteCheckpoint(3);
        await _stage.EndAsync(completed, TrialState.Completed);

        await UntilAsync(() => !Kept(3)[0]);
        Kept(1, 2).ShouldBe([true, true]);
        // What trains now is over the budget, too, and stays.
        await _stage.Executor.NextAsync();
        WriteCheckpoint(4);
        await _stage.SettleAsync();
        await UntilAsync(() => _stage.Manager.CheckpointBytes == 3 * Size);
        Kept(1, 2, 4).ShouldBe([true, true, true]);
    }

    [Fact]
    public async Task A_removal_that_a_crash_cut_off_is_ended_at_the_next_start()
    {
        var half = Path.Combine(_stage.Folder(7), "checkpoint.removed");
        Directory.CreateDirectory(half);
        await File.WriteAllTextAsync(Path.Combine(half, "000000001.safetensors"), "half");
        await _stage.Manager.RecoverAsync(_none);
        await UntilAsync(() => !Directory.Exists(half));
    }

    [Fact]
    public async Task A_trial_without_its_checkpoint_can_still_be_extended()
    {
        var id = await _stage.StartAsync(Sample.Sweep(0) with { Training = new() { Epochs = 5 } });
        for (var trial = 1; trial <= 2; trial++)
        {
            var attempt = await _stage.Executor.NextAsync();
            WriteCheckpoint(trial, 3 * Size);
            attempt.Report(0.5, epoch: 5);
            await _stage.EndAsync(attempt, TrialState.Completed);
        }
        await UntilAsync(() => !Kept(1)[0]);

        await _stage.Manager.ExtendSweepAsync(id, new() { Epochs = 6 }, _none);
        var again = await _stage.Executor.NextAsync();
        (again.TrialId, again.Plan.Attempt, again.Plan.Spec.Training.Epochs).ShouldBe((1, 2, 6));
    }

    private bool[] Kept(params int[] trials) =>
        [.. trials.Select(trial => Directory.Exists(Path.Combine(_stage.Folder(trial), "checkpoint")))];

    private void WriteCheckpoint(int trial, int bytes = Size)
    {
        var folder = Path.Combine(_stage.Folder(trial), "checkpoint");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "000000001.safetensors");
        File.WriteAllBytes(file, new byte[bytes]);
        File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, trial, 0, 0, 0, DateTimeKind.Utc));
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var waited = 0; !holds(); waited += 10)
        {
            waited.ShouldBeLessThan(30_000, "it never came to hold");
            await Task.Delay(10, _none);
        }
    }
}
