using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SqsNet.Engine.Sweeps;

/// <summary>Compares JSON with the shape of a record and reports every difference, where the serializer would stop at the first.</summary>
internal static class SpecShape
{
    /// <summary>More problems than this help nobody.</summary>
    internal const int MaxErrors = 200;

    internal static void Check(JsonElement element, JsonTypeInfo type, string path, ICollection<ConfigError> errors)
    {
        if (errors.Count >= MaxErrors || type.Type == typeof(JsonElement))
            return;
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when Expect(element, JsonValueKind.Object, "an object", path, errors):
                CheckObject(element, type, path, errors);
                break;
            case JsonTypeInfoKind.Dictionary when Expect(element, JsonValueKind.Object, "an object", path, errors):
                CheckDictionary(element, type, path, errors);
                break;
            case JsonTypeInfoKind.Enumerable when Expect(element, JsonValueKind.Array, "a list", path, errors):
                CheckList(element, type, path, errors);
                break;
            case JsonTypeInfoKind.None:
                CheckScalar(element, Nullable.GetUnderlyingType(type.Type) ?? type.Type, path, errors);
                break;
        }
    }

    /// <summary>A value as it stands in a message: short, on one line.</summary>
    internal static string Show(JsonElement element)
    {
        var text = element.GetRawText().ReplaceLineEndings(" ");
        return text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "...");
    }

    /// <summary>Appends a key to a path.</summary>
    internal static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static void CheckObject(
        JsonElement element,
        JsonTypeInfo type,
        string path,
        ICollection<ConfigError> errors
    )
    {
        var seen = new HashSet<string>();
        foreach (var member in element.EnumerateObject())
        {
            var known = type.Properties.FirstOrDefault(p => p.Name == member.Name && p.Set is not null);
            var memberPath = Join(path, member.Name);
            if (!seen.Add(member.Name))
                errors.Add(new(memberPath, "appears twice"));
            else if (known is null)
                errors.Add(new(memberPath, Unknown("key", member.Name, Keys(type))));
            else if (member.Value.ValueKind != JsonValueKind.Null)
                Check(member.Value, type.Options.GetTypeInfo(known.PropertyType), memberPath, errors);
            else if (!known.IsSetNullable)
                errors.Add(new(memberPath, "must not be null; leave the key out for the default"));
            if (errors.Count >= MaxErrors)
                return;
        }
        foreach (var missing in type.Properties.Where(p => p.IsRequired && !seen.Contains(p.Name)))
            errors.Add(new(Join(path, missing.Name), "is required"));
    }

    private static void CheckDictionary(
        JsonElement element,
        JsonTypeInfo type,
        string path,
        ICollection<ConfigError> errors
    )
    {
        var values = type.Options.GetTypeInfo(type.ElementType!);
        var seen = new HashSet<string>();
        foreach (var member in element.EnumerateObject())
        {
            var memberPath = Join(path, member.Name);
            if (!seen.Add(member.Name))
                errors.Add(new(memberPath, "appears twice"));
            else if (member.Value.ValueKind == JsonValueKind.Null && values.Type != typeof(JsonElement))
                errors.Add(new(memberPath, "must not be null"));
            else
                Check(member.Value, values, memberPath, errors);
        }
    }

    private static void CheckList(JsonElement element, JsonTypeInfo type, string path, ICollection<ConfigError> errors)
    {
        var items = type.Options.GetTypeInfo(type.ElementType!);
        var index = 0;
        foreach (var item in element.EnumerateArray())
        {
            var itemPath = $"{path}[{index++}]";
            if (item.ValueKind == JsonValueKind.Null && items.Type != typeof(JsonElement))
                errors.Add(new(itemPath, "must not be null"));
            else
                Check(item, items, itemPath, errors);
            if (errors.Count >= MaxErrors)
                return;
        }
    }

    private static void CheckScalar(JsonElement element, Type type, string path, ICollection<ConfigError> errors)
    {
        if (type.IsEnum)
            CheckWord(element, type, path, errors);
        else if (type == typeof(string))
            Expect(element, JsonValueKind.String, "a text", path, errors);
        else if (type == typeof(bool))
        {
            if (element.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                errors.Add(new(path, $"must be true or false; it is {Show(element)}"));
        }
        else if (type == typeof(int))
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt32(out _))
                errors.Add(new(path, $"must be a whole number up to {int.MaxValue}; it is {Show(element)}"));
        }
        else if (
            element.ValueKind != JsonValueKind.Number
            || !element.TryGetDouble(out var number)
            || !double.IsFinite(number)
        )
            errors.Add(new(path, $"must be a finite number; it is {Show(element)}"));
    }

    private static void CheckWord(JsonElement element, Type type, string path, ICollection<ConfigError> errors)
    {
        var words = Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName).ToList();
        if (element.ValueKind != JsonValueKind.String)
            errors.Add(new(path, $"must be one of {string.Join(", ", words)}; it is {Show(element)}"));
        else if (element.GetString() is { } word && !words.Contains(word))
            errors.Add(new(path, Unknown("word", word, words)));
    }

    private static bool Expect(
        JsonElement element,
        JsonValueKind kind,
        string what,
        string path,
        ICollection<ConfigError> errors
    )
    {
        if (element.ValueKind == kind)
            return true;
        errors.Add(new(path.Length == 0 ? SweepSpecJson.Root : path, $"must be {what}; it is {Show(element)}"));
        return false;
    }

    private static List<string> Keys(JsonTypeInfo type) =>
        [.. type.Properties.Where(p => p.Set is not null).Select(p => p.Name)];

    private static string Unknown(string what, string name, List<string> known)
    {
        var shown = name.Length <= 60 ? name : name[..57] + "...";
        var nearest = NearestName.Find(name, known) is { } near ? $"; did you mean \"{near}\"?" : ".";
        return $"\"{shown}\" is not a known {what}{nearest} Known: {string.Join(", ", known)}";
    }
}
