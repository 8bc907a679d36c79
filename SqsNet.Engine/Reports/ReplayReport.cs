using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Pruners;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Reports;

/// <summary>What each pruner would have saved on the sweep's recorded curves, and whether the winner would have been lost.</summary>
internal static class ReplayReport
{
    internal static ReportTable Create(ReportInput input)
    {
        var parts = new ReportParts(input);
        var metric = parts.Objective.Metric;
        var recorded = Recorded(input);
        var whole = PruningReplay.Run(null, recorded, parts.Spec.Training.Epochs);
        var winner = Choose(parts, recorded, new Dictionary<long, int>());
        var columns = new ReportColumn[]
        {
            new("pruner", "Pruner"),
            new("ended", "Trials ended", ColumnKind.Number, Decimals: 0),
            new("epochs", "Epochs trained", ColumnKind.Number, Decimals: 0),
            new("steps_saved", "Steps saved", ColumnKind.Number, Decimals: 1, Percent: true) { Bar = true },
            new("hours_saved", "Hours saved", ColumnKind.Number),
            new("winner_kept", "Winner kept"),
            new("chosen", "Would be chosen"),
            new("loss", "Worse by", ColumnKind.Number, ReportParts.DecimalsOf(metric), ReportParts.IsShare(metric)),
        };
        var rows = Pruners(parts.Spec)
            .Select(pruner =>
            {
                var rule = PrunerRegistry.Create(
                    pruner,
                    parts.Objective.Goal,
                    parts.Spec.Training.Epochs,
                    parts.Spec.Strategy.Seed
                );
                var cost = PruningReplay.Run(rule, recorded, parts.Spec.Training.Epochs);
                var chosen = Choose(parts, recorded, cost.Stopped);
                return new ReportRow(
                    [
                        Describe(pruner),
                        cost.Stopped.Count,
                        cost.Epochs,
                        whole.Steps > 0 ? 1 - (cost.Steps / (double)whole.Steps) : double.NaN,
                        (whole.Seconds - cost.Seconds) / 3600,
                        Kept(winner, cost),
                        chosen is null ? "" : Assignments.Describe(chosen.Assignment),
                        winner is null || chosen is null
                            ? double.NaN
                            : Math.Abs(winner.Measure(metric).Summary.Mean - chosen.Measure(metric).Summary.Mean),
                    ],
                    [.. cost.Stopped.Keys.Order()]
                );
            });
        return new(
            "replay",
            "What each pruner would have saved",
            columns,
            recorded.Count > 0 ? [.. rows] : [],
            [.. Notes(parts, recorded, winner)]
        );
    }

    private static IEnumerable<string> Notes(
        ReportParts parts,
        IReadOnlyList<RecordedTrial> recorded,
        TrialGroup? winner
    )
    {
        if (recorded.Count == 0)
            yield return "No trial has ended an epoch yet.";
        else
            yield return "Played on the recorded curves: trials start when they did, and what the freed time would have been used for is not counted.";
        if (winner is not null)
            yield return $"The winner is the configuration with the best mean: {Assignments.Describe(winner.Assignment)}. \"Would be chosen\" is the best by the trials that would not have been ended; it is worse by so much in what it really reached.";
        if (recorded.Any(trial => IsCut(parts, trial.Curve.TrialId)))
            yield return "Some trials did not train to their end; no rule can be asked about what came after.";
        foreach (var note in parts.Notes(parts.Objective.Metric))
            yield return note;
    }

    private static bool IsCut(ReportParts parts, long trialId) =>
        parts.Input.Trials.First(trial => trial.Id == trialId).State != TrialState.Completed;

    /// <summary>The trials that have a curve, without forks.</summary>
    private static List<RecordedTrial> Recorded(ReportInput input) =>
        [
            .. input
                .Trials.Where(trial => trial.ParentId is null)
                .Select(trial => new RecordedTrial(
                    new(
                        trial.Id,
                        trial.Configuration,
                        trial.State == TrialState.Completed,
                        input.Curves.GetValueOrDefault(trial.Id) ?? []
                    ),
                    trial.StartedAt ?? trial.CreatedAt
                ))
                .Where(trial => trial.Curve.Points.Count > 0),
        ];

    /// <summary>The rules that are tried: none, the sweep's own, and each with its defaults.</summary>
    private static IEnumerable<PrunerSpec> Pruners(SweepSpec spec) =>
        new[] { new PrunerSpec(), spec.Pruner }
            .Concat(Enum.GetValues<PrunerKind>().Select(kind => new PrunerSpec { Kind = kind }))
            // Promotion changes the order of everything that comes after: recorded curves do not tell what it costs.
            .Where(pruner => pruner.Kind != PrunerKind.Asha)
            .Distinct();

    private static string Describe(PrunerSpec pruner)
    {
        var options = new (string Name, double? Value)[]
        {
            ("startTrials", pruner.StartTrials),
            ("warmupEpochs", pruner.WarmupEpochs),
            ("interval", pruner.Interval),
            ("percentile", pruner.Percentile),
            ("minEpochs", pruner.MinEpochs),
            ("factor", pruner.Factor),
        };
        var given = options
            .Where(option => option.Value is not null)
            .Select(option => FormattableString.Invariant($"{option.Name} {option.Value}"))
            .ToList();
        return SweepSpecJson.Word(pruner.Kind) + (given.Count > 0 ? $" ({string.Join(", ", given)})" : "");
    }

    /// <summary>The configuration with the best mean over its completed trials that were not ended; null when there is none.</summary>
    private static TrialGroup? Choose(
        ReportParts parts,
        IReadOnlyList<RecordedTrial> recorded,
        IReadOnlyDictionary<long, int> stopped
    )
    {
        var played = recorded.Select(trial => trial.Curve.TrialId).Where(id => !stopped.ContainsKey(id)).ToHashSet();
        var measured = parts.Groups.Select(group =>
            Measurement.Of(parts.Objective.Metric, group.Completed.Where(trial => played.Contains(trial.Id))) with
            {
                Pruned = group.Trials.Count(t => t.State == TrialState.Pruned || stopped.ContainsKey(t.Id)),
            }
        );
        return parts.Best([.. measured]) is { } best ? parts.Groups[best] : null;
    }

    private static string Kept(TrialGroup? winner, ReplayedCost cost)
    {
        if (winner is null)
            return "";
        var ended = winner.Completed.Count(trial => cost.Stopped.ContainsKey(trial.Id));
        return ended == 0 ? "yes"
            : ended == winner.Completed.Count ? "no"
            : $"{winner.Completed.Count - ended} of {winner.Completed.Count} seeds";
    }
}
