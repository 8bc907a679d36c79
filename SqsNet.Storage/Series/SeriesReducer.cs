namespace SqsNet.Storage;

/// <summary>Draws a long series with few points, so that it looks the same.</summary>
/// <remarks>
/// Jugel et al. 2014 (M4): the points are cut into buckets of equal number, and of each bucket the first, the least,
/// the greatest and the last point are kept, in order. So no spike is lost. A series with NaN also keeps the first NaN
/// of each bucket, so that the gap shows.
/// </remarks>
public static class SeriesReducer
{
    /// <summary>Reduces points to at most <paramref name="limit"/>.</summary>
    /// <param name="points">The points, in order.</param>
    /// <param name="limit">At most so many, 5 or more.</param>
    /// <returns>All points when they are few enough; otherwise the kept ones, in order.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is below 5.</exception>
    public static SeriesPoint[] Reduce(ReadOnlySpan<SeriesPoint> points, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 5);
        if (points.Length <= limit)
            return points.ToArray();
        var perBucket = HasNaN(points) ? 5 : 4;
        var buckets = limit / perBucket;
        var kept = new List<SeriesPoint>(buckets * perBucket);
        Span<int> indices = stackalloc int[5];
        for (var bucket = 0; bucket < buckets; bucket++)
        {
            var start = (int)((long)bucket * points.Length / buckets);
            var end = (int)((long)(bucket + 1) * points.Length / buckets);
            Choose(points, start, end, indices);
            indices.Sort();
            var previous = -1;
            foreach (var index in indices)
            {
                if (index != previous)
                    kept.Add(points[index]);
                previous = index;
            }
        }
        return [.. kept];
    }

    private static void Choose(ReadOnlySpan<SeriesPoint> points, int start, int end, Span<int> indices)
    {
        var least = -1;
        var greatest = -1;
        var firstNaN = start;
        for (var i = end - 1; i >= start; i--)
        {
            var value = points[i].Value;
            if (double.IsNaN(value))
                firstNaN = i;
            else
            {
                if (least < 0 || value <= points[least].Value)
                    least = i;
                if (greatest < 0 || value >= points[greatest].Value)
                    greatest = i;
            }
        }
        indices[0] = start;
        indices[1] = least < 0 ? start : least;
        indices[2] = greatest < 0 ? start : greatest;
        indices[3] = end - 1;
        indices[4] = firstNaN;
    }

    private static bool HasNaN(ReadOnlySpan<SeriesPoint> points)
    {
        foreach (var point in points)
        {
            if (double.IsNaN(point.Value))
                return true;
        }
        return false;
    }
}
