namespace SqsNet.Engine.Statistics;

/// <summary>Holm's correction: keeps the chance of any false claim over a whole table at its level.</summary>
/// <remarks>Holm 1979: the k-th smallest of m p-values is multiplied by m - k + 1, and never falls below the one before.</remarks>
public static class Holm
{
    /// <summary>The corrected p-values, in the order given. NaN (no test) stays NaN and does not count.</summary>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        var order = Enumerable
            .Range(0, pValues.Count)
            .Where(i => !double.IsNaN(pValues[i]))
            .OrderBy(i => pValues[i])
            .ToList();
        var adjusted = pValues.ToArray();
        var floor = 0.0;
        for (var rank = 0; rank < order.Count; rank++)
        {
            floor = Math.Max(floor, Math.Min(1, (order.Count - rank) * pValues[order[rank]]));
            adjusted[order[rank]] = floor;
        }
        return adjusted;
    }
}
