using SqsNet.Engine.Statistics;

namespace SqsNet.Engine.Reports;

/// <summary>Two configurations compared: by pairs where they share seeds, else as independent samples.</summary>
/// <param name="Pairs">Number of seeds that both have; 0 when they were compared as independent samples.</param>
/// <param name="Difference">Mean difference, first minus second; NaN when a side has no value.</param>
/// <param name="Test">Paired or Welch's t test; null when there are too few values.</param>
/// <param name="First">The first's values: of the shared seeds where there are pairs.</param>
/// <param name="Second">The second's values, in the same order where there are pairs.</param>
internal sealed record Comparison(
    int Pairs,
    double Difference,
    TTestResult? Test,
    IReadOnlyList<double> First,
    IReadOnlyList<double> Second
)
{
    /// <summary>Compares two measurements of the same metric.</summary>
    /// <returns>Null when a side has no value.</returns>
    internal static Comparison? Of(Measurement first, Measurement second)
    {
        if (first.Summary.N == 0 || second.Summary.N == 0)
            return null;
        // Several values of a seed, as of a group of several configurations, make no pairs.
        var distinct = HasDistinctSeeds(first) && HasDistinctSeeds(second);
        var bySeed = second.Values.ToLookup(value => value.Seed, value => value.Value);
        var shared = distinct ? first.Values.Where(value => bySeed.Contains(value.Seed)).ToList() : [];
        if (shared.Count > 0)
        {
            double[] a = [.. shared.Select(value => value.Value)];
            double[] b = [.. shared.Select(value => bySeed[value.Seed].Single())];
            TTestResult? paired = shared.Count > 1 ? TTest.Paired(a, b) : null;
            return new(shared.Count, a.Average() - b.Average(), paired, a, b);
        }
        TTestResult? welch =
            first.Summary.N > 1 && second.Summary.N > 1 ? TTest.Welch(first.Summary, second.Summary) : null;
        return new(
            0,
            first.Summary.Mean - second.Summary.Mean,
            welch,
            [.. first.Values.Select(value => value.Value)],
            [.. second.Values.Select(value => value.Value)]
        );
    }

    internal Interval? Interval(double confidence) => Test?.DifferenceInterval(confidence);

    /// <summary>Cohen's d: of pairs, the mean difference over the spread of differences; else over the pooled spread.</summary>
    /// <returns>NaN when it is undefined: no spread, or fewer than two values.</returns>
    internal double EffectSize
    {
        get
        {
            if (Pairs > 0)
            {
                var differences = Summary.Of([.. First.Zip(Second, (a, b) => a - b)]);
                return Ratio(Difference, differences.StandardDeviation);
            }
            var (s1, s2) = (Summary.Of(First), Summary.Of(Second));
            var degrees = s1.N + s2.N - 2;
            var squares = ((s1.N - 1) * Square(s1.StandardDeviation)) + ((s2.N - 1) * Square(s2.StandardDeviation));
            return Ratio(Difference, Math.Sqrt(squares / degrees));
        }
    }

    private static bool HasDistinctSeeds(Measurement measured) =>
        measured.Values.DistinctBy(value => value.Seed).Count() == measured.Values.Count;

    private static double Ratio(double difference, double spread) => spread > 0 ? difference / spread : double.NaN;

    private static double Square(double x) => x * x;
}
