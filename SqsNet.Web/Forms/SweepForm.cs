using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Forms;

/// <summary>A specification while somebody is writing it: any text may stand anywhere, nothing typed is lost.</summary>
/// <remarks>
/// It is kept as the JSON that the specification will be, so that form, JSON view, API and command line share one
/// reader and one set of rules. What cannot be read as a number stays a text, and the reader says what is wrong with it.
/// </remarks>
public sealed class SweepForm
{
    // What was typed where it is not how the JSON writes it: "0-4" for seeds, "1e-4", "0.1, " in the middle of a list.
    private readonly Dictionary<string, string> _typed = [];
    private readonly Dictionary<string, JsonNode?> _parked = [];
    private JsonObject _spec = [];

    /// <summary>Starts from a specification.</summary>
    public SweepForm(SweepSpec spec) => Load(spec);

    /// <summary>The whole specification as JSON, indented.</summary>
    public string Json => _spec.ToJsonString(SweepSpecJson.Options);

    /// <summary>Replaces everything.</summary>
    public void Load(SweepSpec spec)
    {
        _typed.Clear();
        _parked.Clear();
        _spec = JsonNode.Parse(SweepSpecJson.Serialize(spec))!.AsObject();
    }

    /// <summary>Replaces everything by a JSON text; unknown keys are kept and reported by <see cref="Read"/>.</summary>
    /// <returns>What is wrong with the text as JSON; null when it could be taken.</returns>
    public string? LoadJson(string json)
    {
        try
        {
            if (json.Length > SweepSpecJson.MaxLength)
                return $"The text is longer than {SweepSpecJson.MaxLength:N0} characters.";
            var node = JsonNode.Parse(json, documentOptions: new() { AllowDuplicateProperties = false });
            if (node is not JsonObject read)
                return "The text must be one JSON object, from { to }.";
            // Keys left out take their defaults, so that every field has something to show.
            var whole = JsonNode.Parse(SweepSpecJson.Serialize(new SweepSpec()))!.AsObject();
            Merge(whole, read);
            _typed.Clear();
            _parked.Clear();
            _spec = whole;
            return null;
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException or InvalidOperationException)
        {
            return malformed.Message;
        }
    }

    /// <summary>Reads the specification and checks it by every rule.</summary>
    /// <param name="errors">Every problem with its path; empty when it can be launched.</param>
    /// <returns>The specification; null when the form does not even hold one.</returns>
    public SweepSpec? Read(out IReadOnlyList<ConfigError> errors)
    {
        if (!SweepSpecJson.TryParse(_spec.ToJsonString(), out var spec, out errors))
            return null;
        errors = spec.Validate();
        return spec;
    }

    /// <summary>What a field shows: as typed, or as the JSON has it; "" for null.</summary>
    public string Text(string path)
    {
        if (_typed.TryGetValue(path, out var typed))
            return typed;
        return Find(path) switch
        {
            null => "",
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            var other => other.ToJsonString(),
        };
    }

    /// <summary>Sets a text or a word.</summary>
    public void SetText(string path, string? text) => Put(path, JsonValue.Create(text ?? ""));

    /// <summary>Sets a text, a word or a path that may be absent: nothing typed is null.</summary>
    public void SetOptionalText(string path, string? text) =>
        Put(path, string.IsNullOrWhiteSpace(text) ? null : JsonValue.Create(text));

    /// <summary>Sets a number; a text that is none stays, to be reported.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="text">As typed.</param>
    /// <param name="optional">Whether nothing typed means null.</param>
    public void SetNumber(string path, string? text, bool optional = false)
    {
        Put(path, optional && string.IsNullOrWhiteSpace(text) ? null : ScalarOf(text ?? ""));
        _typed[path] = text ?? "";
    }

    /// <summary>Whether a switch is on.</summary>
    public bool Flag(string path) => Find(path) is JsonValue value && value.TryGetValue<bool>(out var on) && on;

    /// <summary>Sets a switch.</summary>
    public void SetFlag(string path, bool on) => Put(path, JsonValue.Create(on));

    /// <summary>Whether a group of values (a fusion of one's own, early stopping) is there.</summary>
    public bool Has(string path) => Find(path) is JsonObject;

    /// <summary>Adds a group with its defaults, or makes it null.</summary>
    public void SetGroup<T>(string path, T? group)
        where T : class
    {
        foreach (var typed in _typed.Keys.Where(key => key.StartsWith(path + ".", StringComparison.Ordinal)).ToList())
            _typed.Remove(typed);
        Put(path, group is null ? null : JsonSerializer.SerializeToNode(group, SweepSpecJson.Options));
    }

    /// <summary>The seeds: "0-4, 7".</summary>
    public string Seeds =>
        _typed.TryGetValue("seeds", out var typed) ? typed : NumberList.Write(_spec["seeds"] as JsonArray ?? []);

    /// <summary>Sets the seeds: whole numbers and ranges of them, separated by commas or spaces.</summary>
    public void SetSeeds(string? text)
    {
        Put("seeds", NumberList.ReadSeeds(text ?? ""));
        _typed["seeds"] = text ?? "";
    }

    /// <summary>The tags, separated by commas.</summary>
    public string Tags =>
        _typed.TryGetValue("tags", out var typed)
            ? typed
            : string.Join(", ", (_spec["tags"] as JsonArray ?? []).Select(tag => tag?.ToString()));

