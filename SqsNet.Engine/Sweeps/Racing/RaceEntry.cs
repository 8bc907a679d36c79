using System.Text.Json;

namespace SqsNet.Engine.Sweeps.Racing;

/// <summary>A configuration in a race.</summary>
/// <param name="Configuration">Its 0-based number.</param>
/// <param name="Assignment">The values that were chosen, by path.</param>
/// <param name="Values">The objective of its completed trials, by the seed's index in the sweep's list; finite.</param>
/// <param name="Started">How many of the seeds, in order, have a trial, ended or not.</param>
/// <param name="Pending">How many of these trials have not ended.</param>
/// <param name="Ended">Whether the pruner has ended a trial of it: it gets no more seeds.</param>
internal sealed record RaceEntry(
    int Configuration,
    IReadOnlyDictionary<string, JsonElement> Assignment,
    IReadOnlyDictionary<int, double> Values,
    int Started,
    int Pending,
    bool Ended
)
{
    /// <summary>The configurations of a sweep by their trials, in order; forks are nobody's configuration.</summary>
    internal static IReadOnlyList<RaceEntry> Of(SweepSpec spec, IEnumerable<TrialRecord> trials) =>
        [
            .. trials
                .Where(trial => trial.ParentId is null)
                .GroupBy(trial => trial.Configuration)
                .OrderBy(group => group.Key)
                .Select(group => Of(spec, [.. group])),
        ];

    private static RaceEntry Of(SweepSpec spec, IReadOnlyList<TrialRecord> trials)
    {
        var values = new Dictionary<int, double>();
        var places = spec.Seeds.Select((seed, i) => (seed, i)).ToDictionary(pair => pair.seed, pair => pair.i);
        foreach (var trial in trials.Where(trial => trial.State == TrialState.Completed))
            if (
                trial.Best.TryGetValue(spec.Objective.Metric, out var value)
                && double.IsFinite(value)
                && places.TryGetValue(trial.Spec.Seed, out var place)
            )
                values[place] = value;
        return new(
            trials[0].Configuration,
            trials[0].Assignment,
            values,
            trials.Count,
            trials.Count(trial => !trial.State.IsFinished()),
            trials.Any(trial => trial.State == TrialState.Pruned)
        );
    }
}
