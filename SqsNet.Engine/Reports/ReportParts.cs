using System.Text.Json;
using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Reports;

/// <summary>What all tables have in common: which trials count, which metrics, and what is said of those that do not.</summary>
internal sealed class ReportParts
{
    internal ReportParts(ReportInput input)
    {
        Input = input;
        Groups = Statistics.Groups.Of(input.Trials);
        Objective = input.Sweep.Spec.Objective;
        var tested = Groups.SelectMany(group => group.Completed).Any(trial => trial.Best.ContainsKey("test/accuracy"));
        Split = tested ? "test" : "val";
    }

    internal ReportInput Input { get; }

    /// <summary>The trials by configuration, without forks.</summary>
    internal IReadOnlyList<TrialGroup> Groups { get; }

    internal ObjectiveSpec Objective { get; }

    /// <summary>"test" where trials have been tested, else "val".</summary>
    internal string Split { get; }

    internal SweepSpec Spec => Input.Sweep.Spec;

    internal double Confidence => 1 - Input.Level;

    /// <summary>A column of means of a metric.</summary>
    internal static ReportColumn MeasureColumn(string metric, string? title = null) =>
        new(Key(metric), title ?? TitleOf(metric), ColumnKind.Measure, DecimalsOf(metric), IsShare(metric));

    /// <summary>A metric as a key of CSV and JSON: "val/f1/Fear" is "val_f1_Fear".</summary>
    internal static string Key(string metric) => metric.Replace('/', '_');

    internal static bool IsShare(string metric) => !metric.EndsWith("loss", StringComparison.Ordinal);

    internal static int DecimalsOf(string metric) => IsShare(metric) ? 2 : 4;

    /// <summary>A metric in words: "val/macro_f1" is "macro-F1 (val)".</summary>
    internal static string TitleOf(string metric)
    {
        var slash = metric.IndexOf('/');
        var (split, name) = (metric[..slash], metric[(slash + 1)..]);
        var words = name switch
        {
            "accuracy" => "accuracy",
            "macro_f1" => "macro-F1",
            "weighted_f1" => "weighted F1",
            "balanced_accuracy" => "balanced accuracy",
            _ when name.StartsWith("f1/", StringComparison.Ordinal) => $"F1 of {name[3..]}",
            _ => name,
        };
        return $"{words}, {split}";
    }

    /// <summary>Position of the configuration with the sweep's own values, however they were chosen; null without one.</summary>
    internal int? Own()
    {
        var own = SpecPath.Base(Spec, Spec.Seeds[0]);
        var found = Groups
            .ToList()
            .FindIndex(group =>
                group.Assignment.All(pair => JsonElement.DeepEquals(pair.Value, SpecPath.Get(own, pair.Key)))
            );
        return found < 0 ? null : found;
    }

    /// <summary>A metric over the trials of several configurations, each trial counting alike.</summary>
    internal static Measurement Pool(IReadOnlyList<TrialGroup> groups, string metric) =>
        groups.Count == 1
            ? groups[0].Measure(metric)
            : new(metric, [.. groups.SelectMany(group => group.Measure(metric).Values)]);

    /// <summary>Of several measurements of a metric, the one with the best mean over its seeds; null when none has a value.</summary>
    /// <param name="measurements">The measurements.</param>
    /// <param name="pooled">Whether they are averages over configurations: how many trials those have says nothing.</param>
    /// <remarks>
    /// In a race only those with the most seeds: a configuration that was behind keeps the mean of its few, and one lucky
    /// seed must not beat a mean of five. Else those that lost none to a pruner, which ends the seeds that look bad and
    /// leaves the others; where all did, those with the most.
    /// </remarks>
    internal int? Best(IReadOnlyList<Measurement> measurements, bool pooled = false)
    {
        int? best = null;
        foreach (var i in Eligible(measurements, pooled))
            if (best is not { } incumbent || IsBetter(measurements[i], measurements[incumbent]))
                best = i;
        return best;
    }

    /// <summary>By the metric's own direction: where a loss is the objective, the best accuracy is still the highest.</summary>
    private static bool IsBetter(Measurement measured, Measurement incumbent) =>
        ObjectiveRules.NaturalGoal(measured.Metric) == Goal.Maximize
            ? measured.Summary.Mean > incumbent.Summary.Mean
            : measured.Summary.Mean < incumbent.Summary.Mean;

    /// <summary>Positions of the measurements to be printed bold: the best, and those that are printed as the same number.</summary>
    /// <param name="measurements">The measurements.</param>
    /// <param name="pooled">Whether they are averages over configurations: how many trials those have says nothing.</param>
    internal IReadOnlySet<int> Bests(IReadOnlyList<Measurement> measurements, bool pooled = false)
    {
        if (Best(measurements, pooled) is not { } best)
            return new HashSet<int>();
        return Eligible(measurements, pooled)
            .Where(i => Printed(measurements[i]) == Printed(measurements[best]))
            .ToHashSet();

        static string Printed(Measurement measured) =>
            ReportRenderer.Number(measured.Summary.Mean, MeasureColumn(measured.Metric));
    }

