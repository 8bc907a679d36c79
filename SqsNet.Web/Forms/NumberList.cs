using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SqsNet.Web.Forms;

/// <summary>Lists of values as people type them.</summary>
internal static partial class NumberList
{
    // A slip such as "0-100000" must not become a list that long; left as a text it is reported.
    private const int LongestRange = 1_000;

    /// <summary>Seeds: whole numbers and ranges "0-4"; what is neither stays a text, to be reported.</summary>
    internal static JsonArray ReadSeeds(string text)
    {
        var seeds = new JsonArray();
        char[] separators = [',', ';', ' ', '\t', '\n'];
        foreach (var item in text.Split(separators, StringSplitOptions.RemoveEmptyEntries))
        {
            if (
                SeedRange().Match(item) is { Success: true } range
                && int.TryParse(range.Groups["first"].Value, CultureInfo.InvariantCulture, out var first)
                && int.TryParse(range.Groups["last"].Value, CultureInfo.InvariantCulture, out var last)
                && last >= first
                && last - first < LongestRange
            )
            {
                for (var seed = first; seed <= last; seed++)
                    seeds.Add(seed);
            }
            else if (int.TryParse(item, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed))
                seeds.Add(seed);
            else
                seeds.Add(item);
        }
        return seeds;
    }

    /// <summary>A list as text; three and more consecutive whole numbers as a range when asked.</summary>
    internal static string Write(JsonArray items, bool ranges = true)
    {
        var parts = new List<string>();
        for (var i = 0; i < items.Count; )
        {
            var length = 1;
            while (ranges && i + length < items.Count && Follows(items[i + length - 1], items[i + length]))
                length++;
            if (length > 2)
                parts.Add($"{items[i]}-{items[i + length - 1]}");
            else
                (length, _) = (1, 0);
            if (length == 1)
                parts.Add(
                    items[i] is JsonValue v && v.GetValueKind() == JsonValueKind.String
                        ? v.ToString()
                        : items[i]?.ToJsonString() ?? "null"
                );
            i += length;
        }
        return string.Join(", ", parts);
    }

    /// <summary>A number as a node, in the digits that were typed where JSON allows them.</summary>
    internal static JsonNode NodeOf(string typed, double number) =>
        JsonNumber().IsMatch(typed) ? JsonNode.Parse(typed)! : JsonValue.Create(number);

    private static bool Follows(JsonNode? first, JsonNode? second) =>
        first is JsonValue a
        && second is JsonValue b
        && a.TryGetValue<int>(out var before)
        && b.TryGetValue<int>(out var after)
        && after == before + 1;

    [GeneratedRegex(@"^(?<first>\d+)-(?<last>\d+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SeedRange();

    [GeneratedRegex(
        @"^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex JsonNumber();
}
