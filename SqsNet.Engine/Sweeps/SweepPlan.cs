using System.Text.Json;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Sweeps;

/// <summary>What a specification will make: how many configurations and trials, and which.</summary>
public static class SweepPlan
{
    /// <summary>Most trials of one sweep: twice what one store is built for, far more than one box trains in a month.</summary>
    public const int MaxTrials = 10_000;

    /// <summary>Number of configurations of a valid specification, for adaptive strategies too.</summary>
    public static int CountConfigurations(SweepSpec spec) => SamplerRegistry.Create(spec).Count;

    /// <summary>Number of trials of a valid specification: configurations times seeds.</summary>
    public static int CountTrials(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return (int)Math.Min(int.MaxValue, (long)CountConfigurations(spec) * spec.Seeds.Count);
    }

    /// <summary>The configurations that are known before anything trains: all but those of adaptive strategies.</summary>
    /// <returns>In order, the values that differ from the sweep's own, by path.</returns>
    public static IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> Preview(SweepSpec spec)
    {
        var sampler = SamplerRegistry.Create(spec);
        if (sampler.IsAdaptive)
            return [];
        var history = new List<Observation>(sampler.Count);
        for (var i = 0; i < sampler.Count; i++)
            if (sampler.Propose(i, history, SamplerRegistry.Stream(spec, i)) is { } proposed)
                history.Add(new(proposed.Assignment, Value: null, Pending: true));
        return [.. history.Select(proposed => proposed.Assignment)];
    }

    /// <summary>The trials of one configuration: one for each seed.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="spec">Its specification.</param>
    /// <param name="firstNumber">Position of the first of them within the sweep.</param>
    /// <param name="configuration">0-based number of the configuration.</param>
    /// <param name="proposal">What the sampler chose, and why.</param>
    internal static IEnumerable<NewTrial> Trials(
        long sweepId,
        SweepSpec spec,
        int firstNumber,
        int configuration,
        Proposal proposal
    )
    {
        var first = SpecPath.Trial(spec, proposal.Assignment, spec.Seeds[0]);
        return spec.Seeds.Select(
            (seed, i) =>
                new NewTrial(sweepId, firstNumber + i, configuration, proposal.Assignment, first with { Seed = seed })
                {
                    Reason = proposal.Reason,
                }
        );
    }

    /// <summary>What became of each configuration: the history that samplers read.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="trials">Its trials; forks of trials are no proposals and are passed over.</param>
    internal static IReadOnlyList<Observation> History(SweepSpec spec, IEnumerable<TrialRecord> trials) =>
        [
            .. trials
                .Where(trial => trial.ParentId is null)
                .GroupBy(trial => trial.Configuration)
                .OrderBy(group => group.Key)
                .Select(group => Observe(spec, [.. group])),
        ];

    private static Observation Observe(SweepSpec spec, IReadOnlyList<TrialRecord> group)
    {
        // What a trial reached counts however it ended; a trial that failed before its first evaluation has no value.
        var values = group
            .Where(trial => trial.State.IsFinished() && trial.Best.ContainsKey(spec.Objective.Metric))
            .Select(trial => trial.Best[spec.Objective.Metric])
            .Where(double.IsFinite)
            .ToList();
        return new(
            group[0].Assignment,
            values.Count > 0 ? values.Average() : null,
            group.Any(trial => !trial.State.IsFinished())
        );
    }
}
