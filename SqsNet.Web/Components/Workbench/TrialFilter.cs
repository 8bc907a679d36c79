using System.Globalization;
using System.Text.RegularExpressions;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Workbench;

/// <summary>A filter as people type it: "tau&lt;=1 seed=0,1 val/accuracy&gt;0.6 diverged". All conditions must hold.</summary>
/// <remarks>
/// A condition is a column, a comparison and a value, in quotation marks where it has spaces or commas; = and != take
/// several values with commas, ~ looks for words within. A word alone is looked for in the trial's name, state, message, tags and note. Shares may be written as per cent.
/// </remarks>
public sealed partial class TrialFilter
{
    private readonly List<Func<TrialRecord, bool>> _conditions = [];
    private readonly Dictionary<string, AxisRange> _ranges = [];

    /// <summary>What of the text cannot be understood; null when all of it can.</summary>
    public string? Problem { get; private set; }

    /// <summary>The stretches of columns of numbers that it lets pass, by the columns' keys.</summary>
    public IReadOnlyDictionary<string, AxisRange> Ranges => _ranges;

    /// <summary>Whether a trial passes.</summary>
    public bool Passes(TrialRecord trial) => _conditions.TrueForAll(condition => condition(trial));

    /// <summary>Reads a filter.</summary>
    /// <param name="text">What was typed; empty lets everything pass.</param>
    /// <param name="columns">The columns that it may name.</param>
    public static TrialFilter Parse(string? text, TrialColumns columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var filter = new TrialFilter();
        foreach (var word in Words(text))
            filter.Add(word, columns);
        return filter;
    }

    /// <summary>The text with a column's conditions replaced by a stretch of it, or by none.</summary>
    /// <param name="text">The text as it was.</param>
    /// <param name="column">The column.</param>
    /// <param name="range">What passes; null for everything.</param>
    /// <param name="columns">The columns that the text may name.</param>
    public static string? With(string? text, TrialColumn column, AxisRange? range, TrialColumns columns)
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentNullException.ThrowIfNull(columns);
        var others = Words(text)
            .Where(word =>
                Condition().Match(word) is not { Success: true } m || columns.Find(m.Groups["name"].Value) != column
            );
        var words = range?.Write(column) is { Length: > 0 } condition ? others.Append(condition) : others;
        return string.Join(' ', words) is { Length: > 0 } left ? left : null;
    }

    private static IEnumerable<string> Words(string? text) => Word().Matches(text ?? "").Select(match => match.Value);

    private static string[] Values(string text) => [.. Value().Matches(text).Select(match => match.Value.Trim('"'))];

    private void Add(string word, TrialColumns columns)
    {
        var match = Condition().Match(word);
        if (!match.Success)
        {
            _conditions.Add(trial => Names(trial).Contains(word.Trim('"'), StringComparison.OrdinalIgnoreCase));
            return;
        }
        var (name, comparison, value) = (
            match.Groups["name"].Value,
            match.Groups["op"].Value,
            match.Groups["value"].Value
        );
        if (columns.Find(name) is not { } column)
            Problem ??= $"There is no column \"{name}\".";
        else if (value.Length == 0)
            Problem ??= $"\"{word}\" needs a value.";
        else if (comparison == "~")
            _conditions.Add(trial => column.Text(trial).Contains(value.Trim('"'), StringComparison.OrdinalIgnoreCase));
        else if (column.Number is { } number)
            AddNumeric(column, number, comparison, value);
        else if (comparison is "=" or "!=")
        {
            var values = Values(value);
            if (comparison == "=")
                _ranges[column.Key] = AxisRange.All with { Words = values };
            _conditions.Add(trial =>
                values.Contains(column.Text(trial), StringComparer.OrdinalIgnoreCase) == (comparison == "=")
            );
        }
        else
            Problem ??= $"{column.Title} has words: it takes =, != and ~.";
    }

    private void AddNumeric(TrialColumn column, Func<TrialRecord, double?> number, string comparison, string value)
    {
        var values = new List<double>();
        foreach (var part in Values(value))
        {
            if (!TryNumber(part, out var parsed))
            {
                Problem ??= $"\"{part}\" is no number, as {column.Title} has them.";
                return;
            }
            values.Add(parsed);
        }
        if (values.Count > 1 && comparison is not ("=" or "!="))
        {
            Problem ??= $"{comparison} takes one number.";
            return;
        }
        var first = values[0];
        if (comparison is "<" or "<=" or ">" or ">=")
        {
            var known = _ranges.GetValueOrDefault(column.Key) ?? AxisRange.All;
            _ranges[column.Key] = comparison[0] == '<' ? known with { High = first } : known with { Low = first };
        }
        _conditions.Add(trial =>
            number(trial) is { } own
            && comparison switch
            {
                "<" => own < first,
                "<=" => own <= first,
                ">" => own > first,
                ">=" => own >= first,
                "!=" => !values.Contains(own),
                _ => values.Contains(own),
            }
        );
    }

    private static bool TryNumber(string text, out double value)
    {
        var percent = text.EndsWith('%');
        var parsed = double.TryParse(
            (percent ? text[..^1] : text).Replace('−', '-'),
            NumberStyles.Float,
            CultureInfo.InvariantCulture,
            out value
        );
        if (percent)
            value /= 100;
        return parsed;
    }

    private static string Names(TrialRecord trial) =>
        $"{Format.Trial(trial)} {SweepSpecJson.Word(trial.State)} {trial.Message} {string.Join(' ', trial.Tags)} {trial.Note}";

    [GeneratedRegex("^(?<name>[^<>=!~]+)(?<op><=|>=|!=|<|>|=|~)(?<value>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Condition();

    [GeneratedRegex("(\"[^\"]*\"|\\S)+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();

    [GeneratedRegex("\"[^\"]*\"|[^,]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Value();
}
