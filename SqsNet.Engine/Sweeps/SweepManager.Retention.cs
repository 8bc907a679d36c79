using Microsoft.Extensions.Logging;

namespace SqsNet.Engine.Sweeps;

// What of the checkpoints stays on the disk.
public sealed partial class SweepManager
{
    private int _tidies;
    private long _checkpointBytes;

    /// <summary>What the checkpoints of all trials take on the disk, as last measured, in bytes.</summary>
    public long CheckpointBytes => Volatile.Read(ref _checkpointBytes);

    /// <summary>Measures the checkpoints and removes some where they take too much; returns at once.</summary>
    private void TidyCheckpoints()
    {
        // Measured beside the loop, since there may be thousands of folders, and never twice at once; asked for
        // meanwhile, it is done once more. Removed on the loop, where nothing else begins.
        if (Interlocked.Increment(ref _tidies) == 1)
            _ = Task.Run(() =>
            {
                int asked;
                do
                {
                    asked = Volatile.Read(ref _tidies);
                    MeasureCheckpoints();
                } while (Interlocked.Add(ref _tidies, -asked) > 0);
            });
    }

    private void MeasureCheckpoints()
    {
        try
        {
            var folders = CheckpointFolders.Measure(_options);
            Interlocked.Exchange(ref _checkpointBytes, folders.Sum(folder => folder.Bytes));
            if (_options.CheckpointBudget > 0 && CheckpointBytes > _options.CheckpointBudget)
                _work.Writer.TryWrite(() => RemoveCheckpointsAsync(folders));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _logger.LogWarning(failure, "The checkpoints in {Directory} cannot be measured", _options.TrialsDirectory);
        }
    }

    /// <summary>Removes the checkpoints of trials that are over, the oldest first, until the others are within the budget.</summary>
    private async Task RemoveCheckpointsAsync(IReadOnlyList<CheckpointFolder> folders)
    {
        var total = folders.Sum(folder => folder.Bytes);
        foreach (var folder in folders.OrderBy(folder => folder.Written))
        {
            if (total <= _options.CheckpointBudget)
                break;
            if (!await IsOverAsync(folder.TrialId).ConfigureAwait(false))
                continue;
            total -= folder.Bytes;
            try
            {
                if (!CheckpointFolders.Remove(_options.TrialDirectory(folder.TrialId)))
                    continue;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                _logger.LogWarning(failure, "The checkpoints of trial {TrialId} cannot be removed", folder.TrialId);
                total += folder.Bytes;
                continue;
            }
            Interlocked.Add(ref _checkpointBytes, -folder.Bytes);
            _logger.LogInformation(
                "Removed {Megabytes} MB of checkpoints of trial {TrialId}, which is over",
                folder.Bytes >> 20,
                folder.TrialId
            );
        }
        if (total > _options.CheckpointBudget)
            _logger.LogWarning(
                "Checkpoints of trials that may go on take {Megabytes} MB, more than the {Budget} MB that all may take",
                total >> 20,
                _options.CheckpointBudget >> 20
            );
    }

    /// <summary>Whether a trial has ended and goes on only if it is extended or, stopped, resumed; both can train it from the start.</summary>
    private async Task<bool> IsOverAsync(long trialId)
    {
        var active = _sweeps.Values.SelectMany(sweep => sweep.Trials).FirstOrDefault(trial => trial.Id == trialId);
        var state =
            active?.State
            ?? (await _store.FindTrialAsync(trialId, CancellationToken.None).ConfigureAwait(false))?.State;
        return state is TrialState.Completed or TrialState.Pruned or TrialState.Stopped;
    }
}
