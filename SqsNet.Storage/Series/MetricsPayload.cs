using System.Text.Json;

namespace SqsNet.Storage;

/// <summary>Picks one metric out of a metrics event's JSON without making the event.</summary>
/// <remarks>A series ends in up to 256 such events; fifty series at once must not build thousands of dictionaries.</remarks>
internal static class MetricsPayload
{
    /// <summary>Finds the metric's point.</summary>
    /// <param name="json">The event, UTF-8.</param>
    /// <param name="metric">Name of the metric.</param>
    /// <param name="point">The point; unset when the event has no such metric.</param>
    internal static bool TryFind(ReadOnlySpan<byte> json, string metric, out SeriesPoint point)
    {
        var reader = new Utf8JsonReader(json);
        long step = 0;
        double seconds = 0;
        double? value = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("step"u8))
            {
                reader.Read();
                step = reader.GetInt64();
            }
            else if (reader.ValueTextEquals("seconds"u8))
            {
                reader.Read();
                seconds = Number(ref reader);
            }
            else if (reader.ValueTextEquals("values"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var isWanted = reader.ValueTextEquals(metric);
                    reader.Read();
                    if (isWanted)
                        value = Number(ref reader);
                }
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        point = new(step, seconds, value ?? 0);
        return value is not null;
    }

    private static double Number(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
            return reader.GetDouble();
        return reader.ValueTextEquals("Infinity"u8) ? double.PositiveInfinity
            : reader.ValueTextEquals("-Infinity"u8) ? double.NegativeInfinity
            : double.NaN;
    }
}
