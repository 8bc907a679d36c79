using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SqsNet.Engine.Events;

namespace SqsNet.Web.Live;

/// <summary>An item of the hub's stream: { "trial", "seq", "kind", … the event's own fields }.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Seq">1-based number within the trial, without gaps.</param>
/// <param name="Event">What happened.</param>
[JsonConverter(typeof(LiveEventConverter))]
public sealed record LiveEvent(long Trial, long Seq, TrialEvent Event);

internal sealed class LiveEventConverter : JsonConverter<LiveEvent>
{
    public override LiveEvent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var item = JsonNode.Parse(ref reader)?.AsObject() ?? throw new JsonException("The item is null.");
        var (trial, seq) = (Number(item, "trial"), Number(item, "seq"));
        item.Remove("trial");
        item.Remove("seq");
        var trialEvent = item.Deserialize<TrialEvent>(TrialEventJson.Options);
        return new(trial, seq, trialEvent ?? throw new JsonException("The event is null."));
    }

    public override void Write(Utf8JsonWriter writer, LiveEvent value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber("trial", value.Trial);
        writer.WriteNumber("seq", value.Seq);
        using var fields = JsonSerializer.SerializeToDocument(value.Event, TrialEventJson.Options);
        foreach (var field in fields.RootElement.EnumerateObject())
            field.WriteTo(writer);
        writer.WriteEndObject();
    }

    private static long Number(JsonObject item, string name) =>
        item[name]?.GetValue<long>() ?? throw new JsonException($"The item has no {name}.");
}
