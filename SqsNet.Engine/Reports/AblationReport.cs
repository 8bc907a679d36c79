using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Reports;

/// <summary>The full model and the model without each part, with the difference that the part makes.</summary>
/// <remarks>
/// The paper's Table 7, with spread and an interval of the difference. Differences are taken seed by seed where both
/// sides have the seed, so that what a seed makes of both cancels out.
/// </remarks>
internal static class AblationReport
{
    internal static ReportTable Create(ReportInput input)
    {
        var parts = new ReportParts(input);
        var chosen = parts.Objective.Metric;
        var metric = parts.Split == "test" ? "test/accuracy" : chosen;
        List<ReportColumn> columns =
        [
            new("configuration", "Configuration"),
            ReportParts.MeasureColumn(metric),
            new("n", "Seeds", ColumnKind.Number, Decimals: 0),
            new(
                "difference",
                "Difference",
                ColumnKind.Number,
                ReportParts.DecimalsOf(metric),
                ReportParts.IsShare(metric)
            ),
            new(
                "difference_interval",
                parts.IntervalTitle,
                ColumnKind.Interval,
                ReportParts.DecimalsOf(metric),
                ReportParts.IsShare(metric)
            ),
        ];
        if (metric != chosen)
            columns.Add(ReportParts.MeasureColumn(chosen));
        var measured = parts.Groups.Select(group => group.Measure(metric)).ToList();
        var full = parts.Own();
        var best = parts.Best(measured);
        var rows = new List<ReportRow>();
        for (var i = 0; i < parts.Groups.Count; i++)
        {
            var compared = full is { } own && i != own ? Comparison.Of(measured[i], measured[own]) : null;
            var cells = new List<ReportCell>
            {
                Ablation.Label(parts.Spec, i == full ? Assignments.Empty : parts.Groups[i].Assignment),
                new MeasureCell(measured[i].Summary) { IsBest = i == best },
                measured[i].Summary.N,
                compared?.Difference ?? ReportCell.None,
                compared is null ? ReportCell.None : new IntervalCell(compared.Interval(parts.Confidence)),
            };
            if (metric != chosen)
                cells.Add(new MeasureCell(parts.Groups[i].Measure(chosen).Summary));
            rows.Add(new(cells, measured[i].TrialIds));
        }
        var notes = parts.Notes(metric).ToList();
        if (full is null)
            notes.Add("There is no full model among the configurations, so there are no differences.");
        return new("ablation", $"Ablation: {ReportParts.TitleOf(metric)}", columns, rows, notes);
    }
}
