using System.Text.Json;
using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>What became of a configuration that was proposed before.</summary>
/// <param name="Assignment">The values that were chosen, by path.</param>
/// <param name="Value">Mean of the objective over the seeds that have one; null while nothing is known.</param>
/// <param name="Pending">Whether some of its trials have not ended.</param>
public sealed record Observation(IReadOnlyDictionary<string, JsonElement> Assignment, double? Value, bool Pending);

/// <summary>Proposes configurations. Pure: the same space, history and stream give the same answer.</summary>
public interface ISampler
{
    /// <summary>How many configurations it proposes in all.</summary>
    int Count { get; }

    /// <summary>Whether proposals depend on what earlier configurations achieved.</summary>
    bool IsAdaptive { get; }

    /// <summary>Proposes one configuration.</summary>
    /// <param name="index">0-based number of the configuration, below <see cref="Count"/>.</param>
    /// <param name="history">The configurations proposed before, in order.</param>
    /// <param name="rng">A stream of its own for this proposal, keyed by the strategy's seed and <paramref name="index"/>.</param>
    /// <returns>The values that differ from the sweep's own, by path; empty for the sweep's own configuration.</returns>
    IReadOnlyDictionary<string, JsonElement> Propose(int index, IReadOnlyList<Observation> history, Rng rng);
}

/// <summary>The explicit list of strategies.</summary>
public static class SamplerRegistry
{
    /// <summary>The sampler of a sweep that validation has passed.</summary>
    public static ISampler Create(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var space = SpaceDimension.Of(spec);
        var trials = spec.Strategy.Trials ?? 1;
        return spec.Strategy.Kind switch
        {
            StrategyKind.OneAtATime => new FixedSampler(OneAtATime.Configurations(spec, space)),
            StrategyKind.Grid => new GridSampler(space),
            StrategyKind.Random => new RandomSampler(space, trials),
            StrategyKind.Sobol => new SobolSampler(space, trials, spec.Strategy.Seed),
            StrategyKind.Tpe => new TpeSampler(space, trials, spec.Strategy.Seed, spec.Objective),
            StrategyKind.Ablation => new FixedSampler(Ablation.Configurations(spec, space)),
            StrategyKind.List => new FixedSampler(spec.Strategy.Configurations ?? []),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Strategy.Kind, "unknown strategy"),
        };
    }

    /// <summary>The stream of one proposal.</summary>
    internal static Rng Stream(SweepSpec spec, int index) => new(spec.Strategy.Seed, "sampler", index);
}
