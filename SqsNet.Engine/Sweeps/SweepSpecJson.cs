using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Sweeps;

/// <summary>The one JSON shape of a sweep and of a trial: for the form, the API, the command line and the store.</summary>
/// <remarks>
/// camelCase keys, enumerations as camelCase words in exactly that spelling, unknown or doubled keys an error.
/// Absent keys take the defaults of the records. Reading reports every problem at once, each with its path.
/// </remarks>
public static class SweepSpecJson
{
    /// <summary>Longest text that is read, in characters.</summary>
    public const int MaxLength = 4_000_000;

    /// <summary>Path of a problem that concerns the text as a whole.</summary>
    public const string Root = "$";

    /// <summary>The serializer options of every specification; read-only.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>Reads a sweep.</summary>
    /// <exception cref="InvalidSpecException">The text is not a specification; carries every problem.</exception>
    public static SweepSpec Parse(string json) => Read<SweepSpec>(json);

    /// <summary>Reads a trial.</summary>
    /// <exception cref="InvalidSpecException">The text is not a trial's specification; carries every problem.</exception>
    public static TrialSpec ParseTrial(string json) => Read<TrialSpec>(json);

    /// <summary>Reads a trial folder's trial.json.</summary>
    /// <exception cref="InvalidSpecException">The text does not describe a trial; carries every problem.</exception>
    public static TrialDescription ParseDescription(string json) => Read<TrialDescription>(json);

    /// <summary>Reads what a fork is to differ in.</summary>
    /// <exception cref="InvalidSpecException">The text is no such thing; carries every problem.</exception>
    public static ForkSpec ParseFork(string json) => Read<ForkSpec>(json);

    /// <summary>Reads what a sweep is to have more of.</summary>
    /// <exception cref="InvalidSpecException">The text is no such thing; carries every problem.</exception>
    public static SweepExtension ParseExtension(string json) => Read<SweepExtension>(json);

    /// <summary>Reads a place in the queue.</summary>
    /// <exception cref="InvalidSpecException">The text is no such thing; carries every problem.</exception>
    public static QueuePlace ParseQueuePlace(string json) => Read<QueuePlace>(json);

    /// <summary>Reads a sweep, or says what is wrong with the text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="spec">The sweep; null when there are problems.</param>
    /// <param name="errors">Every problem with its path; empty on success.</param>
    public static bool TryParse(
        string json,
        [NotNullWhen(true)] out SweepSpec? spec,
        out IReadOnlyList<ConfigError> errors
    ) => TryRead(json, out spec, out errors);

    /// <summary>Reads a trial, or says what is wrong with the text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="spec">The trial's specification; null when there are problems.</param>
    /// <param name="errors">Every problem with its path; empty on success.</param>
    public static bool TryParseTrial(
        string json,
        [NotNullWhen(true)] out TrialSpec? spec,
        out IReadOnlyList<ConfigError> errors
    ) => TryRead(json, out spec, out errors);

    /// <summary>Writes a sweep, indented, with every key; <see cref="Parse"/> gives the same sweep back.</summary>
    public static string Serialize(SweepSpec spec) => JsonSerializer.Serialize(spec, Options);

    /// <summary>Writes a trial, indented, with every key; <see cref="ParseTrial"/> gives the same trial back.</summary>
    public static string Serialize(TrialSpec spec) => JsonSerializer.Serialize(spec, Options);

    /// <summary>The word that stands for an enumeration's value: CrossAttention is "crossAttention".</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>Reads any part of a specification from parsed JSON; problems go to <paramref name="errors"/>.</summary>
    /// <returns>The value; null when there are problems or the JSON is null.</returns>
    internal static object? Read(JsonElement element, Type type, string path, ICollection<ConfigError> errors)
    {
        var found = errors.Count;
        SpecShape.Check(element, Options.GetTypeInfo(type), path, errors);
        return errors.Count > found ? null : element.Deserialize(type, Options);
    }

    private static T Read<T>(string json)
        where T : class =>
        TryRead<T>(json, out var spec, out var errors) ? spec : throw new InvalidSpecException(errors);

    private static bool TryRead<T>(string json, [NotNullWhen(true)] out T? spec, out IReadOnlyList<ConfigError> errors)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(json);
        spec = null;
        if (json.Length > MaxLength)
        {
            errors = [new(Root, $"is {json.Length:N0} characters long; at most {MaxLength:N0} are read")];
            return false;
        }
        try
        {
            using var document = JsonDocument.Parse(json);
            var problems = new List<ConfigError>();
            spec =
                document.RootElement.ValueKind == JsonValueKind.Null
                    ? null
                    : (T?)Read(document.RootElement, typeof(T), "", problems);
            if (spec is null && problems.Count == 0)
                problems.Add(new(Root, "must be an object; it is null"));
            errors = problems;
            return spec is not null;
        }
        catch (JsonException malformed)
        {
            errors = [new(Root, Locate(json, malformed))];
            return false;
        }
        catch (Exception notText) when (notText is InvalidOperationException or ArgumentException)
        {
            // Half of a surrogate pair, escaped or not: the reader cannot make a string of it.
            errors = [new(Root, "holds text that is not valid Unicode")];
            return false;
        }
    }

    /// <summary>Says where the text stops being JSON, in 1-based lines and columns of characters.</summary>
    private static string Locate(string json, JsonException malformed)
    {
        var line = (int)(malformed.LineNumber ?? 0);
        var bytes = (int)(malformed.BytePositionInLine ?? 0);
        var text = json.Split('\n').ElementAtOrDefault(line) ?? "";
        var utf8 = Encoding.UTF8.GetBytes(text);
        var column = Encoding.UTF8.GetCharCount(utf8, 0, Math.Min(bytes, utf8.Length)) + 1;
        var reason = malformed.Message.Split(" LineNumber:", 2)[0].TrimEnd('.');
        return $"is not JSON at line {line + 1}, column {column}: {reason}";
    }

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            WriteIndented = true,
            // Names are people's own words: keep their letters readable, escape only what HTML could take for markup.
            Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        };
        options.MakeReadOnly();
        return options;
    }
}
