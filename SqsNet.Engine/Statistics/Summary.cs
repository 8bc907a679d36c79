namespace SqsNet.Engine.Statistics;

/// <summary>What is said of a sample: how many, their mean, their spread.</summary>
/// <param name="N">Number of values.</param>
/// <param name="Mean">Arithmetic mean; NaN for none.</param>
/// <param name="StandardDeviation">Sample standard deviation, divided by n - 1; NaN for fewer than two values.</param>
public readonly record struct Summary(int N, double Mean, double StandardDeviation)
{
    /// <summary>Standard error of the mean; NaN for fewer than two values.</summary>
    public double StandardError => StandardDeviation / Math.Sqrt(N);

    /// <summary>The summary of some values.</summary>
    /// <remarks>Two passes: the sum of squares of deviations from the mean loses nothing where values lie close together.</remarks>
    public static Summary Of(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
            return new(0, double.NaN, double.NaN);
        var mean = values.Average();
        var squares = values.Sum(value => (value - mean) * (value - mean));
        return new(values.Count, mean, values.Count > 1 ? Math.Sqrt(squares / (values.Count - 1)) : double.NaN);
    }

    /// <summary>Interval that covers the true mean with the given confidence, by Student's t with n - 1 degrees of freedom.</summary>
    /// <param name="confidence">0 to 1 exclusive; 0.95 by custom.</param>
    /// <returns>The interval; null for fewer than two values.</returns>
    /// <remarks>
    /// With few seeds the t factor matters: 4.30 for n = 3 and 2.78 for n = 5, where 1.96 would make the interval less
    /// than half as wide, or seven tenths.
    /// </remarks>
    public Interval? MeanInterval(double confidence = 0.95)
    {
        if (N < 2)
            return null;
        var half = StudentT.Quantile(0.5 + (confidence / 2), N - 1) * StandardError;
        return new(Mean - half, Mean + half);
    }
}

/// <summary>A closed interval.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Low, double High);
