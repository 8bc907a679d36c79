using System.Text.Json;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Statistics;

/// <summary>The trials of one configuration over its seeds.</summary>
/// <param name="Configuration">0-based number of the configuration.</param>
/// <param name="Assignment">The values that the sampler chose, by path.</param>
/// <param name="Trials">All of them, by number, ended or not.</param>
public sealed record TrialGroup(
    int Configuration,
    IReadOnlyDictionary<string, JsonElement> Assignment,
    IReadOnlyList<TrialRecord> Trials
)
{
    /// <summary>The trials that were trained to their end. Only these are averaged.</summary>
    public IReadOnlyList<TrialRecord> Completed { get; } =
    [.. Trials.Where(trial => trial.State == TrialState.Completed)];

    /// <summary>A metric over the completed trials that have it.</summary>
    public Measurement Measure(string metric) =>
        Measurement.Of(metric, Completed) with
        {
            Pruned = Trials.Count(trial => trial.State == TrialState.Pruned),
        };
}

/// <summary>One trial's value of a metric.</summary>
/// <param name="Seed">The trial's seed.</param>
/// <param name="TrialId">The trial.</param>
/// <param name="Value">Its value, finite.</param>
public readonly record struct SeedValue(int Seed, long TrialId, double Value);

/// <summary>A metric of one configuration over its seeds.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Values">One per trial that has it.</param>
public sealed record Measurement(string Metric, IReadOnlyList<SeedValue> Values)
{
    /// <summary>A metric at the best epoch of those of some trials that have it.</summary>
    public static Measurement Of(string metric, IEnumerable<TrialRecord> trials) =>
        new(
            metric,
            [
                .. trials
                    .Where(trial => trial.Best.TryGetValue(metric, out var value) && double.IsFinite(value))
                    .Select(trial => new SeedValue(trial.Spec.Seed, trial.Id, trial.Best[metric])),
            ]
        );

    /// <summary>How many trials a pruner ended, and so left others that flatter the mean.</summary>
    public int Pruned { get; init; }

    /// <summary>Number, mean and spread.</summary>
    public Summary Summary { get; } = Summary.Of([.. Values.Select(value => value.Value)]);

    /// <summary>The trials behind it.</summary>
    public IReadOnlyList<long> TrialIds { get; } = [.. Values.Select(value => value.TrialId)];
}

/// <summary>Sorts trials into groups.</summary>
public static class Groups
{
    /// <summary>One group per configuration, in order. Forks of trials are nobody's configuration and are left out.</summary>
    public static IReadOnlyList<TrialGroup> Of(IEnumerable<TrialRecord> trials) =>
        [
            .. trials
                .Where(trial => trial.ParentId is null)
                .GroupBy(trial => trial.Configuration)
                .OrderBy(group => group.Key)
                .Select(group => new TrialGroup(
                    group.Key,
                    group.First().Assignment,
                    [.. group.OrderBy(trial => trial.Number)]
                )),
        ];
}
