namespace SqsNet.Engine.Data;

/// <summary>The one canonical order of expressions, which is AffectNet's, and the spellings that mean each.</summary>
public static class ExpressionNames
{
    /// <summary>neutral, happiness, sadness, surprise, fear, disgust, anger, contempt.</summary>
    public static IReadOnlyList<string> Canonical { get; } =
    ["neutral", "happiness", "sadness", "surprise", "fear", "disgust", "anger", "contempt"];

    private static readonly Dictionary<string, string> s_spellings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["neutral"] = "neutral",
        ["neutrality"] = "neutral",
        ["happiness"] = "happiness",
        ["happy"] = "happiness",
        ["joy"] = "happiness",
        ["sadness"] = "sadness",
        ["sad"] = "sadness",
        ["surprise"] = "surprise",
        ["surprised"] = "surprise",
        ["fear"] = "fear",
        ["fearful"] = "fear",
        ["afraid"] = "fear",
        ["disgust"] = "disgust",
        ["disgusted"] = "disgust",
        ["anger"] = "anger",
        ["angry"] = "anger",
        ["contempt"] = "contempt",
    };

    /// <summary>The canonical name of an expression, or null where the spelling is not known.</summary>
    /// <param name="name">A folder's name, in any case.</param>
    public static string? FindCanonical(string name) => s_spellings.GetValueOrDefault(name.Trim());

    /// <summary>
    /// The class order of a folder of classes: the canonical one when every name is a spelling of a different
    /// expression, ordinal order otherwise.
    /// </summary>
    /// <param name="names">The names, in any order.</param>
    /// <returns>The given names in their order, each with the name of its class.</returns>
    public static IReadOnlyList<(string Given, string Class)> Order(IEnumerable<string> names)
    {
        var given = names.Order(StringComparer.Ordinal).ToList();
        var known = given.Select(FindCanonical).ToList();
        if (known.Contains(null) || known.Distinct().Count() < known.Count)
            return [.. given.Select(name => (name, name))];
        return
        [
            .. from expression in Canonical
            let position = known.IndexOf(expression)
            where position >= 0
            select (given[position], expression),
        ];
    }
}
