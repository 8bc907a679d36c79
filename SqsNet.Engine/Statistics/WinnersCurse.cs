namespace SqsNet.Engine.Statistics;

/// <summary>How much of the best one's lead is luck: the largest of several noisy means is too large on average.</summary>
/// <remarks>
/// Empirical Bayes (Efron and Morris 1975, by the method of moments): the true means scatter with variance A around their
/// mean, each measured mean with its own error V = s2 / n of the pooled variance s2 within configurations. What fresh seeds
/// are expected to give is the mean of means plus A / (A + V) of the deviation.
/// </remarks>
public static class WinnersCurse
{
    /// <summary>Fewest configurations that their scatter can be told from.</summary>
    public const int Fewest = 3;

    /// <summary>What fresh seeds are expected to give for one of several configurations.</summary>
    /// <param name="summaries">Means over seeds of all configurations.</param>
    /// <param name="chosen">Position of the one.</param>
    /// <returns>The expected mean; null with fewer than three configurations that have a mean, or none with two seeds.</returns>
    public static double? Expected(IReadOnlyList<Summary> summaries, int chosen)
    {
        ArgumentNullException.ThrowIfNull(summaries);
        var known = summaries.Where(summary => summary.N > 0).ToList();
        var freedom = known.Sum(summary => summary.N - 1);
        if (known.Count < Fewest || freedom == 0 || summaries[chosen].N == 0)
            return null;
        var within =
            known.Where(s => s.N > 1).Sum(s => (s.N - 1) * s.StandardDeviation * s.StandardDeviation) / freedom;
        var means = Summary.Of([.. known.Select(summary => summary.Mean)]);
        var errors = known.Average(summary => within / summary.N);
        var between = Math.Max(0, (means.StandardDeviation * means.StandardDeviation) - errors);
        var own = within / summaries[chosen].N;
        var kept = between + own > 0 ? between / (between + own) : 1;
        return means.Mean + (kept * (summaries[chosen].Mean - means.Mean));
    }
}
