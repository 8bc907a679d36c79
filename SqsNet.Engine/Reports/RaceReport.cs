using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Racing;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Reports;

/// <summary>Where each configuration of a race stands: its mean, what the seeds say of it against the best, and its place.</summary>
internal static class RaceReport
{
    internal static ReportTable Create(ReportInput input)
    {
        var parts = new ReportParts(input);
        var metric = parts.Objective.Metric;
        var (decimals, share) = (ReportParts.DecimalsOf(metric), ReportParts.IsShare(metric));
        var columns = new ReportColumn[]
        {
            new("configuration", "Configuration"),
            new("seeds", "Seeds", ColumnKind.Number, Decimals: 0),
            new("mean", $"{ReportParts.TitleOf(metric)}, over all seeds", ColumnKind.Number, decimals, share),
            new("standard_error", "Standard error", ColumnKind.Number, decimals, share),
            new("p", "p against the best", ColumnKind.Number, Decimals: 3),
            new("place", "Place"),
        };
        var entries = RaceEntry.Of(parts.Spec, input.Trials);
        var rows = RaceStandings
            .Of(parts.Spec, input.Trials)
            .Zip(parts.Groups, (standing, group) => (Standing: standing, Group: group))
            .OrderBy(row => row.Standing.Place)
            .ThenBy(row => (parts.Objective.Goal == Goal.Maximize ? -1 : 1) * row.Standing.Mean)
            .Select(row => new ReportRow(
                [
                    Assignments.Describe(row.Group.Assignment),
                    row.Standing.Seeds,
                    new NumberCell(row.Standing.Mean) { IsBest = row.Standing.Place == RacePlace.Leads },
                    row.Standing.StandardError,
                    row.Standing.Chance,
                    Say(row.Standing.Place),
                ],
                row.Group.Measure(metric).TrialIds
            ));
        return new("race", "Standings of the race", columns, [.. rows], [.. Notes(parts, entries)]);
    }

    private static IEnumerable<string> Notes(ReportParts parts, IReadOnlyList<RaceEntry> entries)
    {
        var (trials, whole) = (entries.Sum(entry => entry.Started), entries.Count * parts.Spec.Seeds.Count);
        if (parts.Spec.Racing is { } racing)
            yield return FormattableString.Invariant(
                $"A configuration is behind where a one-sided test against the best gives p < {racing.Level:0.###}. The race took {trials} trials; all seeds of these {entries.Count} configurations would have been {whole}."
            );
        else
            yield return "The sweep is no race: every configuration gets every seed. The places are those that a race would give now.";
        yield return "Means and standard errors are those of least squares with a configuration's and a seed's effect: what it would have with every seed. The noise is pooled over all configurations.";
        foreach (var note in parts.Notes(parts.Objective.Metric))
            yield return note;
    }

    private static string Say(RacePlace place) =>
        place switch
        {
            RacePlace.Leads => "leads",
            RacePlace.Contends => "contends",
            RacePlace.Behind => "behind",
            _ => "out",
        };
}
