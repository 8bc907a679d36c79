using System.Text.Json;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Workbench;

/// <summary>A column of the table of trials: a number or words of each trial.</summary>
/// <param name="Key">Its name in addresses, filters and files: "seed", "sqs.tau", "best:val/accuracy".</param>
/// <param name="Title">Its heading.</param>
/// <param name="Hint">What exactly it shows.</param>
public sealed record TrialColumn(string Key, string Title, string Hint)
{
    /// <summary>The metric whose way of writing numbers it follows; null for none.</summary>
    public string? Metric { get; init; }

    /// <summary>Its number of a trial, null where there is none; null for a column of words.</summary>
    public Func<TrialRecord, double?>? Number { get; init; }

    /// <summary>Its words of a trial, for people.</summary>
    public required Func<TrialRecord, string> Text { get; init; }

    /// <summary>Whether its cells are numbers.</summary>
    public bool IsNumber => Number is not null;

    /// <summary>What a trial is sorted by.</summary>
    internal TrialKey KeyOf(TrialRecord trial) =>
        Number is { } number ? new(number(trial) ?? double.NaN, null) : new(0, Text(trial));

    internal static TrialColumn OfNumber(
        string key,
        string title,
        string hint,
        Func<TrialRecord, double?> number,
        Func<double, string>? write = null
    ) =>
        new(key, title, hint)
        {
            Number = number,
            Text = trial => number(trial) is { } value ? (write ?? Format.Number)(value) : Format.None,
        };

    internal static TrialColumn OfWords(string key, string title, string hint, Func<TrialRecord, string> text) =>
        new(key, title, hint) { Text = text };

    /// <summary>A metric, as it was last or at the best epoch.</summary>
    internal static TrialColumn OfMetric(string metric, bool best, string hint) =>
        new($"{(best ? "best" : "last")}:{metric}", $"{metric} {(best ? "at best" : "last")}", hint)
        {
            Metric = metric,
            Number = trial => Value(best ? trial.Best : trial.Latest, metric),
            Text = trial => Format.Metric(metric, Value(best ? trial.Best : trial.Latest, metric)),
        };

    /// <summary>A value of the specification; a number where every trial has one there.</summary>
    internal static TrialColumn OfPath(string path)
    {
        var title = Format.Path(path);
        return SpecPath.Find(path)?.IsNumeric == true
            ? OfNumber(path, title, path, trial => ToNumber(At(trial, path)), Exactly)
            : OfWords(path, title, path, trial => Format.Value(At(trial, path)));
    }

    private static double? Value(IReadOnlyDictionary<string, double> metrics, string name) =>
        metrics.TryGetValue(name, out var value) ? value : null;

    // What the sampler chose is at hand; the specification has to be written out for anything else.
    private static JsonElement At(TrialRecord trial, string path) =>
        trial.Assignment.TryGetValue(path, out var value) ? value : SpecPath.Get(trial.Spec, path);

    private static double? ToNumber(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    /// <summary>A hyperparameter as it was set, every digit of a short one: 0.05 is not 0.0500.</summary>
    private static string Exactly(double value)
    {
        var exact = value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        return exact.Length <= 7 ? exact.Replace('-', '−') : Format.Number(value);
    }
}

/// <summary>A trial's value in a column that it is sorted by, read once: a sort compares it many times.</summary>
/// <param name="Number">The number; NaN where there is none.</param>
/// <param name="Word">The words; null for a column of numbers.</param>
internal readonly record struct TrialKey(double Number, string? Word)
{
    /// <summary>Orders two keys of a column: numbers by size, words by the alphabet; what is missing is last either way.</summary>
    internal static int Compare(in TrialKey a, in TrialKey b, bool falling)
    {
        if (double.IsNaN(a.Number) || double.IsNaN(b.Number))
            return double.IsNaN(a.Number).CompareTo(double.IsNaN(b.Number));
        var order = a.Word is null ? a.Number.CompareTo(b.Number) : string.CompareOrdinal(a.Word, b.Word);
        return falling ? -order : order;
    }
}
