using System.Text.Json;
using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Reports;

/// <summary>Every varied parameter: its values, their mean and spread over seeds, the best value and the range of means.</summary>
/// <remarks>
/// The paper's Table 4, with every value in its row. A value is compared with the other parameters at the sweep's own
/// values where such configurations exist (strategy oneAtATime); otherwise over all configurations that have it, and a
/// note says so. The best value is chosen on the objective, never on the test split.
/// </remarks>
internal static class SensitivityReport
{
    internal static ReportTable Create(ReportInput input)
    {
        var parts = new ReportParts(input);
        var metric = parts.Objective.Metric;
        var columns = new List<ReportColumn>
        {
            new("parameter", "Parameter"),
            new("value", "Value"),
            ReportParts.MeasureColumn(metric),
            new("n", "Seeds", ColumnKind.Number, Decimals: 0),
            Interval("interval", parts.IntervalTitle, metric),
            new("optimum", "Optimum"),
            Interval("range", "Range of means", metric),
            new(
                "sd_of_means",
                "SD of means",
                ColumnKind.Number,
                ReportParts.DecimalsOf(metric),
                ReportParts.IsShare(metric)
            ),
        };
        var tested = parts.Split == "test";
        if (tested)
            columns.Add(ReportParts.MeasureColumn("test/accuracy"));
        var rows = new List<ReportRow>();
        var pooled = new List<string>();
        foreach (var (path, values) in Values(parts, pooled))
        {
            var measured = values.Select(value => ReportParts.Pool(value.Groups, metric)).ToList();
            var bests = parts.Bests(measured, pooled.Contains(path));
            var means = measured.Where(m => m.Summary.N > 0).Select(m => m.Summary.Mean).ToList();
            for (var i = 0; i < values.Count; i++)
            {
                var summary = measured[i].Summary;
                var cells = new List<ReportCell>
                {
                    i == 0 ? path : "",
                    Assignments.Show(values[i].Value),
                    new MeasureCell(summary) { IsBest = bests.Contains(i) },
                    summary.N,
                    new IntervalCell(summary.MeanInterval(parts.Confidence)),
                    i == 0 ? string.Join(", ", bests.Order().Select(b => Assignments.Show(values[b].Value))) : "",
                    i == 0 && means.Count > 0 ? new IntervalCell(new(means.Min(), means.Max())) : ReportCell.None,
                    i == 0 ? Summary.Of(means).StandardDeviation : ReportCell.None,
                };
                if (tested)
                    cells.Add(new MeasureCell(ReportParts.Pool(values[i].Groups, "test/accuracy").Summary));
                rows.Add(new(cells, measured[i].TrialIds));
            }
        }
        var notes = parts.Notes(metric).ToList();
        if (rows.Count == 0)
            notes.Insert(0, "The sweep varies no parameter.");
        if (pooled.Count > 0)
            notes.Add($"Averaged over the values of the other parameters: {string.Join(", ", pooled)}.");
        return new("sensitivity", $"Sensitivity of {ReportParts.TitleOf(metric)}", columns, rows, notes);
    }

    private static ReportColumn Interval(string key, string title, string metric) =>
        new(key, title, ColumnKind.Interval, ReportParts.DecimalsOf(metric), ReportParts.IsShare(metric));

    private static IEnumerable<(
        string Path,
        IReadOnlyList<(JsonElement Value, IReadOnlyList<TrialGroup> Groups)> Values
    )> Values(ReportParts parts, List<string> pooled)
    {
        foreach (var path in parts.Groups.SelectMany(group => group.Assignment.Keys).Distinct().ToList())
        {
            var standing = SpecPath.Get(SpecPath.Base(parts.Spec, seed: 0), path);
            JsonElement Of(TrialGroup group) => group.Assignment.TryGetValue(path, out var value) ? value : standing;
            var alone = parts.Groups.Where(group => group.Assignment.Keys.All(key => key == path)).ToList();
            var isAlone = alone.Select(Of).Distinct(JsonValues.Instance).Count() > 1;
            if (!isAlone)
                pooled.Add(path);
            yield return (
                path,
                [
                    .. (isAlone ? alone : parts.Groups)
                        .GroupBy(Of, JsonValues.Instance)
                        .OrderBy(group => group.Key.ValueKind == JsonValueKind.Number ? group.Key.GetDouble() : 0)
                        .Select(group => (group.Key, (IReadOnlyList<TrialGroup>)[.. group])),
                ]
            );
        }
    }
}
