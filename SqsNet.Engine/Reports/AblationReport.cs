using System.Text.Json;
using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Reports;

/// <summary>The full model and the model without each part, with the difference that the part makes.</summary>
/// <remarks>
/// The paper's Table 7, with spread and an interval of the difference. Differences are taken seed by seed where both
/// sides have the seed, so that what a seed makes of both cancels out. Where two parts were also left out together, their
/// <see cref="Interaction"/> stands in that row.
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
        var measured = parts.Groups.Select(group => group.Measure(metric)).ToList();
        var full = parts.Own();
        var interactions = Interactions(parts, measured, full);
        if (interactions.Count > 0)
        {
            columns.Add(columns[^2] with { Key = "interaction", Title = "Interaction" });
            columns.Add(columns[^2] with { Key = "interaction_interval", Title = $"Its {parts.IntervalTitle}" });
        }
        if (metric != chosen)
            columns.Add(ReportParts.MeasureColumn(chosen));
        var bold = parts.Bests(measured);
        var rows = new List<ReportRow>();
        for (var i = 0; i < parts.Groups.Count; i++)
        {
            var compared = full is { } own && i != own ? Comparison.Of(measured[i], measured[own]) : null;
            var cells = new List<ReportCell>
            {
                Ablation.Label(parts.Spec, i == full ? Assignments.Empty : parts.Groups[i].Assignment),
                new MeasureCell(measured[i].Summary) { IsBest = bold.Contains(i) },
                measured[i].Summary.N,
                compared?.Difference ?? ReportCell.None,
                compared is null ? ReportCell.None : new IntervalCell(compared.Interval(parts.Confidence)),
            };
            if (interactions.Count > 0)
            {
                var interaction = interactions.GetValueOrDefault(i);
                cells.Add(interaction?.Difference ?? ReportCell.None);
                cells.Add(
                    interaction is null ? ReportCell.None : new IntervalCell(interaction.Interval(parts.Confidence))
                );
            }
            if (metric != chosen)
                cells.Add(new MeasureCell(parts.Groups[i].Measure(chosen).Summary));
            rows.Add(new(cells, measured[i].TrialIds));
        }
        var notes = parts.Notes(metric).ToList();
        if (full is null)
            notes.Add("There is no full model among the configurations, so there are no differences.");
        if (interactions.Count > 0)
            notes.Add(
                "Interaction: what leaving out both does beyond the sum of what each does alone, seed by seed; 0 where the parts act independently."
            );
        else if (Ablation.MissingPairs(parts.Spec) is > 0 and var pairs)
            notes.Add(
                $"How parts interact is not known: {pairs} {(pairs == 1 ? "pair of them has" : "pairs of them have")} not been left out together."
            );
        return new("ablation", $"Ablation: {ReportParts.TitleOf(metric)}", columns, rows, notes);
    }

    /// <summary>The interactions of configurations with two values that are not the sweep's own, by their position.</summary>
    private static Dictionary<int, Interaction> Interactions(
        ReportParts parts,
        IReadOnlyList<Measurement> measured,
        int? full
    )
    {
        var found = new Dictionary<int, Interaction>();
        if (full is not { } whole)
            return found;
        var own = SpecPath.Base(parts.Spec, parts.Spec.Seeds[0]);
        var changes = parts
            .Groups.Select(group =>
                group
                    .Assignment.Where(pair => !JsonElement.DeepEquals(pair.Value, SpecPath.Get(own, pair.Key)))
                    .ToDictionary(pair => pair.Key, pair => pair.Value)
            )
            .ToList();
        for (var i = 0; i < changes.Count; i++)
        {
            if (changes[i].Count != 2)
                continue;
            var alone = changes[i].Select(change => changes.FindIndex(of => IsOnly(of, change))).ToList();
            if (
                !alone.Contains(-1)
                && Interaction.Of(measured[whole], measured[alone[0]], measured[alone[1]], measured[i])
                    is { } interaction
            )
                found.Add(i, interaction);
        }
        return found;

        static bool IsOnly(Dictionary<string, JsonElement> changes, KeyValuePair<string, JsonElement> change) =>
            changes.Count == 1
            && changes.TryGetValue(change.Key, out var value)
            && JsonElement.DeepEquals(value, change.Value);
    }
}
