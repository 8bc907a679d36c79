using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Workbench;

/// <summary>A row of the table: a trial, or the heading of a group.</summary>
internal sealed record TableRow(TrialRecord? Trial, TrialGroup? Group);

/// <summary>Trials with an equal value in a column.</summary>
/// <param name="Name">The value: "τ = 0.5".</param>
/// <param name="Trials">The trials, in the table's order.</param>
internal sealed record TrialGroup(string Name, IReadOnlyList<TrialRecord> Trials)
{
    /// <summary>Groups in the order of their first trials, each with its trials below; plain rows without a column.</summary>
    internal static List<TableRow> Rows(TrialColumn? by, IReadOnlyList<TrialRecord> trials) =>
        by is null
            ? [.. trials.Select(trial => new TableRow(trial, null))]
            :
            [
                .. trials
                    .GroupBy(by.Text)
                    .SelectMany(group =>
                        group
                            .Select(trial => new TableRow(trial, null))
                            .Prepend(new(null, new($"{by.Title} = {group.Key}", [.. group])))
                    ),
            ];

    /// <summary>Mean and standard deviation of a metric over the trials that came through; else a value that all share.</summary>
    internal string Summary(TrialColumn column)
    {
        if (column.Metric is not { } metric)
        {
            var values = Trials.Select(column.Text).Distinct().Take(2).ToList();
            return values is [var only] ? only : "";
        }
        var counted = Counted(column);
        if (counted.Count == 0)
            return Format.None;
        var summary = SqsNet.Engine.Statistics.Summary.Of(counted);
        return counted.Count == 1
            ? Format.Metric(metric, summary.Mean)
            : $"{Format.Metric(metric, summary.Mean)} ± {Format.Metric(metric, summary.StandardDeviation)}";
    }

    /// <summary>What the summary was made of; null where that needs no saying.</summary>
    internal string? About(TrialColumn column) =>
        column.Metric is null
            ? null
            : $"Mean ± SD of {Counted(column).Count} completed trials; {Trials.Count - Counted(column).Count} others are not averaged";

    private List<double> Counted(TrialColumn column) =>
        [
            .. Trials
                .Where(trial => trial.State == TrialState.Completed)
                .Select(trial => column.Number!(trial))
                .OfType<double>()
                .Where(value => !double.IsNaN(value)),
        ];
}
