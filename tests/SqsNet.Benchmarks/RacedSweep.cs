using System.Text.Json;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Racing;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Benchmarks;

/// <summary>What trials reach, and what their configurations are really worth.</summary>
internal interface IOutcomes
{
    /// <summary>The best that there is.</summary>
    double Best { get; }

    /// <summary>What a configuration is worth.</summary>
    double Truth(IReadOnlyDictionary<string, JsonElement> assignment);

    /// <summary>What a trial of it reaches.</summary>
    double Observe(IReadOnlyDictionary<string, JsonElement> assignment, int configuration, int seed, int repetition);
}

/// <summary>A sweep played through with the engine's own sampler and race, one trial at a time.</summary>
/// <param name="Trials">Trials that it took.</param>
/// <param name="Regret">By how much the chosen configuration is worse than the best.</param>
internal sealed record RacedSweep(int Trials, double Regret)
{
    internal static RacedSweep Run(SweepSpec spec, IOutcomes outcomes)
    {
        var (sampler, race) = (SamplerRegistry.Create(spec), Race.Of(spec));
        var trials = new List<TrialRecord>();
        var begun = 0;
        while (true)
        {
            var entries = race is null ? [] : RaceEntry.Of(spec, trials);
            var step = race?.Next(entries, more: begun < sampler.Count);
            if (step is { Wish: RaceWish.OneMoreSeed })
            {
                var sibling = trials.First(trial => trial.Configuration == step.Configuration);
                Train(sibling.Assignment, sibling.Configuration, entries[sibling.Configuration].Started);
            }
            else if (begun < sampler.Count)
            {
                var history = SweepPlan.History(spec, trials);
                var proposal = sampler.Propose(begun, history, SamplerRegistry.Stream(spec, begun))!;
                foreach (var seed in SweepPlan.SeedsAtOnce(spec))
                    Train(proposal.Assignment, begun, seed);
                begun++;
            }
            else
                break;
        }
        // As reports choose: the best mean of those with the most seeds.
        var groups = trials.GroupBy(trial => trial.Configuration).ToList();
        var most = groups.Max(group => group.Count());
        var chosen = groups.Where(group => group.Count() == most).MaxBy(group => group.Average(Value))!;
        return new(trials.Count, outcomes.Best - outcomes.Truth(chosen.First().Assignment));

        double Value(TrialRecord trial) => trial.Best[spec.Objective.Metric];

        void Train(IReadOnlyDictionary<string, JsonElement> assignment, int configuration, int seed) =>
            trials.Add(
                new()
                {
                    Id = trials.Count + 1,
                    SweepId = 1,
                    Number = trials.Count,
                    Configuration = configuration,
                    Assignment = assignment,
                    Spec = SpecPath.Base(spec, seed),
                    State = TrialState.Completed,
                    Best = new Dictionary<string, double>
                    {
                        [spec.Objective.Metric] = outcomes.Observe(assignment, configuration, seed, spec.Strategy.Seed),
                    },
                }
            );
    }
}
