using System.Globalization;

namespace SqsNet.Web.Components.Workbench;

/// <summary>A stretch of a column, or some of its words.</summary>
/// <param name="Low">The least number; null for no bound.</param>
/// <param name="High">The greatest number; null for no bound.</param>
/// <param name="Words">The words; null for a stretch of numbers.</param>
public sealed record AxisRange(double? Low, double? High, IReadOnlyList<string>? Words = null)
{
    /// <summary>Everything.</summary>
    internal static readonly AxisRange All = new(null, null);

    /// <summary>As a filter has it: "sqs.tau>=0.2 sqs.tau&lt;=1"; null where a word has a quotation mark, which none can hold.</summary>
    internal string? Write(TrialColumn column) =>
        Words is { } words
            ? words.Any(word => word.Contains('"'))
                ? null
                : $"{column.Key}={string.Join(',', words.Select(Quote))}"
            : string.Join(' ', Bound(">=", Low).Concat(Bound("<=", High)).Select(bound => column.Key + bound));

    private static string Quote(string word) =>
        word.Length == 0 || word.Any(c => c == ',' || char.IsWhiteSpace(c)) ? $"\"{word}\"" : word;

    private static IEnumerable<string> Bound(string comparison, double? value) =>
        value is { } bound ? [comparison + bound.ToString("R", CultureInfo.InvariantCulture)] : [];
}
