using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SqsNet.Engine.Models;

namespace SqsNet.Engine.Sweeps;

/// <summary>What kind of value stands at a path.</summary>
public enum SpecValueKind
{
    /// <summary>A finite number.</summary>
    Number,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>One of a few words.</summary>
    Word,

    /// <summary>Any text.</summary>
    Text,

    /// <summary>A group of keys.</summary>
    Group,
}

/// <summary>A place of a trial's specification that may vary within a sweep.</summary>
/// <param name="Path">Dotted path, as in the JSON: "sqs.tau".</param>
/// <param name="Kind">What stands there.</param>
/// <param name="Nullable">Whether null may stand there.</param>
/// <param name="Words">The words allowed there; empty unless <see cref="SpecValueKind.Word"/>.</param>
public sealed record SpecPathInfo(string Path, SpecValueKind Kind, bool Nullable, IReadOnlyList<string> Words)
{
    /// <summary>Whether a range (low, high) can stand for values of this path.</summary>
    public bool IsNumeric => Kind is SpecValueKind.Number or SpecValueKind.Integer;

    internal Type Type { get; init; } = typeof(object);
}

/// <summary>Reads and replaces values of a specification by dotted path, such as "sqs.tau" or "model.fusion.heads".</summary>
/// <remarks>
/// Everything that makes a trial may vary: the dataset, the model, the training protocol, the SQS module. What makes
/// the sweep (its name, seeds, strategy, objective, executor) may not.
/// </remarks>
public static class SpecPath
{
    private static readonly string[] _roots = ["dataset", "model", "training", "sqs"];

    /// <summary>Every path that may vary, in the order of the specification.</summary>
    public static IReadOnlyList<SpecPathInfo> All { get; } = Collect();

    private static readonly Dictionary<string, SpecPathInfo> _byPath = All.ToDictionary(p => p.Path);

