namespace SqsNet.Engine.Sweeps.Pruners;

/// <summary>A trial that has come to a rung.</summary>
/// <param name="TrialId">The trial.</param>
/// <param name="Value">What it has reached there; NaN ranks last.</param>
/// <param name="Promoted">Whether it has been sent on already.</param>
public readonly record struct RungEntry(long TrialId, double Value, bool Promoted);

/// <summary>A trial to send on, and why.</summary>
/// <param name="TrialId">The trial.</param>
/// <param name="Rung">0-based number of the rung that it leaves.</param>
/// <param name="Decision">Its value, the value it had to reach, and how many it was compared with.</param>
public sealed record Promotion(long TrialId, int Rung, PruneDecision Decision);

/// <summary>Who goes on from a rung.</summary>
public static class Rungs
{
    /// <summary>How many of m trials go on: max(1, ⌊m / η⌋).</summary>
    internal static int GoOn(int count, int factor) => Math.Max(1, count / factor);

    /// <summary>The worst value that still goes on.</summary>
    /// <param name="values">Values at the rung, none of them NaN; one or more.</param>
    /// <param name="factor">η.</param>
    /// <param name="goal">Direction of the objective.</param>
    internal static double Threshold(IReadOnlyList<double> values, int factor, Goal goal)
    {
        var sorted = goal == Goal.Maximize ? values.OrderDescending() : values.Order();
        return sorted.ElementAt(GoOn(values.Count, factor) - 1);
    }

    /// <summary>The trial that asynchronous successive halving sends on next; null when a new one is to start at the bottom.</summary>
    /// <param name="rungs">The trials at each rung but the last, the lowest first.</param>
    /// <param name="factor">η: one in so many goes on, 2 or more.</param>
    /// <param name="goal">Direction of the objective.</param>
    /// <remarks>
    /// Li et al. 2020, algorithm 2 (get_job): from the top down, of the best ⌊m / η⌋ of the m trials at a rung the best
    /// that has not been sent on. With fewer than η trials at a rung nobody is.
    /// </remarks>
    public static Promotion? Next(IReadOnlyList<IReadOnlyList<RungEntry>> rungs, int factor, Goal goal)
    {
        ArgumentNullException.ThrowIfNull(rungs);
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 2);
        for (var rung = rungs.Count - 1; rung >= 0; rung--)
        {
            var sign = goal == Goal.Maximize ? -1 : 1;
            var ranked = rungs[rung]
                .OrderBy(entry => double.IsNaN(entry.Value) ? double.PositiveInfinity : sign * entry.Value)
                .ToList();
            var best = ranked.Take(ranked.Count / factor).Where(entry => !double.IsNaN(entry.Value)).ToList();
            if (best.FindIndex(entry => !entry.Promoted) is >= 0 and var place)
                return new(
                    best[place].TrialId,
                    rung,
                    new(
                        false,
                        best[place].Value,
                        ranked.Count,
                        FormattableString.Invariant(
                            $"Rung {rung}: {best[place].Value:G5} is number {place + 1} of {ranked.Count}, of which {ranked.Count / factor} go on."
                        ),
                        rung,
                        best[^1].Value
                    )
                );
        }
        return null;
    }
}
