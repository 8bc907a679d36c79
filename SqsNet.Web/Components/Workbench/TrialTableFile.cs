using System.Globalization;
using SqsNet.Engine.Reports;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Workbench;

/// <summary>The table of trials as it is shown, for files.</summary>
internal static class TrialTableFile
{
    /// <summary>Makes the table.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="trials">Its trials.</param>
    /// <param name="query">How it is shown.</param>
    /// <param name="now">The time.</param>
    internal static ReportTable Make(
        SweepRecord sweep,
        IReadOnlyList<TrialRecord> trials,
        TrialTableQuery query,
        DateTimeOffset now
    )
    {
        var columns = TrialColumns.Of(sweep, trials, now);
        var view = TrialTableView.Of(query, columns);
        var rows = view.Rows(trials);
        var notes = new List<string>();
        if (rows.Count < trials.Count)
            notes.Add(
                $"{rows.Count} of the sweep's {trials.Count} trials"
                    + (query.Where is { Length: > 0 } where ? $", filtered by {where}." : ".")
            );
        if (view.Columns.Any(column => column.Key.StartsWith("best:", StringComparison.Ordinal)))
            notes.Add(columns.Find("bestEpoch")!.Hint);
        return new(
            "trials",
            $"Trials of {sweep.Spec.Name}",
            [new("number", "#", ColumnKind.Number, 0), .. view.Columns.Select(Head)],
            [
                .. rows.Select(trial => new ReportRow(
                    [(double)trial.Number, .. view.Columns.Select(column => Cell(column, trial))],
                    [trial.Id]
                )),
            ],
            notes
        );
    }

    private static ReportColumn Head(TrialColumn column) =>
        column.Metric is { } metric
            ? Format.IsShare(metric)
                ? new(column.Key, column.Title, ColumnKind.Number, 2, Percent: true)
                : new(column.Key, column.Title, ColumnKind.Number, 4)
            : column.Key == "time"
                ? new(column.Key, $"{column.Title} (s)", ColumnKind.Number, 0)
                : new(column.Key, column.Title);

    private static ReportCell Cell(TrialColumn column, TrialRecord trial)
    {
        if (column.Metric is not null || column.Key == "time")
            return column.Number!(trial) ?? double.NaN;
        // Hyperparameters with every digit, as they were set.
        return column.Number is { } number
            ? number(trial)?.ToString("R", CultureInfo.InvariantCulture) ?? ""
            : column.Text(trial);
    }
}