    /// <summary>Sets the tags.</summary>
    public void SetTags(string? text)
    {
        const StringSplitOptions clean = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        Put("tags", new JsonArray([.. (text ?? "").Split(',', clean).Select(tag => JsonValue.Create(tag))]));
        _typed["tags"] = text ?? "";
    }

    /// <summary>Paths that vary, in the specification's order.</summary>
    public IReadOnlyList<string> Varied => [.. Space.Select(entry => entry.Key)];

    /// <summary>How a path varies.</summary>
    public VariationKind VariationOf(string path) =>
        Space[path] switch
        {
            JsonObject entry when entry["values"] is not null => VariationKind.Values,
            JsonObject => VariationKind.Range,
            _ => VariationKind.Fixed,
        };

    /// <summary>Changes how a path varies; what was typed for the other ways comes back with them.</summary>
    public void SetVariation(string path, VariationKind kind)
    {
        var before = VariationOf(path);
        if (before == kind)
            return;
        if (Space[path] is { } entry)
        {
            _parked[$"{path} {before}"] = entry.DeepClone();
            Space.Remove(path);
        }
        if (kind != VariationKind.Fixed)
            Space[path] = _parked.GetValueOrDefault($"{path} {kind}")?.DeepClone() ?? FirstVariation(path, kind);
    }

    /// <summary>The values of a path that varies, separated by commas.</summary>
    public string Values(string path) =>
        _typed.TryGetValue(ValuesKey(path), out var typed)
            ? typed
            : NumberList.Write(Space[path]?["values"] as JsonArray ?? [], ranges: false);

    /// <summary>Sets the values of a path: numbers, true, false or words, separated by commas.</summary>
    public void SetValues(string path, string? text)
    {
        var items = (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var entry = new JsonObject { ["values"] = new JsonArray([.. items.Select(ScalarOf)]) };
        // A condition is written in the JSON view alone and must not go when a value is added.
        if (Space[path]?["when"] is { } when)
            entry["when"] = when.DeepClone();
        Space[path] = entry;
        _typed[ValuesKey(path)] = text ?? "";
    }

    /// <summary>One end of a range, or its step: "low", "high", "step".</summary>
    public string RangePart(string path, string part) =>
        _typed.TryGetValue($"space.{path}.{part}", out var typed) ? typed : Space[path]?[part]?.ToJsonString() ?? "";

    /// <summary>Sets one end of a range, or its step; nothing typed is null.</summary>
    public void SetRangePart(string path, string part, string? text)
    {
        if (Space[path] is not JsonObject entry)
            return;
        entry[part] = string.IsNullOrWhiteSpace(text) ? null : ScalarOf(text);
        _typed[$"space.{path}.{part}"] = text ?? "";
    }

    /// <summary>Whether a range is searched in the logarithm.</summary>
    public bool IsLog(string path) => Space[path]?["log"] is JsonValue log && log.TryGetValue<bool>(out var on) && on;

    /// <summary>Says whether a range is searched in the logarithm.</summary>
    public void SetLog(string path, bool log)
    {
        if (Space[path] is JsonObject entry)
            entry["log"] = log;
    }

    private JsonObject Space
    {
        get
        {
            if (_spec["space"] is not JsonObject space)
                _spec["space"] = space = [];
            return space;
        }
    }

    private JsonObject FirstVariation(string path, VariationKind kind)
    {
        var own = Find(path)?.DeepClone();
        if (kind == VariationKind.Values)
            return new() { ["values"] = new JsonArray(own) };
        var middle = own is JsonValue value && value.TryGetValue<double>(out var number) && number > 0 ? number : 1;
        return new()
        {
            ["low"] = Math.Round(middle / 2, 6),
            ["high"] = Math.Round(middle * 2, 6),
            ["log"] = false,
            ["step"] = null,
        };
    }

    private static string ValuesKey(string path) => $"space.{path}.values";

    private JsonNode? Find(string path)
    {
        JsonNode? node = _spec;
        foreach (var key in path.Split('.'))
            node = (node as JsonObject)?[key];
        return node;
    }

    private void Put(string path, JsonNode? value)
    {
        _typed.Remove(path);
        var keys = path.Split('.');
        var parent = _spec;
        foreach (var key in keys[..^1])
        {
            if (parent[key] is not JsonObject child)
                parent[key] = child = [];
            parent = child;
        }
        parent[keys[^1]] = value;
    }

    /// <summary>A number, true or false where the text is one; else the text itself.</summary>
    private static JsonNode ScalarOf(string text)
    {
        var word = text.Trim();
        if (word is "true" or "false")
            return JsonValue.Create(word == "true");
        return
            double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? NumberList.NodeOf(word, number)
            : JsonValue.Create(word);
    }

    /// <summary>Lays what was read over the defaults; groups are merged, everything else is replaced.</summary>
    private static void Merge(JsonObject whole, JsonObject read)
    {
        foreach (var (key, value) in read)
        {
            // Free-form objects (the space, a list's configurations) are taken as they are.
            if (key != "space" && value is JsonObject inner && whole[key] is JsonObject outer)
                Merge(outer, inner);
            else
                whole[key] = value?.DeepClone();
        }
    }
}

/// <summary>How a value behaves within a sweep.</summary>
public enum VariationKind
{
    /// <summary>The same in every trial.</summary>
    Fixed,

    /// <summary>One of a list.</summary>
    Values,

    /// <summary>Anything between two ends.</summary>
    Range,
}