    /// <summary>The path's description, or null when no such path may vary.</summary>
    public static SpecPathInfo? Find(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>The value at a path; JSON null where a group above it is absent.</summary>
    /// <exception cref="ArgumentException">No such path.</exception>
    public static JsonElement Get(TrialSpec spec, string path)
    {
        if (Find(path) is null)
            throw new ArgumentException($"\"{path}\" is not a path of the specification.", nameof(path));
        var element = JsonSerializer.SerializeToElement(spec, SweepSpecJson.Options);
        foreach (var key in path.Split('.'))
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out element))
                return JsonSerializer.SerializeToElement<object?>(null);
        return element;
    }

    /// <summary>The specification with the given values in place.</summary>
    /// <param name="spec">What to start from; stays as it is.</param>
    /// <param name="assignment">Value by path. Shorter paths are set first, so that "model" does not undo "model.name".</param>
    /// <exception cref="InvalidSpecException">A path does not exist or its value has the wrong shape.</exception>
    public static TrialSpec Apply(TrialSpec spec, IReadOnlyDictionary<string, JsonElement> assignment)
    {
        var errors = new List<ConfigError>();
        return TryApply(spec, assignment, path => path, errors) ?? throw new InvalidSpecException(errors);
    }

    /// <summary>A configuration with its seed, from the sweep's own values and what a sampler chose.</summary>
    /// <exception cref="InvalidSpecException">A path does not exist or its value has the wrong shape.</exception>
    public static TrialSpec Trial(SweepSpec sweep, IReadOnlyDictionary<string, JsonElement> assignment, int seed) =>
        Apply(Base(sweep, seed), assignment);

    /// <summary>The sweep's own values as a trial.</summary>
    internal static TrialSpec Base(SweepSpec sweep, int seed) =>
        new()
        {
            Dataset = sweep.Dataset,
            Model = sweep.Model,
            Training = sweep.Training,
            Sqs = sweep.Sqs,
            Objective = sweep.Objective,
            Seed = seed,
        };

    /// <summary>As <see cref="Apply"/>, but reports every problem; <paramref name="place"/> says where a path's value stands.</summary>
    internal static TrialSpec? TryApply(
        TrialSpec spec,
        IReadOnlyDictionary<string, JsonElement> assignment,
        Func<string, string> place,
        ICollection<ConfigError> errors
    )
    {
        var found = errors.Count;
        foreach (var (path, value) in assignment)
            CheckShape(path, value, place(path), errors);
        if (errors.Count > found)
            return null;
        var root = JsonSerializer.SerializeToNode(spec, SweepSpecJson.Options)!.AsObject();
        foreach (var (path, value) in assignment.OrderBy(pair => pair.Key.Count(c => c == '.')))
            Replace(root, path, value);
        return root.Deserialize<TrialSpec>(SweepSpecJson.Options)!;
    }

    /// <summary>Says that a path does not exist, naming the nearest that does.</summary>
    internal static string Unknown(string path)
    {
        var shown = path.Length <= 60 ? path : string.Concat(path.AsSpan(0, 57), "...");
        return NearestName.Find(path, All.Select(p => p.Path)) is { } nearest
            ? $"\"{shown}\" is not a path of the specification; did you mean \"{nearest}\"?"
            : $"\"{shown}\" is not a path of the specification that may vary. Such paths start with dataset, model, training or sqs: \"sqs.tau\"";
    }

    private static void CheckShape(string path, JsonElement value, string place, ICollection<ConfigError> errors)
    {
        if (Find(path) is not { } info)
            errors.Add(new(place, Unknown(path)));
        else if (value.ValueKind is JsonValueKind.Undefined)
            errors.Add(new(place, "has no value"));
        else if (value.ValueKind != JsonValueKind.Null)
            SweepSpecJson.Read(value, info.Type, place, errors);
        else if (!info.Nullable)
            errors.Add(new(place, "must not be null"));
    }

    private static void Replace(JsonObject root, string path, JsonElement value)
    {
        var keys = path.Split('.');
        var parent = root;
        for (var i = 0; i < keys.Length - 1; i++)
        {
            if (parent[keys[i]] is not JsonObject child)
                parent[keys[i]] = child = Absent(root, string.Join('.', keys[..(i + 1)]));
            parent = child;
        }
        parent[keys[^1]] = JsonNode.Parse(value.GetRawText());
    }

    /// <summary>What an absent group stands for, once one of its keys is set.</summary>
    private static JsonObject Absent(JsonObject root, string path)
    {
        var type = Find(path)!.Type;
        var value =
            path == "model.fusion"
                ? ModelRegistry.Resolve(root["model"].Deserialize<ModelSpec>(SweepSpecJson.Options)!).Fusion
                    ?? new FusionSpec()
                : JsonSerializer.Deserialize("{}", type, SweepSpecJson.Options);
        return JsonSerializer.SerializeToNode(value, type, SweepSpecJson.Options)!.AsObject();
    }

    private static List<SpecPathInfo> Collect()
    {
        var found = new List<SpecPathInfo>();
        foreach (var property in SweepSpecJson.Options.GetTypeInfo(typeof(TrialSpec)).Properties)
            if (_roots.Contains(property.Name))
                Collect(property, property.Name, found);
        return found;
    }

    private static void Collect(JsonPropertyInfo property, string path, List<SpecPathInfo> found)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var info = SweepSpecJson.Options.GetTypeInfo(type);
        var words = type.IsEnum ? Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName) : [];
        // The shape is checked against the type itself: whether null may stand there is the property's business.
        found.Add(new(path, Kind(type, info), property.IsSetNullable, [.. words]) { Type = type });
        if (info.Kind == JsonTypeInfoKind.Object)
            foreach (var member in info.Properties.Where(p => p.Set is not null))
                Collect(member, SpecShape.Join(path, member.Name), found);
    }

    private static SpecValueKind Kind(Type type, JsonTypeInfo info) =>
        info.Kind == JsonTypeInfoKind.Object ? SpecValueKind.Group
        : type.IsEnum ? SpecValueKind.Word
        : type == typeof(bool) ? SpecValueKind.Flag
        : type == typeof(int) ? SpecValueKind.Integer
        : type == typeof(double) ? SpecValueKind.Number
        : SpecValueKind.Text;
}
