namespace SqsNet.Engine.Data;

/// <summary>How many faces FERPlus' rules keep.</summary>
/// <remarks>
/// As the log of the official trainer (github.com/microsoft/FERPlus) tells them; per class in FERPlus' order. Of the
/// multi-target rule only the total is told.
/// </remarks>
internal static class FerPlusCounts
{
    private static readonly int[] s_majority = [8733, 7284, 3136, 3022, 2098, 116, 536, 120];
    private static readonly int[] s_crossEntropy = [10107, 7501, 3517, 3445, 2401, 170, 643, 163];
    private static readonly int[] s_validation = [1180, 862, 411, 348, 289, 25, 60, 16];
    private static readonly int[] s_test = [1083, 892, 394, 382, 269, 16, 86, 15];
    private const int MultiTarget = 27_667;

    /// <summary>The counts of a rule; without contempt where there are seven classes.</summary>
    public static IReadOnlyList<PublishedCount> Of(FerPlusRule rule, int classes)
    {
        var counts = new List<PublishedCount>
        {
            new(DatasetSplit.Validation, s_validation[..classes]),
            new(DatasetSplit.Test, s_test[..classes]),
        };
        if (rule == FerPlusRule.MultiTarget && classes == s_majority.Length)
            counts.Insert(0, new(DatasetSplit.Train, MultiTarget, []));
        else if (rule != FerPlusRule.MultiTarget)
            counts.Insert(
                0,
                new(DatasetSplit.Train, (rule == FerPlusRule.Majority ? s_majority : s_crossEntropy)[..classes])
            );
        return counts;
    }
}