    private IReadOnlyList<int> Eligible(IReadOnlyList<Measurement> measurements, bool pooled)
    {
        var measured = Enumerable.Range(0, measurements.Count).Where(i => measurements[i].Summary.N > 0).ToList();
        var whole = measured.FindAll(i => pooled || measurements[i].Pruned == 0);
        if (pooled || (Spec.Racing is null && whole.Count > 0))
            return whole;
        var most = measured.Select(i => measurements[i].Summary.N).DefaultIfEmpty().Max();
        return measured.FindAll(i => measurements[i].Summary.N == most);
    }

    /// <summary>Says which trials are not in the numbers, and why; nothing is left out in silence.</summary>
    internal IEnumerable<string> Notes(string metric)
    {
        var all = Groups.SelectMany(group => group.Trials).ToList();
        var left = all.Where(trial => trial.State != TrialState.Completed)
            .GroupBy(trial => trial.State)
            .OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} {SweepSpecJson.Word(group.Key)}")
            .ToList();
        if (left.Count > 0)
            yield return $"{all.Count(trial => trial.State != TrialState.Completed)} of {all.Count} trials are not in these numbers: {string.Join(", ", left)}.";
        var valueless = all.Count(trial =>
            trial.State == TrialState.Completed
            && !(trial.Best.TryGetValue(metric, out var value) && double.IsFinite(value))
        );
        if (valueless > 0)
            yield return $"{valueless} completed trials have no {metric} and are not in these numbers.";
        // Forks are planned, too.
        var missing = Input.Sweep.PlannedTrials - Input.Trials.Count;
        if (missing > 0)
            yield return $"{missing} planned trials have not been made yet.";
        var forks = Input.Trials.Count(trial => trial.ParentId is not null);
        if (forks > 0)
            yield return $"{forks} forked trials are left out: they started from another trial's checkpoint.";
        if (Spec.Racing is not null)
            yield return "The sweep is a race: a configuration got seeds for as long as it could be the best, and the best is chosen among those with the most seeds.";
        else if (Spec.Seeds.Count > 1 && all.Exists(trial => trial.State == TrialState.Pruned))
            yield return "A configuration that lost seeds to the pruner does not compete for the best while another lost none: those that survived flatter it.";
        if (Groups.Any(group => group.Measure(metric).Summary.N == 1))
            yield return "A configuration with one seed has no spread and no interval.";
    }

    /// <summary>The best configuration by the objective; null before any has a value.</summary>
    internal TrialGroup? Best() =>
        Best([.. Groups.Select(group => group.Measure(Objective.Metric))]) is { } best ? Groups[best] : null;

    /// <summary>Completed trials of other sweeps with a configuration's values and seeds that took no part in choosing it.</summary>
    internal IReadOnlyList<TrialRecord> Confirming(TrialGroup group)
    {
        // As the sweep has it by now: a trial that ended early keeps the epochs that it had before an extension.
        var configuration = SpecPath.Trial(Spec, group.Assignment, Spec.Seeds[0]);
        return
        [
            .. Input.Confirming.Where(trial =>
                trial.State == TrialState.Completed
                && !Spec.Seeds.Contains(trial.Spec.Seed)
                && SweepConfirmation.IsSame(trial.Spec, configuration)
            ),
        ];
    }

    /// <summary>What fresh seeds made of the best configuration; null before there is a choice, or a value to choose by.</summary>
    internal Confirmation? Confirmation()
    {
        var measured = Groups.Select(group => group.Measure(Objective.Metric)).ToList();
        if (Groups.Count < 2 || Best(measured) is not { } best)
            return null;
        var others = measured.Where((_, i) => i != best).ToList();
        return new(
            Groups[best],
            Confirming(Groups[best]),
            Best(others) is { } next ? others[next].Summary.Mean : null,
            Objective
        );
    }

    /// <summary>Says what fresh seeds are expected to give for the best one, which was chosen for looking best.</summary>
    internal static IEnumerable<string> LuckNote(IReadOnlyList<Measurement> measured, int? best)
    {
        if (
            best is not { } chosen
            || WinnersCurse.Expected([.. measured.Select(m => m.Summary)], chosen) is not { } fresh
        )
            yield break;
        var column = MeasureColumn(measured[chosen].Metric);
        var unit = column.Percent ? " %" : "";
        yield return $"The best of {measured.Count(m => m.Summary.N > 0)} configurations leads partly by luck: fresh seeds are expected to give it {ReportRenderer.Number(fresh, column)}{unit} rather than {ReportRenderer.Number(measured[chosen].Summary.Mean, column)}{unit} (empirical Bayes). Seeds that took no part in the choice confirm it.";
    }

    internal string IntervalTitle => $"{100 * Confidence:0.#} % interval";
}
