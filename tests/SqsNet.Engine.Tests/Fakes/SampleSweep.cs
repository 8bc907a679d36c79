using SqsNet.Engine.Reports;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Tests.Fakes;

/// <summary>A sweep whose trials have all completed, with a value for each configuration and seed.</summary>
internal static class SampleSweep
{
    internal static ReportInput Of(SweepSpec spec, Func<int, int, double> value, string metric = "val/accuracy")
    {
        var trials = new List<TrialRecord>();
        var configurations = SweepPlan.Preview(spec);
        for (var configuration = 0; configuration < configurations.Count; configuration++)
            foreach (
                var trial in SweepPlan.Trials(
                    1,
                    spec,
                    trials.Count,
                    configuration,
                    new(configurations[configuration], ProposalReason.Of("A sample."))
                )
            )
                trials.Add(
                    new()
                    {
                        Id = trial.Number + 1,
                        SweepId = 1,
                        Number = trial.Number,
                        Configuration = configuration,
                        Assignment = trial.Assignment,
                        Spec = trial.Spec,
                        State = TrialState.Completed,
                        Best = new Dictionary<string, double> { [metric] = value(configuration, trial.Spec.Seed) },
                    }
                );
        var sweep = new SweepRecord
        {
            Id = 1,
            Spec = spec,
            State = SweepState.Completed,
            PlannedTrials = trials.Count,
        };
        return new(sweep, trials);
    }
}
