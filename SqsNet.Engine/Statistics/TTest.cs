namespace SqsNet.Engine.Statistics;

/// <summary>Result of a t test.</summary>
/// <param name="T">The statistic.</param>
/// <param name="Degrees">Degrees of freedom.</param>
/// <param name="P">Probability of a statistic as far out, without a difference.</param>
/// <param name="Difference">Mean of the first sample minus that of the second.</param>
/// <param name="StandardError">Standard error of the difference.</param>
public readonly record struct TTestResult(double T, double Degrees, double P, double Difference, double StandardError)
{
    /// <summary>Interval that covers the true difference with the given confidence.</summary>
    /// <param name="confidence">0 to 1 exclusive.</param>
    public Interval DifferenceInterval(double confidence = 0.95)
    {
        var half = StudentT.Quantile(0.5 + (confidence / 2), Degrees) * StandardError;
        return new(Difference - half, Difference + half);
    }
}

/// <summary>Student's and Welch's t tests of means.</summary>
public static class TTest
{
    /// <summary>Compares pairs, such as two configurations trained with the same seeds.</summary>
    /// <param name="first">One value per pair.</param>
    /// <param name="second">The other, in the same order.</param>
    /// <param name="alternative">Which differences count.</param>
    /// <remarks>Equal pairs have no spread: t is then 0 (p = 1) without a difference, infinite (p = 0) with one.</remarks>
    /// <exception cref="ArgumentException">Fewer than two pairs, or samples of different size.</exception>
    public static TTestResult Paired(
        IReadOnlyList<double> first,
        IReadOnlyList<double> second,
        Alternative alternative = Alternative.TwoSided
    )
    {
        var differences = Pairs.Differences(first, second);
        if (differences.Length < 2)
            throw new ArgumentException(
                $"A paired test needs at least two pairs; there is {differences.Length}.",
                nameof(first)
            );
        return OneSample(Summary.Of(differences), 0, alternative);
    }

    /// <summary>Compares a sample's mean with a fixed number, such as a published one.</summary>
    /// <exception cref="ArgumentException">Fewer than two values.</exception>
    public static TTestResult OneSample(Summary sample, double expected, Alternative alternative = Alternative.TwoSided)
    {
        if (sample.N < 2)
            throw new ArgumentException($"The test needs at least two values; there is {sample.N}.", nameof(sample));
        return Result(sample.Mean - expected, sample.StandardError, sample.N - 1, alternative);
    }

    /// <summary>Compares two independent samples whose spreads may differ.</summary>
    /// <remarks>Welch 1947, with Satterthwaite's degrees of freedom.</remarks>
    /// <exception cref="ArgumentException">Fewer than two values in a sample.</exception>
    public static TTestResult Welch(Summary first, Summary second, Alternative alternative = Alternative.TwoSided)
    {
        if (first.N < 2 || second.N < 2)
            throw new ArgumentException(
                $"The test needs two values each; there are {first.N} and {second.N}.",
                nameof(first)
            );
        var (a, b) = (Square(first.StandardError), Square(second.StandardError));
        var degrees = a + b > 0 ? Square(a + b) / ((a * a / (first.N - 1)) + (b * b / (second.N - 1))) : 1;
        return Result(first.Mean - second.Mean, Math.Sqrt(a + b), degrees, alternative);
    }

    private static TTestResult Result(double difference, double error, double degrees, Alternative alternative)
    {
        var t =
            error > 0 ? difference / error
            : difference == 0 ? 0
            : double.CopySign(double.PositiveInfinity, difference);
        return new(t, degrees, StudentT.PValue(t, degrees, alternative), difference, error);
    }

    private static double Square(double x) => x * x;
}

/// <summary>Paired samples.</summary>
internal static class Pairs
{
    internal static double[] Differences(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count)
            throw new ArgumentException(
                $"Pairs need as many values on both sides; there are {first.Count} and {second.Count}.",
                nameof(first)
            );
        return [.. first.Zip(second, (a, b) => a - b)];
    }
}
