using SqsNet.Engine.Events;
using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Reports;

/// <summary>A metric of two groups of trials.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="A">The first group's values.</param>
/// <param name="B">The second group's values.</param>
/// <param name="Pairs">Number of seeds that both have; 0 where they were compared as independent samples.</param>
/// <param name="Difference">First minus second: of the pairs where there are any, else of the means.</param>
/// <param name="Interval">Its 95 % interval; null where there are too few values.</param>
/// <param name="P">p of the t test, paired or Welch's; NaN where there are too few values.</param>
/// <param name="EffectSize">Cohen's d; NaN where it is undefined.</param>
public sealed record MetricDifference(
    string Metric,
    Summary A,
    Summary B,
    int Pairs,
    double Difference,
    Interval? Interval,
    double P,
    double EffectSize
);

/// <summary>A cell of two mean confusion matrices: shares of the true class.</summary>
/// <param name="A">The first group's mean share, 0 to 1; NaN for a class without faces.</param>
/// <param name="B">The second group's.</param>
public readonly record struct ConfusionCell(double A, double B)
{
    /// <summary>First minus second, −1 to 1.</summary>
    public double Difference => A - B;
}

/// <summary>What is different between two groups of trials: configurations over their seeds, or single trials.</summary>
public static class GroupComparison
{
    /// <summary>Every metric that both have, at the best epoch.</summary>
    /// <remarks>
    /// Of groups only trials that were trained to their end count; a trial alone stands as it is. Paired by seed where the
    /// seeds of each side differ and some are shared, else Welch's test.
    /// </remarks>
    /// <param name="a">The first group.</param>
    /// <param name="b">The second group.</param>
    public static IReadOnlyList<MetricDifference> Metrics(IReadOnlyList<TrialRecord> a, IReadOnlyList<TrialRecord> b)
    {
        var (first, second) = (Counted(a), Counted(b));
        var names = first.SelectMany(trial => trial.Best.Keys).Intersect(second.SelectMany(trial => trial.Best.Keys));
        var differences = new List<MetricDifference>();
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            var (one, two) = (Measurement.Of(name, first), Measurement.Of(name, second));
            if (Comparison.Of(one, two) is { } compared)
                differences.Add(
                    new(
                        name,
                        one.Summary,
                        two.Summary,
                        compared.Pairs,
                        compared.Difference,
                        compared.Interval(0.95),
                        compared.Test?.P ?? double.NaN,
                        compared.EffectSize
                    )
                );
        }
        return differences;
    }

    /// <summary>The trials of a group whose values count.</summary>
    public static IReadOnlyList<TrialRecord> Counted(IReadOnlyList<TrialRecord> group) =>
        group is [_] ? group : [.. group.Where(trial => trial.State == TrialState.Completed)];

    /// <summary>Mean shares of each true class over the matrices of each side; null where a side has none or the classes differ.</summary>
    /// <param name="a">The first side's matrices.</param>
    /// <param name="b">The second side's matrices.</param>
    public static IReadOnlyList<IReadOnlyList<ConfusionCell>>? Confusion(
        IReadOnlyList<ConfusionReported> a,
        IReadOnlyList<ConfusionReported> b
    )
    {
        if (a.Count == 0 || b.Count == 0)
            return null;
        var classes = a[0].Classes;
        if (a.Concat(b).Any(matrix => !matrix.Classes.SequenceEqual(classes)))
            return null;
        return
        [
            .. classes.Select(
                (_, row) =>
                    classes
                        .Select((_, column) => new ConfusionCell(Share(a, row, column), Share(b, row, column)))
                        .ToList()
            ),
        ];
    }

    private static double Share(IReadOnlyList<ConfusionReported> matrices, int truth, int predicted)
    {
        // Within each trial's row first, so that every seed counts the same.
        double[] shares = [.. matrices.Select(matrix => matrix.Share(truth, predicted)).Where(double.IsFinite)];
        return shares.Length > 0 ? shares.Average() : double.NaN;
    }
}
