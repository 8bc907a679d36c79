using System.Text.Json;

namespace SqsNet.Engine.Sweeps;

/// <summary>A configuration that was chosen for looking best is trained again with seeds that took no part in the choice.</summary>
public static class SweepConfirmation
{
    /// <summary>Fresh seeds that a confirmation has unless told.</summary>
    public const int Seeds = 5;

    /// <summary>Fewest fresh seeds that confirm.</summary>
    public const int FewestSeeds = 3;

    /// <summary>The sweep that confirms a configuration.</summary>
    /// <param name="sweep">The sweep that the configuration was chosen in.</param>
    /// <param name="assignment">What the configuration chose.</param>
    public static SweepSpec Of(SweepRecord sweep, IReadOnlyDictionary<string, JsonElement> assignment)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        var first = sweep.Spec.Seeds.Max() + 1;
        return sweep.Spec with
        {
            Name = $"confirms sweep {sweep.Id}",
            Notes = $"The best configuration of sweep {sweep.Id}, with seeds that took no part in choosing it.",
            Space = new Dictionary<string, SpaceParameter>(),
            Strategy = new() { Kind = StrategyKind.List, Configurations = [assignment] },
            Pruner = new(),
            Racing = null,
            Seeds = [.. Enumerable.Range(first, Seeds)],
        };
    }

    /// <summary>Whether a sweep can be a confirmation: one configuration that was given, every trial trained to its end.</summary>
    public static bool IsOne(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Strategy is { Kind: StrategyKind.List, Configurations.Count: 1 }
            && spec.Pruner.Kind == PrunerKind.None;
    }

    /// <summary>Whether two trials differ in nothing but the seed.</summary>
    public static bool IsSame(TrialSpec a, TrialSpec b) => Written(a).Equals(Written(b), StringComparison.Ordinal);

    private static string Written(TrialSpec spec) =>
        JsonSerializer.Serialize(spec with { Seed = 0 }, SweepSpecJson.Options);
}
