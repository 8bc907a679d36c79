using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Reports;

/// <summary>The mean confusion matrix of one configuration over its seeds: shares of each true class.</summary>
/// <remarks>
/// Shares are taken within each trial's row first and then averaged, so that every seed counts the same; their standard
/// deviation is that over seeds. The last column is the mean number of faces of the class.
/// </remarks>
internal static class ConfusionReport
{
    internal static ReportTable Create(ReportInput input)
    {
        var parts = new ReportParts(input);
        var metric = parts.Objective.Metric;
        var best = parts.Best([.. parts.Groups.Select(group => group.Measure(metric))]);
        var shown = input.Configuration ?? (best is { } index ? parts.Groups[index].Configuration : null);
        var group = parts.Groups.FirstOrDefault(candidate => candidate.Configuration == shown);
        var found = group
            ?.Completed.Where(trial => input.Confusions.ContainsKey(trial.Id))
            .Select(trial => (trial.Id, Matrix: input.Confusions[trial.Id]))
            .ToList();
        if (group is null || found is not { Count: > 0 })
            return new(
                "confusion",
                "Confusion matrix",
                [new("class", "True class")],
                [],
                ["No completed trial has a confusion matrix yet.", .. parts.Notes(metric)]
            );
        var first = found[0].Matrix;
        var alike = found
            .Where(f => f.Matrix.Split == first.Split && f.Matrix.Classes.SequenceEqual(first.Classes))
            .ToList();
        List<long> ids = [.. alike.Select(f => f.Id)];
        var rows = first.Classes.Select(
            (name, row) =>
                new ReportRow(
                    [
                        name,
                        .. first.Classes.Select(
                            (_, column) =>
                                new MeasureCell(
                                    Summary.Of([
                                        .. alike.Select(f => f.Matrix.Share(row, column)).Where(double.IsFinite),
                                    ])
                                )
                                {
                                    IsBest = row == column,
                                }
                        ),
                        alike.Average(f => f.Matrix.Counts[row].Sum()),
                    ],
                    ids
                )
        );
        var notes = new List<string>
        {
            $"Rows are true classes, columns predictions. Configuration {group.Configuration}: {Assignments.Describe(group.Assignment)}, {alike.Count} seeds.",
        };
        if (input.Configuration is null && parts.Groups.Count > 1)
            notes.Add($"It is the best of {parts.Groups.Count} configurations by {metric}.");
        if (alike.Count < group.Completed.Count)
            notes.Add($"{group.Completed.Count - alike.Count} completed trials of it have no such matrix.");
        return new(
            "confusion",
            $"Confusion on the {(first.Split == "val" ? "validation" : first.Split)} split, shares of each true class",
            [
                new("class", "True class"),
                .. first.Classes.Select(
                    (name, i) => new ReportColumn($"c{i}", name, ColumnKind.Measure, 1, Percent: true)
                ),
                new("faces", "Faces", ColumnKind.Number, Decimals: 0),
            ],
            [.. rows],
            [.. notes, .. parts.Notes(metric)]
        );
    }
}
