using System.Text.Json;

namespace SqsNet.Engine.Sweeps;

/// <summary>Values are equal when they mean the same: 1 and 1.0 are.</summary>
internal sealed class JsonValues : IEqualityComparer<JsonElement>
{
    internal static JsonValues Instance { get; } = new();

    public bool Equals(JsonElement x, JsonElement y) => JsonElement.DeepEquals(x, y);

    // 1 and 1.0 are equal but are not written alike: numbers by value, the rest by kind.
    public int GetHashCode(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetDouble().GetHashCode() : (int)value.ValueKind;
}
