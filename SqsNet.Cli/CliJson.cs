using System.Text.Json;

namespace SqsNet.Cli;

/// <summary>How the verbs print JSON.</summary>
internal static class CliJson
{
    /// <summary>camelCase, indented.</summary>
    internal static JsonSerializerOptions Options { get; } =
        new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };
}
