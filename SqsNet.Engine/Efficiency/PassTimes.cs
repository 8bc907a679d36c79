using System.Text.Json.Serialization;

namespace SqsNet.Engine.Efficiency;

/// <summary>How long forward passes took: the middle half of them, which no single interruption moves.</summary>
/// <param name="Repetitions">Passes that were timed, after the warm-up.</param>
/// <param name="MedianSeconds">Half of the passes took no longer.</param>
/// <param name="LowerQuartileSeconds">A quarter took no longer.</param>
/// <param name="UpperQuartileSeconds">Three quarters took no longer.</param>
public sealed record PassTimes(
    int Repetitions,
    double MedianSeconds,
    double LowerQuartileSeconds,
    double UpperQuartileSeconds
)
{
    /// <summary>The interquartile range.</summary>
    [JsonIgnore]
    public double SpreadSeconds => UpperQuartileSeconds - LowerQuartileSeconds;

    /// <summary>The statistics of some passes.</summary>
    /// <param name="seconds">At least one duration.</param>
    public static PassTimes Of(IReadOnlyCollection<double> seconds)
    {
        if (seconds.Count == 0)
            throw new ArgumentException("No pass was timed.", nameof(seconds));
        var sorted = seconds.Order().ToArray();
        return new(sorted.Length, Quantile(sorted, 0.5), Quantile(sorted, 0.25), Quantile(sorted, 0.75));
    }

    /// <summary>Linear between the two nearest values, as NumPy's default.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
