using SqsNet.Engine.Sweeps;
using SqsNet.Storage;

namespace SqsNet.Web.Components.Sweeps;

/// <summary>How far a sweep is and how long it will take, from what its trials have shown so far.</summary>
/// <param name="Ended">Trials that have ended.</param>
/// <param name="Planned">Trials that there will be.</param>
/// <param name="Share">What is done, 0 to 1, counted in epochs.</param>
/// <param name="Elapsed">Time since the first trial started, or until the sweep ended.</param>
/// <param name="Left">Time left; null while nothing tells.</param>
public sealed record SweepProgress(int Ended, int Planned, double Share, TimeSpan Elapsed, TimeSpan? Left)
{
    /// <summary>Reads the progress from a sweep and its trials.</summary>
    /// <remarks>
    /// A trial counts its epochs; one that ended counts whole, because early stopping leaves nothing to wait for.
    /// The rate is that of the trials that are running or have ended, so hours in pause do not count.
    /// </remarks>
    public static SweepProgress Of(SweepRecord sweep, IReadOnlyList<TrialRecord> trials, DateTimeOffset now)
    {
        var planned = Math.Max(Math.Max(sweep.PlannedTrials, trials.Count), 1);
        var ended = trials.Count(t => t.State.IsFinished());
        var done = trials.Sum(t => t.State.IsFinished() ? 1 : Fraction(t));
        var share = sweep.State == SweepState.Completed ? 1 : Math.Min(1, done / planned);
        var started = trials.Min(t => t.StartedAt) ?? sweep.CreatedAt;
        return new(
            ended,
            planned,
            share,
            (sweep.EndedAt ?? now) - started,
            TimeLeft(sweep, trials, planned - done, now)
        );
    }

    /// <summary>Progress without the trials, for a list.</summary>
    public static (int Ended, int Planned, double Share) Of(SweepRecord sweep, SweepOverview? overview)
    {
        var planned = Math.Max(sweep.PlannedTrials, sweep.Counts.Values.Sum());
        var ended = sweep.Counts.Where(c => c.Key.IsFinished()).Sum(c => c.Value);
        var epochs = (double)planned * sweep.Spec.Training.Epochs;
        var byEpochs = epochs > 0 ? (overview?.Epochs ?? 0) / epochs : 0;
        var byTrials = planned > 0 ? (double)ended / planned : 0;
        return (ended, planned, sweep.State == SweepState.Completed ? 1 : Math.Min(1, Math.Max(byEpochs, byTrials)));
    }

    private static TimeSpan? TimeLeft(
        SweepRecord sweep,
        IReadOnlyList<TrialRecord> trials,
        double trialsLeft,
        DateTimeOffset now
    )
    {
        if (sweep.State.IsFinished())
            return null;
        var (seconds, done) = (0.0, 0.0);
        foreach (var trial in trials)
        {
            var countsWhole = trial.State is TrialState.Completed or TrialState.Pruned;
            if (trial.StartedAt is not { } start || (!countsWhole && trial.State != TrialState.Running))
                continue;
            seconds += ((trial.EndedAt ?? now) - start).TotalSeconds;
            done += countsWhole ? 1 : Fraction(trial);
        }
        return done <= 0
            ? null
            : TimeSpan.FromSeconds(seconds / done * trialsLeft / Math.Max(1, sweep.Spec.Executor.Parallel));
    }

    private static double Fraction(TrialRecord trial) =>
        Math.Min(1, (double)trial.Epoch / Math.Max(1, trial.Spec.Training.Epochs));
}
