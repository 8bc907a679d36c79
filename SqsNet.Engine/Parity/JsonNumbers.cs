using System.Globalization;
using System.Text.Json;

namespace SqsNet.Engine.Parity;

/// <summary>Reads numbers out of the reference values.</summary>
internal static class JsonNumbers
{
    /// <summary>Every number of an array of any depth, in row-major order.</summary>
    internal static double[] Numbers(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array
            ? [.. element.EnumerateArray().SelectMany(Numbers)]
            :
            [
                element.ValueKind == JsonValueKind.String
                    ? double.Parse(element.GetString()!, CultureInfo.InvariantCulture)
                    : element.GetDouble(),
            ];

    /// <summary>A shape.</summary>
    internal static long[] Shape(this JsonElement element) =>
        [.. element.EnumerateArray().Select(size => size.GetInt64())];

    /// <summary>The number of that name.</summary>
    internal static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();
}
