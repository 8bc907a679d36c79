namespace SqsNet.Engine.Sweeps;

// What the pruners and the race ask of their options.
public static partial class SweepSpecValidation
{
    private static void CheckRacing(SweepSpec spec, SpecRange range)
    {
        if (spec.Racing is not { } racing)
            return;
        if (!(racing.Level > 0 && racing.Level <= 0.5))
            range.Add("racing.level", $"must be above 0 and at most 0.5; it is {SpecRange.Show(racing.Level)}");
        if (spec.Seeds.Count == 1)
            range.Add("racing", "needs two seeds or more: with one there is nothing to decide");
        if (spec.Pruner.Kind == PrunerKind.Asha)
            range.Add("racing", "does not go with the pruner asha, whose trials wait for each other; take another");
    }

    private static void CheckPruner(SweepSpec spec, SpecRange range)
    {
        var pruner = spec.Pruner;
        var ranks = pruner.Kind is PrunerKind.Median or PrunerKind.Percentile;
        var halves = pruner.Kind is PrunerKind.SuccessiveHalving or PrunerKind.Hyperband or PrunerKind.Asha;
        var longest = Math.Max(spec.Training.Epochs, 1);
        if (pruner.Kind == PrunerKind.Asha && spec.Strategy.Kind == StrategyKind.Recipe)
            range.Add(
                "pruner.kind",
                "does not go with the strategy recipe, whose steps wait for trials to end while asha lets them wait; take successiveHalving"
            );
        Option("startTrials", pruner.StartTrials, ranks, 1, SweepPlan.MaxTrials);
        Option("warmupEpochs", pruner.WarmupEpochs, ranks, 0, longest);
        Option("interval", pruner.Interval, ranks, 1, longest);
        Option("minEpochs", pruner.MinEpochs, halves, 1, longest);
        Option("factor", pruner.Factor, halves, 2, 16);
        if (pruner.Percentile is { } percentile)
        {
            if (pruner.Kind != PrunerKind.Percentile)
                Refuse("percentile");
            else if (!(percentile > 0 && percentile < 100))
                range.Add("pruner.percentile", $"must be above 0 and below 100; it is {SpecRange.Show(percentile)}");
        }

        void Option(string key, int? value, bool belongs, int low, int high)
        {
            if (value is not { } number)
                return;
            if (belongs)
                range.Between($"pruner.{key}", number, low, high);
            else
                Refuse(key);
        }

        void Refuse(string key) =>
            range.Add($"pruner.{key}", $"does not go with {SweepSpecJson.Word(pruner.Kind)}; leave it out");
    }
}
