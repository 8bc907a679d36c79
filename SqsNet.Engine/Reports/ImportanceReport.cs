using SqsNet.Engine.Importance;

namespace SqsNet.Engine.Reports;

/// <summary>Which parameters decide the objective: shares of its variance, alone and in pairs, and for being among the best.</summary>
internal static class ImportanceReport
{
    internal static ReportTable Create(ReportInput input)
    {
        var parts = new ReportParts(input);
        var metric = parts.Objective.Metric;
        var importance = ParameterImportance.Of(parts.Spec, parts.Groups, parts.Confidence);
        var columns = new ReportColumn[]
        {
            new("parameter", "Parameter"),
            new("share", "Share of variance", ColumnKind.Number, Decimals: 1, Percent: true) { Bar = true },
            new("share_interval", parts.IntervalTitle, ColumnKind.Interval, Decimals: 1, Percent: true),
            new("best", "For being among the best", ColumnKind.Number, Decimals: 1, Percent: true) { Bar = true },
            new("best_interval", parts.IntervalTitle, ColumnKind.Interval, Decimals: 1, Percent: true),
        };
        var rows = (importance?.Worths ?? []).Select(worth => new ReportRow(
            [
                string.Join(" × ", worth.Paths),
                worth.Share,
                new IntervalCell(worth.ShareInterval),
                worth.Best,
                new IntervalCell(worth.BestInterval),
            ],
            []
        ));
        var notes = parts.Notes(metric).ToList();
        notes.InsertRange(0, importance is null ? [TooFew] : Method(importance));
        return new(
            "importance",
            $"Importance of parameters for {ReportParts.TitleOf(metric)}",
            columns,
            [.. rows],
            notes
        );
    }

    private static string TooFew =>
        $"Needs {ParameterImportance.Fewest} configurations with a value, and a parameter that took more than one.";

    private static IEnumerable<string> Method(ParameterImportance importance)
    {
        yield return FormattableString.Invariant(
            $"From the means over seeds of {importance.Configurations} configurations. Shares: functional ANOVA of {ParameterImportance.Trees} regression trees over the whole space, on the parameters' own scales (logarithmic where they are); \"a × b\" is what two do together beyond each alone."
        );
        yield return FormattableString.Invariant(
            $"The trees explain {100 * Math.Max(importance.Fit, 0):0} % of the variance of configurations that they had not seen (R² {importance.Fit:0.00}); {(importance.Fit < 0.3 ? "that is too little to trust the shares." : "what they cannot explain has no share.")}"
        );
        yield return "For being among the best: PED-ANOVA of the best tenth (five at least) against all; the parameters' parts of 100 %. Needs 10 configurations.";
        yield return FormattableString.Invariant(
            $"Intervals: {ParameterImportance.Redraws} times the configurations drawn anew, with replacement."
        );
    }
}
