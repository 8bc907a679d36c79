namespace SqsNet.Engine.Tests.Fixtures;

/// <summary>Compares lists of numbers and names the worst difference.</summary>
internal static class Close
{
    /// <summary>Fails where a number differs by more than the absolute plus the relative tolerance times the expected size.</summary>
    internal static void ShouldBeClose(
        this IReadOnlyList<double> actual,
        IReadOnlyList<double> expected,
        double relative,
        double absolute,
        string what
    )
    {
        actual.Count.ShouldBe(expected.Count, what);
        var (worst, excess) = (-1, 0.0);
        for (var i = 0; i < actual.Count; i++)
        {
            var difference = Math.Abs(actual[i] - expected[i]) - absolute - (relative * Math.Abs(expected[i]));
            if (difference > excess || double.IsNaN(difference))
                (worst, excess) = (i, double.IsNaN(difference) ? double.PositiveInfinity : difference);
        }
        if (worst >= 0)
            Assert.Fail(
                $"{what}[{worst}] is {actual[worst]:R}, not {expected[worst]:R} (relative {relative}, absolute {absolute})."
            );
    }

    /// <summary>Fails where two numbers differ by more than the tolerances.</summary>
    internal static void ShouldBeClose(
        this double actual,
        double expected,
        double relative,
        double absolute,
        string what
    ) => new[] { actual }.ShouldBeClose([expected], relative, absolute, what);
}
