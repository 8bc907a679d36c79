using MathNet.Numerics.Distributions;

namespace SqsNet.Engine.Statistics;

/// <summary>What happens to pairs without a difference.</summary>
public enum ZeroPairs
{
    /// <summary>They are left out (Wilcoxon).</summary>
    Drop,

    /// <summary>They are ranked, then left out (Pratt).</summary>
    Rank,

    /// <summary>Their ranks are shared between both signs.</summary>
    Split,
}

/// <summary>Result of the signed-rank test.</summary>
/// <param name="W">Sum of positive ranks; of a two-sided test the smaller of both sums.</param>
/// <param name="P">Probability of sums as far out, without a difference.</param>
public readonly record struct WilcoxonResult(double W, double P);

/// <summary>Wilcoxon's signed-rank test of pairs.</summary>
/// <remarks>Wilcoxon 1945; definitions as in SciPy's <c>stats.wilcoxon</c>.</remarks>
public static class Wilcoxon
{
    /// <summary>Most pairs for which the exact distribution is used.</summary>
    public const int MaxExact = 50;

    /// <summary>Exact test. Pairs without a difference are left out; tied differences share their ranks.</summary>
    /// <remarks>With ties the distribution is that of the shared ranks themselves, so the test stays exact.</remarks>
    /// <exception cref="ArgumentException">Samples of different size, no pair that differs, or more than <see cref="MaxExact"/>.</exception>
    public static WilcoxonResult Exact(
        IReadOnlyList<double> first,
        IReadOnlyList<double> second,
        Alternative alternative = Alternative.TwoSided
    )
    {
        var differences = Pairs.Differences(first, second).Where(d => d != 0).ToArray();
        if (differences.Length is 0 or > MaxExact)
            throw new ArgumentException(
                $"The exact test needs 1 to {MaxExact} pairs that differ; there are {differences.Length}.",
                nameof(first)
            );
        // Shared ranks are halves: twice a rank is a whole number, and the number of sign patterns per sum is a count.
        var doubled = Ranks(differences).Select(rank => (int)Math.Round(2 * rank)).ToArray();
        var patterns = new double[doubled.Sum() + 1];
        patterns[0] = 1;
        var reached = 0;
        foreach (var rank in doubled)
        {
            reached += rank;
            for (var sum = reached; sum >= rank; sum--)
                patterns[sum] += patterns[sum - rank];
        }
        var plus = doubled.Where((_, i) => differences[i] > 0).Sum();
        var all = Math.Pow(2, differences.Length);
        var atMost = patterns.Take(plus + 1).Sum() / all;
        var atLeast = patterns.Skip(plus).Sum() / all;
        return alternative switch
        {
            Alternative.Greater => new(plus / 2.0, atLeast),
            Alternative.Less => new(plus / 2.0, atMost),
            _ => new(Math.Min(plus, doubled.Sum() - plus) / 2.0, Math.Min(1, 2 * Math.Min(atMost, atLeast))),
        };
    }

    /// <summary>Test by the normal approximation, for many pairs.</summary>
    /// <param name="first">One value per pair.</param>
    /// <param name="second">The other, in the same order.</param>
    /// <param name="alternative">Which differences count.</param>
    /// <param name="zeros">What happens to pairs without a difference.</param>
    /// <param name="correction">Whether half a rank is taken off for continuity.</param>
    /// <exception cref="ArgumentException">Samples of different size, or no pair that differs.</exception>
    public static WilcoxonResult Approximate(
        IReadOnlyList<double> first,
        IReadOnlyList<double> second,
        Alternative alternative = Alternative.TwoSided,
        ZeroPairs zeros = ZeroPairs.Drop,
        bool correction = false
    )
    {
        var differences = Pairs.Differences(first, second);
        var zero = differences.Count(d => d == 0);
        if (zero == differences.Length)
            throw new ArgumentException("No pair differs.", nameof(first));
        if (zeros == ZeroPairs.Drop)
            (differences, zero) = ([.. differences.Where(d => d != 0)], 0);
        var ranks = Ranks(differences);
        double SumWhere(Func<double, bool> sign) => ranks.Where((_, i) => sign(differences[i])).Sum();
        var share = zeros == ZeroPairs.Split ? SumWhere(d => d == 0) / 2 : 0;
        var plus = SumWhere(d => d > 0) + share;
        var minus = SumWhere(d => d < 0) + share;

        double n = differences.Length;
        double dropped = zeros == ZeroPairs.Rank ? zero : 0;
        var mean = ((n * (n + 1)) - (dropped * (dropped + 1))) / 4;
        var counted = zeros == ZeroPairs.Rank ? ranks.Where((_, i) => differences[i] != 0) : ranks;
        var ties = counted.GroupBy(rank => rank).Sum(group => Math.Pow(group.Count(), 3) - group.Count());
        var variance =
            ((n * (n + 1) * ((2 * n) + 1)) - (dropped * (dropped + 1) * ((2 * dropped) + 1)) - (ties / 2)) / 24;

        var w = alternative == Alternative.TwoSided ? Math.Min(plus, minus) : plus;
        var shift =
            !correction ? 0
            : alternative == Alternative.TwoSided ? 0.5 * Math.Sign(w - mean)
            : alternative == Alternative.Greater ? 0.5
            : -0.5;
        var z = (w - mean - shift) / Math.Sqrt(variance);
        return alternative switch
        {
            Alternative.Greater => new(w, Normal.CDF(0, 1, -z)),
            Alternative.Less => new(w, Normal.CDF(0, 1, z)),
            _ => new(w, Math.Min(1, 2 * Normal.CDF(0, 1, -Math.Abs(z)))),
        };
    }

    /// <summary>Ranks of the sizes, from 1; equal sizes share the mean of their ranks.</summary>
    private static double[] Ranks(double[] differences)
    {
        var order = Enumerable.Range(0, differences.Length).OrderBy(i => Math.Abs(differences[i])).ToArray();
        var ranks = new double[differences.Length];
        for (var from = 0; from < order.Length; )
        {
            var to = from;
            while (to < order.Length && Math.Abs(differences[order[to]]) == Math.Abs(differences[order[from]]))
                to++;
            for (var i = from; i < to; i++)
                ranks[order[i]] = (from + 1 + to) / 2.0;
            from = to;
        }
        return ranks;
    }
}
