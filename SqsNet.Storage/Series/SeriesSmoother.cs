namespace SqsNet.Storage;

/// <summary>How a series is smoothed.</summary>
/// <param name="HalfLife">Distance over which a point's weight halves, above 0: steps, or seconds.</param>
/// <param name="OverSeconds">Whether distances are in training time rather than in steps.</param>
public sealed record SeriesSmoothing(double HalfLife, bool OverSeconds = false);

/// <summary>Exponentially weighted mean of all points so far, by their distance along the axis.</summary>
/// <remarks>
/// The value at x is Σ w v / Σ w over the points up to x with w = 2^(-(x - xᵢ) / half-life). So the start is not pulled
/// towards zero, and unevenly spaced points, such as those of a trial that logs each epoch, count by where they are and
/// not by how many. Every logged point takes part: what is drawn is reduced after this, not before.
/// </remarks>
internal static class SeriesSmoother
{
    /// <summary>Smooths points in place; NaN stays NaN and takes no part.</summary>
    internal static void Smooth(Span<SeriesPoint> points, SeriesSmoothing smoothing)
    {
        var (sum, weight, last) = (0.0, 0.0, 0.0);
        for (var i = 0; i < points.Length; i++)
        {
            var point = points[i];
            if (double.IsNaN(point.Value))
                continue;
            var x = smoothing.OverSeconds ? point.Seconds : point.Step;
            var decay = weight == 0 ? 0 : Math.Pow(2, -Math.Max(0, x - last) / smoothing.HalfLife);
            (sum, weight, last) = ((sum * decay) + point.Value, (weight * decay) + 1, x);
            points[i] = point with { Value = sum / weight };
        }
    }
}
