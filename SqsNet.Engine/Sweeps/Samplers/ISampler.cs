using System.Text.Json;
using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>What became of a configuration that was proposed before.</summary>
/// <param name="Assignment">The values that were chosen, by path.</param>
/// <param name="Value">Mean of the objective over the seeds that have one; null while nothing is known.</param>
/// <param name="Pending">Whether some of its trials have not ended, or a race may give it one more.</param>
/// <param name="Seeds">Number of seeds in the mean; 1 while there is none.</param>
public sealed record Observation(
    IReadOnlyDictionary<string, JsonElement> Assignment,
    double? Value,
    bool Pending,
    int Seeds = 1
);

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
    /// <returns>The configuration; null while one that still trains must end first, which only an adaptive sampler asks for.</returns>
    Proposal? Propose(int index, IReadOnlyList<Observation> history, Rng rng);
}

/// <summary>The explicit list of strategies.</summary>
public static class SamplerRegistry
{
    /// <summary>The sampler of a sweep that validation has passed.</summary>
    public static ISampler Create(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var space = SpaceDimension.Of(spec);
        var (trials, seed) = (spec.Strategy.Trials ?? 1, spec.Strategy.Seed);
        return spec.Strategy.Kind switch
        {
            StrategyKind.OneAtATime => new FixedSampler(OneAtATime.Configurations(spec, space)),
            StrategyKind.Grid => new GridSampler(space, spec.Strategy.Shuffle ? seed : null),
            StrategyKind.Random => new RandomSampler(space, trials),
            StrategyKind.Sobol => new SobolSampler(space, trials, seed),
            StrategyKind.Tpe => new TpeSampler(space, trials, seed, spec.Objective),
            StrategyKind.Gp => new GpSampler(space, trials, seed, spec.Objective),
            StrategyKind.Recipe => new RecipeSampler(spec, Recipe.Space(space)),
            StrategyKind.Ablation => new FixedSampler(Ablation.Configurations(spec, space)),
            StrategyKind.List => FixedSampler.Listed(spec.Strategy.Configurations ?? []),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Strategy.Kind, "unknown strategy"),
        };
    }

    /// <summary>The stream of one proposal, keyed by the strategy's seed and the configuration's number.</summary>
    public static Rng Stream(SweepSpec spec, int index) => new(spec.Strategy.Seed, "sampler", index);
}
