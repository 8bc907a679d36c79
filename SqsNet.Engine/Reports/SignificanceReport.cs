using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Reports;

/// <summary>Each configuration against the sweep's own, with tests that are corrected over the table.</summary>
/// <remarks>
/// Pairs by seed and Student's t where both sides share at least two seeds, Welch's t where they share none; Holm's
/// correction over all rows. The exact permutation test, which assumes no distribution, stands beside it where it can
/// reach the corrected level at all: with n pairs its smallest p is 2 / 2^n. Where it cannot, the table refuses it
/// and says how many seeds would do.
/// </remarks>
internal static class SignificanceReport
{
    internal static ReportTable Create(ReportInput input)
    {
        var parts = new ReportParts(input);
        var metric = parts.Split == "test" ? "test/accuracy" : parts.Objective.Metric;
        var measured = parts.Groups.Select(group => group.Measure(metric)).ToList();
        var baseline = parts.Own() ?? 0;
        var rivals = Enumerable.Range(0, measured.Count).Where(i => i != baseline).ToList();
        var compared = rivals.Select(i => Comparison.Of(measured[i], measured[baseline])).ToList();
        var tested = compared.Count(c => c?.Test is not null);
        var corrected = Holm.Adjust([.. compared.Select(c => c?.Test?.P ?? double.NaN)]);
        var exact = compared.Select(c => ExactP(c, input.Level / Math.Max(1, tested))).ToList();
        var exactCorrected = Holm.Adjust([.. exact.Select(p => p ?? double.NaN)]);
        var share = ReportParts.IsShare(metric);
        var decimals = ReportParts.DecimalsOf(metric);

        var rows = new List<ReportRow>();
        if (measured.Count > 0)
            rows.Add(
                new(
                    [
                        Assignments.Describe(parts.Groups[baseline].Assignment),
                        new MeasureCell(measured[baseline].Summary),
                        .. Enumerable.Repeat(ReportCell.None, 7),
                        "baseline",
                    ],
                    measured[baseline].TrialIds
                )
            );
        for (var k = 0; k < rivals.Count; k++)
        {
            var (group, comparison) = (parts.Groups[rivals[k]], compared[k]);
            rows.Add(
                new(
                    [
                        Assignments.Describe(group.Assignment),
                        new MeasureCell(measured[rivals[k]].Summary),
                        comparison?.Difference ?? double.NaN,
                        new IntervalCell(comparison?.Interval(parts.Confidence)),
                        comparison?.EffectSize ?? double.NaN,
                        TestName(comparison),
                        comparison?.Test?.P ?? double.NaN,
                        corrected[k],
                        exactCorrected[k],
                        Verdict(comparison, corrected[k], exactCorrected[k], input.Level),
                    ],
                    [.. measured[rivals[k]].TrialIds, .. measured[baseline].TrialIds]
                )
            );
        }
        return new(
            "significance",
            $"Differences in {ReportParts.TitleOf(metric)} from the sweep's own configuration",
            [
                new("configuration", "Configuration"),
                ReportParts.MeasureColumn(metric),
                new("difference", "Difference", ColumnKind.Number, decimals, share),
                new("difference_interval", parts.IntervalTitle, ColumnKind.Interval, decimals, share),
                new("effect_size", "Cohen's d", ColumnKind.Number),
                new("test", "Test"),
                new("p", "p", ColumnKind.Number, Decimals: 4),
                new("p_holm", "p, Holm", ColumnKind.Number, Decimals: 4),
                new("p_exact_holm", "p exact, Holm", ColumnKind.Number, Decimals: 4),
                new("verdict", $"At {input.Level:0.###}"),
            ],
            rows,
            [.. Notes(parts, metric, compared, tested)]
        );
    }

    private static double? ExactP(Comparison? comparison, double level) =>
        comparison is { Pairs: > 1 and <= Permutation.MaxPairs and var pairs }
        && Permutation.SmallestPairedP(pairs) <= level
            ? Permutation.Paired(comparison.First, comparison.Second)
            : null;

    private static string TestName(Comparison? comparison) =>
        comparison switch
        {
            null => "no values",
            { Test: null } => "refused: 2 seeds needed",
            { Pairs: 0 } => "Welch t",
            { Pairs: var pairs } => $"paired t, {pairs} seeds",
        };

    private static string Verdict(Comparison? comparison, double p, double exact, double level) =>
        comparison?.Test is null ? "cannot tell"
        : !(p <= level) ? "no difference shown"
        : double.IsNaN(exact) || exact <= level ? (comparison.Difference > 0 ? "higher" : "lower")
        : $"{(comparison.Difference > 0 ? "higher" : "lower")} by t only";

    private static IEnumerable<string> Notes(ReportParts parts, string metric, List<Comparison?> compared, int tested)
    {
        if (compared.Count == 0)
            yield return "There is nothing to compare: the sweep has one configuration.";
        if (tested > 0)
        {
            var level = parts.Input.Level / tested;
            var comparisons = tested == 1 ? "1 comparison" : $"{tested} comparisons";
            var needed = Permutation.PairsNeeded(level);
            yield return $"Holm's correction over {comparisons} keeps the chance of any false claim at {parts.Input.Level:0.###}.";
            if (compared.Any(c => c is { Pairs: > 1 and var pairs } && pairs < needed))
                yield return $"The exact permutation test is refused where it cannot reach the level: it needs {needed} shared seeds for {comparisons}.";
        }
        if (compared.Any(c => c is { Test: null }))
            yield return "A test needs at least 2 seeds on both sides.";
        if (compared.Any(c => c is { Pairs: 2 or 3 }))
            yield return "With 2 or 3 seeds a t test leans wholly on the normal distribution of differences.";
        if (compared.Any(c => c is { Pairs: 0, Test: not null }))
            yield return "Configurations without a shared seed are compared as independent samples (Welch).";
        foreach (var note in parts.Notes(metric))
            yield return note;
    }
}
