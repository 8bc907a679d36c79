using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Racing;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Sweeps;

/// <summary>A configuration's outcome over its seeds.</summary>
/// <param name="Configuration">Its number.</param>
/// <param name="Name">What it chose.</param>
/// <param name="Values">The metric of each seed at its best epoch.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation with n − 1; null with one seed.</param>
/// <param name="Interval">95 % interval of the mean; null with one seed.</param>
/// <param name="Unfinished">How many of these trials still train.</param>
/// <param name="LeftOut">How many other trials failed, were stopped or were pruned: they are no outcome.</param>
public sealed record ConfigurationRow(
    int Configuration,
    string Name,
    IReadOnlyList<double> Values,
    double Mean,
    double? Deviation,
    Interval? Interval,
    int Unfinished,
    int LeftOut
)
{
    /// <summary>Whether it is a fork's, which no sampler proposed.</summary>
    public bool IsFork { get; init; }

    /// <summary>Where it stands in the race; null where the sweep is none, or by another metric than its objective.</summary>
    public RaceStanding? Standing { get; init; }

    /// <summary>Rows of a metric, the best mean first by the sweep's goal (losses: the lowest first).</summary>
    public static IReadOnlyList<ConfigurationRow> Of(SweepRecord sweep, IEnumerable<TrialRecord> trials, string metric)
    {
        var all = trials.ToList();
        var rows = all.GroupBy(t => (t.Configuration, IsFork: t.ParentId is not null))
            .Select(group =>
                Of(group.Key.Configuration, [.. group], metric) is { } row
                    ? row with
                    {
                        IsFork = group.Key.IsFork,
                    }
                    : null
            )
            .OfType<ConfigurationRow>();
        var lowerIsBetter =
            metric == sweep.Spec.Objective.Metric
                ? sweep.Spec.Objective.Goal == Goal.Minimize
                : metric.Contains("loss");
        var ordered = lowerIsBetter ? rows.OrderBy(r => r.Mean) : rows.OrderByDescending(r => r.Mean);
        if (sweep.Spec.Racing is null || metric != sweep.Spec.Objective.Metric)
            return [.. ordered];
        // Means of different seeds do not compare: the race's own do.
        var standings = RaceStandings.Of(sweep.Spec, all).ToDictionary(standing => standing.Configuration);
        return
        [
            .. ordered
                .Select(row =>
                    row with
                    {
                        Standing = row.IsFork ? null : standings.GetValueOrDefault(row.Configuration),
                    }
                )
                .OrderBy(row => row.Standing?.Place ?? RacePlace.Out)
                .ThenBy(row => (lowerIsBetter ? 1 : -1) * (row.Standing?.Mean ?? row.Mean)),
        ];
    }

    /// <summary>A scale that holds every value, and intervals as far as they leave the values readable.</summary>
    public static (double Low, double High) Scale(IReadOnlyList<ConfigurationRow> rows)
    {
        if (rows.Count == 0)
            return (0, 1);
        var low = rows.Min(r => r.Values.Min());
        var high = rows.Max(r => r.Values.Max());
        var air = Math.Max((high - low) * 0.5, 1e-6);
        return (
            Math.Max(low - air, rows.Min(r => Math.Min(r.Interval?.Low ?? low, low))),
            Math.Min(high + air, rows.Max(r => Math.Max(r.Interval?.High ?? high, high)))
        );
    }

    private static ConfigurationRow? Of(int configuration, IReadOnlyList<TrialRecord> trials, string metric)
    {
        // As in reports, what ended before its end does not count; what still trains does, with its best so far.
        var eligible = trials.Where(t => t.State == TrialState.Completed || !t.State.IsFinished()).ToList();
        var counted = eligible.Where(t => t.Best.TryGetValue(metric, out var v) && !double.IsNaN(v)).ToList();
        if (counted.Count == 0)
            return null;
        double[] values = [.. counted.Select(t => t.Best[metric])];
        var summary = Summary.Of(values);
        return new(
            configuration,
            Format.Assignment(trials[0].Assignment),
            values,
            summary.Mean,
            values.Length > 1 ? summary.StandardDeviation : null,
            summary.MeanInterval(),
            counted.Count(t => !t.State.IsFinished()),
            trials.Count - eligible.Count
        );
    }
}
