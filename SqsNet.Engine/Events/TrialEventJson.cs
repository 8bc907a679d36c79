using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace SqsNet.Engine.Events;

/// <summary>The one JSON shape of an event: in the store, in a trial's event file, on the wire.</summary>
/// <remarks>
/// One line; camelCase keys; "kind" tells the type of event; enumerations as camelCase words. JSON has no NaN and no
/// infinity, so those values are written as the texts "NaN", "Infinity" and "-Infinity" and read back as numbers.
/// </remarks>
public static class TrialEventJson
{
    /// <summary>The serializer options of every event; read-only.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>Writes an event on one line; <see cref="Parse(string)"/> gives the same event back.</summary>
    public static string Serialize(TrialEvent trialEvent) => JsonSerializer.Serialize(trialEvent, Options);

    /// <summary>Reads an event.</summary>
    /// <exception cref="JsonException">The text is not an event.</exception>
    public static TrialEvent Parse(string json) =>
        JsonSerializer.Deserialize<TrialEvent>(json, Options) ?? throw new JsonException("The event is null.");

    /// <summary>Reads an event from UTF-8.</summary>
    /// <exception cref="JsonException">The text is not an event.</exception>
    public static TrialEvent Parse(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize<TrialEvent>(utf8, Options) ?? throw new JsonException("The event is null.");

    /// <summary>The word that stands for the event's type in JSON: "state", "metrics", "confusion", "quads", "artifact", "log", "pruning", "testLook", "marked".</summary>
    /// <exception cref="ArgumentException">The type is not one of the known events.</exception>
    public static string Kind(TrialEvent trialEvent) =>
        trialEvent switch
        {
            StateChanged => "state",
            MetricsReported => "metrics",
            ConfusionReported => "confusion",
            QuadsChosen => "quads",
            ArtifactSaved => "artifact",
            Logged => "log",
            PruningDecided => "pruning",
            TestLooked => "testLook",
            TrialMarked => "marked",
            _ => throw new ArgumentException($"{trialEvent.GetType()} is not a known event.", nameof(trialEvent)),
        };

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerOptions.Web)
        {
            // Web options read numbers from any text; here only the three that JSON cannot write.
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            PropertyNameCaseInsensitive = false,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            AllowOutOfOrderMetadataProperties = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
