using SqsNet.Engine.Statistics;

namespace SqsNet.Engine.Reports;

/// <summary>Accuracy of each model over its seeds, beside what the paper's Table 2 prints for RAF-DB.</summary>
/// <remarks>The paper's numbers are shown, never a target: they belong to another dataset unless ours is RAF-DB.</remarks>
internal static class ArchitecturesReport
{
    internal static ReportTable Create(ReportInput input)
    {
        var parts = new ReportParts(input);
        var chosen = parts.Objective.Metric;
        var metric = parts.Split == "test" ? "test/accuracy" : chosen;
        var models = parts
            .Groups.GroupBy(group => Name(group))
            .Select(model => (Model: model.Key, Groups: model.ToList()))
            .ToList();
        var measured = models.ConvertAll(model => ReportParts.Pool(model.Groups, metric));
        var pooled = models.Exists(model => model.Groups.Count > 1);
        var bold = parts.Bests(measured, pooled);
        var rows = models.Select(
            (model, i) =>
                new ReportRow(
                    [
                        model.Model,
                        new MeasureCell(measured[i].Summary) { IsBest = bold.Contains(i) },
                        measured[i].Summary.N,
                        new IntervalCell(measured[i].Summary.MeanInterval(parts.Confidence)),
                        PaperNumbers.RafDbAccuracy(model.Model) ?? double.NaN,
                    ],
                    measured[i].TrialIds
                )
        );
        var notes = new List<string> { "The paper's column is its Table 2 on RAF-DB, as printed." };
        if (pooled)
            notes.Add("A model with several configurations is averaged over all of them.");
        return new(
            "architectures",
            $"Models compared: {ReportParts.TitleOf(metric)}",
            [
                new("model", "Model"),
                ReportParts.MeasureColumn(metric),
                new("n", "Trials", ColumnKind.Number, Decimals: 0),
                new(
                    "interval",
                    parts.IntervalTitle,
                    ColumnKind.Interval,
                    ReportParts.DecimalsOf(metric),
                    ReportParts.IsShare(metric)
                ),
                new("paper", "Paper, RAF-DB", ColumnKind.Number, Percent: true),
            ],
            [.. rows],
            [.. notes, .. parts.Notes(metric)]
        );
    }

    /// <summary>A model's name in tables; branches that the specification names are part of it.</summary>
    internal static string Name(TrialGroup group)
    {
        var model = group.Trials[0].Spec.Model;
        var branches = string.Join(" & ", new[] { model.Cnn, model.Transformer }.OfType<string>());
        return branches.Length > 0 ? $"{model.Name} ({branches})" : model.Name;
    }
}
