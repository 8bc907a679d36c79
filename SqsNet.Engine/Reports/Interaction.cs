using SqsNet.Engine.Statistics;

namespace SqsNet.Engine.Reports;

/// <summary>
/// What leaving out two parts together does beyond the sum of what each does alone: 0 where they act independently, above
/// where one makes up for the other or both do the same.
/// </summary>
/// <param name="Difference">(both − full) − (first − full) − (second − full), over the shared seeds where there are any.</param>
/// <param name="Test">t test of the seeds' own contrasts; null where fewer than two seeds are shared by all four.</param>
internal sealed record Interaction(double Difference, TTestResult? Test)
{
    /// <summary>The interaction from the measurements of four configurations.</summary>
    /// <returns>Null when one of them has no value.</returns>
    internal static Interaction? Of(Measurement full, Measurement first, Measurement second, Measurement both)
    {
        Measurement[] corners = [both, full, first, second];
        if (corners.Any(corner => corner.Summary.N == 0))
            return null;
        var bySeed = corners
            .Select(corner => corner.Values.ToLookup(value => value.Seed, value => value.Value))
            .ToList();
        var seeds = bySeed[0]
            .Select(values => values.Key)
            .Where(seed => bySeed.All(of => of[seed].Count() == 1))
            .ToList();
        if (seeds.Count == 0)
            return new(both.Summary.Mean + full.Summary.Mean - first.Summary.Mean - second.Summary.Mean, null);
        double[] Sums(int one, int other) =>
            [.. seeds.Select(seed => bySeed[one][seed].Single() + bySeed[other][seed].Single())];
        var (equal, unequal) = (Sums(0, 1), Sums(2, 3));
        return new(equal.Average() - unequal.Average(), seeds.Count > 1 ? TTest.Paired(equal, unequal) : null);
    }

    internal Interval? Interval(double confidence) => Test?.DifferenceInterval(confidence);
}
