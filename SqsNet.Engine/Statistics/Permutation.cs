namespace SqsNet.Engine.Statistics;

/// <summary>Exact permutation tests: no distribution is assumed, every relabelling is counted.</summary>
public static class Permutation
{
    /// <summary>Most pairs of the paired test: 2^20 sign patterns take a blink.</summary>
    public const int MaxPairs = 20;

    /// <summary>Most ways of splitting that the unpaired test counts.</summary>
    public const long MaxSplits = 2_000_000;

    // Sums are equal up to rounding when they are equal; a tie must count.
    private const double Tolerance = 1e-12;

    /// <summary>Paired test: the share of sign patterns whose mean difference is as far out as the one seen.</summary>
    /// <exception cref="ArgumentException">Samples of different size, no pairs, or more than <see cref="MaxPairs"/>.</exception>
    public static double Paired(
        IReadOnlyList<double> first,
        IReadOnlyList<double> second,
        Alternative alternative = Alternative.TwoSided
    )
    {
        var differences = Pairs.Differences(first, second);
        if (differences.Length is 0 or > MaxPairs)
            throw new ArgumentException(
                $"The test takes 1 to {MaxPairs} pairs; there are {differences.Length}.",
                nameof(first)
            );
        var seen = differences.Sum();
        var slack = Tolerance * differences.Sum(Math.Abs);
        var patterns = 1 << differences.Length;
        var asFar = 0;
        for (var pattern = 0; pattern < patterns; pattern++)
        {
            var sum = 0.0;
            for (var i = 0; i < differences.Length; i++)
                sum += (pattern >> i & 1) == 0 ? differences[i] : -differences[i];
            if (IsAsFar(sum, seen, slack, alternative))
                asFar++;
        }
        return (double)asFar / patterns;
    }

    /// <summary>Unpaired test: the share of splits whose difference of means is as far out as the one seen.</summary>
    /// <exception cref="ArgumentException">An empty sample, or more than <see cref="MaxSplits"/> splits.</exception>
    public static double Unpaired(
        IReadOnlyList<double> first,
        IReadOnlyList<double> second,
        Alternative alternative = Alternative.TwoSided
    )
    {
        double[] all = [.. first, .. second];
        if (first.Count == 0 || second.Count == 0 || Splits(all.Length, first.Count) > MaxSplits)
            throw new ArgumentException(
                $"The test needs two samples with at most {MaxSplits:N0} ways to split them; there are {first.Count} and {second.Count} values.",
                nameof(first)
            );
        // With the total fixed, the difference of means grows with the first sample's sum.
        var expected = all.Sum() * first.Count / all.Length;
        var seen = first.Sum() - expected;
        var slack = Tolerance * all.Sum(Math.Abs);
        var (asFar, splits) = (0L, 0L);
        Choose(0, first.Count, -expected);
        return (double)asFar / splits;

        void Choose(int from, int left, double sum)
        {
            if (left == 0)
            {
                splits++;
                if (IsAsFar(sum, seen, slack, alternative))
                    asFar++;
                return;
            }
            for (var i = from; i <= all.Length - left; i++)
                Choose(i + 1, left - 1, sum + all[i]);
        }
    }

    /// <summary>The smallest p that a two-sided paired test of n pairs can give: 2 / 2^n.</summary>
    /// <remarks>Wilcoxon's signed-rank test bottoms out at the same value.</remarks>
    public static double SmallestPairedP(int pairs) => pairs < 1 ? 1 : Math.Min(1, Math.Pow(2, 1 - pairs));

    /// <summary>The fewest pairs with which a two-sided paired test can reach a level.</summary>
    /// <param name="level">Greater than 0, at most 1.</param>
    public static int PairsNeeded(double level) => Math.Max(1, (int)Math.Ceiling(1 - Math.Log2(level)));

    private static bool IsAsFar(double sum, double seen, double slack, Alternative alternative) =>
        alternative switch
        {
            Alternative.Greater => sum >= seen - slack,
            Alternative.Less => sum <= seen + slack,
            _ => Math.Abs(sum) >= Math.Abs(seen) - slack,
        };

    private static double Splits(int n, int k)
    {
        var ways = 1.0;
        for (var i = 1; i <= k; i++)
            ways *= (double)(n - k + i) / i;
        return ways;
    }
}
