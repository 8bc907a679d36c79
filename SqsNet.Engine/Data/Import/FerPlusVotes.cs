namespace SqsNet.Engine.Data;

/// <summary>FERPlus' rules from ten votes to a target.</summary>
/// <remarks>
/// As src/ferplus.py of github.com/microsoft/FERPlus does in _process_data. The votes are for neutral, happiness, surprise,
/// sadness, anger, disgust, fear, contempt, unknown and NF (not a face); a single vote counts as none.
/// </remarks>
internal static class FerPlusVotes
{
    public const int Count = 10;
    public const int Expressions = 8;

    /// <summary>Shares of the ten classes that sum to 1, or null where the face is left out.</summary>
    /// <param name="votes">Ten votes, each 0 or more.</param>
    /// <param name="rule">Which rule.</param>
    public static float[]? Apply(ReadOnlySpan<int> votes, FerPlusRule rule)
    {
        var left = votes.ToArray().Select(v => v > 1 ? v : 0).ToArray();
        var sum = left.Sum();
        if (sum == 0)
            return null;
        var taken = rule switch
        {
            FerPlusRule.Majority => Majority(left, sum),
            FerPlusRule.CrossEntropy or FerPlusRule.Probability => Leading(left, sum),
            FerPlusRule.MultiTarget => Frequent(left, sum),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "unknown rule"),
        };
        if (taken is null || Array.IndexOf(taken, taken.Max()) >= Expressions)
            return null;
        float total = taken.Take(Expressions).Sum();
        return [.. taken.Take(Expressions).Select(t => t / total)];
    }

    private static int[]? Majority(int[] votes, int sum)
    {
        var most = votes.Max();
        if (2 * most <= sum)
            return null;
        var taken = new int[Count];
        taken[Array.IndexOf(votes, most)] = most;
        return taken;
    }

    // Peaks from the top until three quarters of the votes or three classes are in; unknown and NF end the search.
    private static int[]? Leading(int[] votes, int sum)
    {
        var taken = new int[Count];
        var count = 0;
        var isExpression = true;
        while (4 * taken.Sum() < 3 * sum && count < 3 && isExpression)
        {
            var most = votes.Max();
            for (var i = 0; i < Count; i++)
            {
                if (votes[i] != most)
                    continue;
                (taken[i], votes[i]) = (most, 0);
                count++;
                if (i < Expressions)
                    continue;
                isExpression = false;
                if (taken.Sum() > most)
                {
                    taken[i] = 0;
                    count--;
                }
                break;
            }
        }
        return 2 * taken.Sum() <= sum || count > 3 ? null : taken;
    }

    private static int[]? Frequent(int[] votes, int sum)
    {
        var taken = votes.Select(v => 10 * v >= 3 * sum ? v : 0).ToArray();
        if (2 * taken.Sum() <= sum)
            return null;
        // Decided by the votes, then all to equal shares: whichever of them the network says is right.
        var first = Array.IndexOf(taken, taken.Max());
        return first >= Expressions ? null : [.. taken.Select(t => t > 0 ? 1 : 0)];
    }
}
