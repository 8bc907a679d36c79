namespace SqsNet.Engine.Sweeps.Pruners;

/// <summary>What a pruner decided about a trial at the end of an epoch, and why.</summary>
/// <param name="Prune">Whether the trial ends here.</param>
/// <param name="Value">What the trial has reached; may be NaN.</param>
/// <param name="Compared">Number of values that it was compared with, its own included where that counts.</param>
/// <param name="Text">The decision as a sentence.</param>
/// <param name="Rung">0-based number of the rung it stands at; null for rules without rungs.</param>
/// <param name="Threshold">What it had to reach; null where it was compared with nothing.</param>
public sealed record PruneDecision(
    bool Prune,
    double Value,
    int Compared,
    string Text,
    int? Rung = null,
    double? Threshold = null
);

/// <summary>Ends hopeless trials early. Pure: the same curves give the same decision.</summary>
public interface IPruner
{
    /// <summary>Judges a trial at the end of its last epoch.</summary>
    /// <param name="trial">The trial's curve up to now, with one point or more.</param>
    /// <param name="others">The curves of the sweep's other trials up to now, ended or not.</param>
    /// <returns>The decision; null where the rule has nothing to say at this epoch.</returns>
    PruneDecision? Judge(Curve trial, IReadOnlyList<Curve> others);
}

/// <summary>The explicit list of pruners.</summary>
public static class PrunerRegistry
{
    /// <summary>The pruner of a sweep that validation has passed; null where every trial trains to its end.</summary>
    public static IPruner? Create(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Create(spec.Pruner, spec.Objective.Goal, spec.Training.Epochs, spec.Strategy.Seed);
    }

    /// <summary>A pruner.</summary>
    /// <param name="pruner">Which, with its options.</param>
    /// <param name="goal">Direction of the objective.</param>
    /// <param name="epochs">Most epochs of a trial.</param>
    /// <param name="seed">Seed of what is drawn.</param>
    public static IPruner? Create(PrunerSpec pruner, Goal goal, int epochs, int seed)
    {
        ArgumentNullException.ThrowIfNull(pruner);
        var factor = pruner.Factor ?? PrunerSpec.DefaultFactor;
        var minEpochs = pruner.MinEpochs ?? PrunerSpec.DefaultMinEpochs;
        return pruner.Kind switch
        {
            // What promotion lets wait it does not end: see AshaPromotion.
            PrunerKind.None or PrunerKind.Asha => null,
            PrunerKind.Median => Percentile(50),
            PrunerKind.Percentile => Percentile(pruner.Percentile ?? PrunerSpec.DefaultPercentile),
            PrunerKind.SuccessiveHalving => new SuccessiveHalvingPruner(
                goal,
                minEpochs,
                factor,
                skipped: 0,
                bootstrap: 0
            ),
            PrunerKind.Hyperband => new HyperbandPruner(goal, minEpochs, epochs, factor, seed),
            _ => throw new ArgumentOutOfRangeException(nameof(pruner), pruner.Kind, "unknown pruner"),
        };

        PercentilePruner Percentile(double percentile) =>
            new(
                goal,
                percentile,
                pruner.StartTrials ?? PrunerSpec.DefaultStartTrials,
                pruner.WarmupEpochs ?? 0,
                pruner.Interval ?? 1
            );
    }
}
