namespace SqsNet.Storage;

/// <summary>What of a metric is read.</summary>
/// <param name="Metric">Its name; a trial that never reported it has a series without points.</param>
/// <param name="Points">At most so many points per trial, 5 or more; see <see cref="SeriesReducer"/>.</param>
public sealed record SeriesRequest(string Metric, int Points)
{
    /// <summary>The first step to read.</summary>
    public long First { get; init; }

    /// <summary>The last step to read.</summary>
    public long Last { get; init; } = long.MaxValue;

    /// <summary>How the values are smoothed, over all points; null leaves them as they were logged.</summary>
    public SeriesSmoothing? Smoothing { get; init; }

    /// <summary>The points from the first to the last step, with the neighbours on both sides, so that lines reach the edges.</summary>
    internal Span<SeriesPoint> Within(Span<SeriesPoint> points)
    {
        var start = 0;
        while (start < points.Length && points[start].Step < First)
            start++;
        var end = points.Length;
        while (end > start && points[end - 1].Step > Last)
            end--;
        return points[Math.Max(0, start - 1)..Math.Min(points.Length, end + 1)];
    }
}
