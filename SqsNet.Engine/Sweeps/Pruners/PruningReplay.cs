namespace SqsNet.Engine.Sweeps.Pruners;

/// <summary>A recorded trial.</summary>
/// <param name="Curve">Its whole curve.</param>
/// <param name="StartedAt">When it began to train.</param>
public sealed record RecordedTrial(Curve Curve, DateTimeOffset StartedAt);

/// <summary>What a sweep would have cost under a pruner.</summary>
/// <param name="Stopped">The trials that it would have ended, with the epoch.</param>
/// <param name="Epochs">Epochs that would have been trained.</param>
/// <param name="Steps">Optimizer steps that would have been taken.</param>
/// <param name="Seconds">Training time that it would have taken, all trials together, in seconds.</param>
public sealed record ReplayedCost(IReadOnlyDictionary<long, int> Stopped, int Epochs, long Steps, double Seconds);

/// <summary>Asks what a sweep's recorded curves would have cost under another pruner.</summary>
/// <remarks>
/// Epochs are judged in the order in which they ended: a trial's start plus its training time. A trial that is ended
/// is not compared with beyond that epoch. What the freed time would have been used for is not played out: trials start
/// when they did, and an adaptive sampler proposes what it did.
/// </remarks>
public static class PruningReplay
{
    /// <summary>Plays a sweep.</summary>
    /// <param name="pruner">The pruner; null for none.</param>
    /// <param name="trials">Its trials.</param>
    /// <param name="maxEpochs">Epochs after which a trial is at its end and is not judged.</param>
    public static ReplayedCost Run(IPruner? pruner, IReadOnlyList<RecordedTrial> trials, int maxEpochs)
    {
        ArgumentNullException.ThrowIfNull(trials);
        var seen = trials.ToDictionary(
            trial => trial.Curve.TrialId,
            trial => trial.Curve with { Completed = false, Points = [] }
        );
        var stopped = new Dictionary<long, int>();
        var order = trials
            .SelectMany(trial => trial.Curve.Points.Select(point => (trial, point)))
            .OrderBy(entry => entry.trial.StartedAt + TimeSpan.FromSeconds(entry.point.Seconds))
            .ThenBy(entry => entry.trial.Curve.TrialId)
            .ThenBy(entry => entry.point.Epoch);
        foreach (var (trial, point) in order)
        {
            var id = trial.Curve.TrialId;
            if (stopped.ContainsKey(id))
                continue;
            var curve = seen[id] with { Points = [.. seen[id].Points, point] };
            seen[id] = curve;
            var others = seen.Values.Where(other => other.TrialId != id && other.Points.Count > 0).ToList();
            if (point.Epoch < maxEpochs && pruner?.Judge(curve, others) is { Prune: true })
                stopped[id] = point.Epoch;
            else if (curve.Points.Count == trial.Curve.Points.Count)
                seen[id] = curve with { Completed = trial.Curve.Completed };
        }
        var ended = seen.Values.Where(curve => curve.Points.Count > 0).Select(curve => curve.Points).ToList();
        return new(
            stopped,
            ended.Sum(points => points.Count),
            ended.Sum(points => points[^1].Step),
            ended.Sum(points => points[^1].Seconds)
        );
    }
}
