using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Workbench;

/// <summary>How the values of an axis lie on it.</summary>
public enum AxisScale
{
    /// <summary>Evenly.</summary>
    Linear,

    /// <summary>By their logarithms.</summary>
    Log,

    /// <summary>As words, one beside the other.</summary>
    Words,
}

/// <summary>A column of the table of trials as an axis of pictures: its value of each trial.</summary>
/// <param name="Key">The column's key.</param>
/// <param name="Title">The column's heading.</param>
/// <param name="Scale">How values lie on it.</param>
/// <param name="Percent">Whether it is a share, which is written in per cent.</param>
/// <param name="Values">One of each trial: a number, or the place of its word; null where it has none.</param>
/// <param name="Words">The words; empty for numbers.</param>
public sealed record TrialAxis(
    string Key,
    string Title,
    AxisScale Scale,
    bool Percent,
    IReadOnlyList<double?> Values,
    IReadOnlyList<string> Words
)
{
    private const int MostWords = 30;

    /// <summary>Makes the axis of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="space">What the sweep varies: a logarithmic range has a logarithmic axis.</param>
    /// <param name="trials">The trials, in the order of <see cref="Values"/>.</param>
    public static TrialAxis Of(
        TrialColumn column,
        IReadOnlyDictionary<string, SpaceParameter> space,
        IReadOnlyList<TrialRecord> trials
    )
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(trials);
        if (column.Number is { } number)
        {
            var log = space.TryGetValue(column.Key, out var parameter) && parameter.Log;
            double?[] values =
            [
                .. trials.Select(trial => number(trial) is { } v && double.IsFinite(v) ? v : (double?)null),
            ];
            var percent = column.Metric is { } metric && Format.IsShare(metric);
            return new(column.Key, column.Title, log ? AxisScale.Log : AxisScale.Linear, percent, values, []);
        }
        string[] texts = [.. trials.Select(column.Text)];
        string[] words = [.. texts.Distinct().Order(StringComparer.Ordinal).Take(MostWords)];
        return new(
            column.Key,
            column.Title,
            AxisScale.Words,
            false,
            [.. texts.Select(text => Array.IndexOf(words, text) is >= 0 and var at ? at : (double?)null)],
            words
        );
    }
}
