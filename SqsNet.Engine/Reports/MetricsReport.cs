using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Reports;

/// <summary>Accuracy, macro-F1, weighted F1, balanced accuracy and the range of the classes' F1, for each configuration.</summary>
/// <remarks>The paper's Table 6. On the test split where trials have been tested, else on validation; the headings say which.</remarks>
internal static class MetricsReport
{
    private static readonly string[] _metrics = ["accuracy", "macro_f1", "weighted_f1", "balanced_accuracy"];

    internal static ReportTable Create(ReportInput input)
    {
        var parts = new ReportParts(input);
        var metrics = _metrics.Select(name => $"{parts.Split}/{name}").ToList();
        var prefix = $"{parts.Split}/f1/";
        List<ReportColumn> columns =
        [
            new("configuration", "Configuration"),
            .. metrics.Select(metric => ReportParts.MeasureColumn(metric)),
            new("class_f1_range", "F1 of classes", ColumnKind.Interval, 1, Percent: true),
            new("worst_class", "Worst class"),
            new("n", "Seeds", ColumnKind.Number, Decimals: 0),
        ];
        var measured = metrics.ToDictionary(m => m, m => parts.Groups.Select(group => group.Measure(m)).ToList());
        var bold = metrics.ToDictionary(m => m, m => parts.Bests(measured[m]));
        var confirmation = parts.Confirmation();
        var rows = parts.Groups.Select(
            (group, i) =>
            {
                var classes = group
                    .Completed.SelectMany(trial => trial.Best.Keys)
                    .Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
                    .Distinct()
                    .Select(group.Measure)
                    .Where(f1 => f1.Summary.N > 0)
                    .OrderBy(f1 => f1.Summary.Mean)
                    .ToList();
                var first = measured[metrics[0]][i];
                Interval? range = classes.Count > 0 ? new(classes[0].Summary.Mean, classes[^1].Summary.Mean) : null;
                return new ReportRow(
                    [
                        Assignments.Describe(group.Assignment),
                        .. metrics.Select(m => new MeasureCell(measured[m][i].Summary)
                        {
                            IsBest = bold[m].Contains(i),
                        }),
                        new IntervalCell(range),
                        classes.Count > 0 ? classes[0].Metric[prefix.Length..] : "",
                        first.Summary.N,
                    ],
                    first.TrialIds
                )
                {
                    IsCrowned = confirmation is { Holds: true } && group == confirmation.Best,
                };
            }
        );
        var split = parts.Split == "test" ? "the test split" : "the validation split";
        return new(
            "metrics",
            $"Metrics on {split}, mean and standard deviation over seeds",
            columns,
            [.. rows],
            [
                .. parts.Notes(metrics[0]),
                .. confirmation is null ? [] : new[] { confirmation.Note(metrics[0]) },
                .. ReportParts.LuckNote(measured[metrics[0]], parts.Best(measured[metrics[0]])),
            ]
        );
    }
}
