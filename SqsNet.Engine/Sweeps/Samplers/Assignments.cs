using System.Collections.ObjectModel;
using System.Text.Json;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>Compares and writes what a sampler chose.</summary>
public static class Assignments
{
    /// <summary>Nothing chosen: the sweep's own configuration.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Empty => ReadOnlyDictionary<string, JsonElement>.Empty;

    /// <summary>Whether two assignments choose the same values; 1 and 1.0 are the same.</summary>
    public static bool AreEqual(
        IReadOnlyDictionary<string, JsonElement> left,
        IReadOnlyDictionary<string, JsonElement> right
    ) =>
        left.Count == right.Count
        && left.All(pair => right.TryGetValue(pair.Key, out var value) && JsonElement.DeepEquals(pair.Value, value));

    /// <summary>A value as people read it: text without quotes, numbers as written, groups as JSON.</summary>
    public static string Show(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() ?? "",
            JsonValueKind.Number => SpecRange.Show(value.GetDouble()),
            JsonValueKind.Undefined => "",
            _ => value.GetRawText(),
        };

    /// <summary>An assignment on one line, "sqs.tau=0.5, sqs.lambda=1"; "defaults" for none.</summary>
    public static string Describe(IReadOnlyDictionary<string, JsonElement> assignment) =>
        assignment.Count == 0
            ? "defaults"
            : string.Join(", ", assignment.Select(pair => $"{pair.Key}={Show(pair.Value)}"));
}
