using System.Text.Json;
using SqsNet.Engine.Sweeps.Racing;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Sweeps;

/// <summary>What a specification will make: how many configurations and trials, and which.</summary>
public static class SweepPlan
{
    /// <summary>Most trials of one sweep: twice what one store is built for, far more than one box trains in a month.</summary>
    public const int MaxTrials = 10_000;

    /// <summary>Number of configurations of a valid specification, for adaptive strategies too.</summary>
    public static int CountConfigurations(SweepSpec spec) => SamplerRegistry.Create(spec).Count;

    /// <summary>Most trials of a valid specification: configurations times seeds. A race takes fewer.</summary>
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

    /// <summary>The trials of one configuration that begin with it: one for each seed, or for the first of a race.</summary>
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
        return SeedsAtOnce(spec)
            .Select(
                (seed, i) =>
                    new NewTrial(
                        sweepId,
                        firstNumber + i,
                        configuration,
                        proposal.Assignment,
                        first with
                        {
                            Seed = seed,
                        }
                    )
                    {
                        Reason = proposal.Reason,
                    }
            );
    }

    /// <summary>One more seed of a configuration.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="sibling">A trial of the configuration.</param>
    /// <param name="number">Position of the new trial within the sweep.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="reason">Why.</param>
    internal static NewTrial NextSeed(SweepSpec spec, TrialRecord sibling, int number, int seed, ProposalReason reason)
    {
        var training = sibling.Spec.Training;
        // The sibling may have stayed behind when the sweep got more epochs.
        if (!SweepExtension.VariesEpochs(spec))
            training = training with { Epochs = spec.Training.Epochs };
        var next = sibling.Spec with { Seed = seed, Training = training };
        return new(sibling.SweepId, number, sibling.Configuration, sibling.Assignment, next) { Reason = reason };
    }

    /// <summary>The seeds that a configuration starts with.</summary>
    internal static IEnumerable<int> SeedsAtOnce(SweepSpec spec) =>
        spec.Racing is null ? spec.Seeds : spec.Seeds.Take(1);

    /// <summary>What became of each configuration: the history that samplers read.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="trials">Its trials; forks of trials are no proposals and are passed over.</param>
    /// <remarks>
    /// In a race configurations have different seeds: the mean is then the one that least squares expect with every seed,
    /// and what may still get a seed counts as pending.
    /// </remarks>
    internal static IReadOnlyList<Observation> History(SweepSpec spec, IEnumerable<TrialRecord> trials)
    {
        var proposals = trials.Where(trial => trial.ParentId is null).ToList();
        var history = proposals
            .GroupBy(trial => trial.Configuration)
            .OrderBy(group => group.Key)
            .Select(group => Observe(spec, [.. group]));
        if (Race.Of(spec) is not { } race)
            return [.. history];
        var entries = RaceEntry.Of(spec, proposals);
        return
        [
            .. history
                .Zip(race.Standings(entries), entries)
                .Select(raced => Observe(raced.First, raced.Second, raced.Third, spec.Seeds.Count)),
        ];
    }

    private static Observation Observe(Observation plain, RaceStanding standing, RaceEntry entry, int seeds) =>
        standing.Place == RacePlace.Out || standing.Seeds == 0
            ? plain
            : plain with
            {
                Value = standing.Mean,
                Seeds = standing.Seeds,
                Pending = plain.Pending || (standing.Place != RacePlace.Behind && entry.Started < seeds),
            };

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
            group.Any(trial => !trial.State.IsFinished()),
            Math.Max(values.Count, 1)
        );
    }
}
