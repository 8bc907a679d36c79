using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Racing;
using SqsNet.Web.Components.Sweeps;

namespace SqsNet.Web.Tests.Components.Sweeps;

public sealed class ConfigurationRowTests
{
    private const string Accuracy = "val/accuracy";

    [Fact]
    public void Row_has_mean_deviation_and_interval_of_its_seeds()
    {
        var rows = ConfigurationRow.Of(
            SomeRecords.Sweep(),
            [
                SomeRecords.Trial(0, best: (Accuracy, 0.70)),
                SomeRecords.Trial(1, best: (Accuracy, 0.72)),
                SomeRecords.Trial(2, best: (Accuracy, 0.74)),
            ],
            Accuracy
        );

        var row = rows.ShouldHaveSingleItem();
        row.Name.ShouldBe("τ = 0.5");
        row.Mean.ShouldBe(0.72, 1e-12);
        row.Deviation!.Value.ShouldBe(0.02, 1e-12);
        // t(0.975, 2) = 4.302653 by any table.
        row.Interval!.Value.High.ShouldBe(0.72 + 4.302653 * 0.02 / Math.Sqrt(3), 1e-6);
    }

    [Fact]
    public void One_seed_has_neither_deviation_nor_interval()
    {
        var row = ConfigurationRow
            .Of(SomeRecords.Sweep(), [SomeRecords.Trial(0, best: (Accuracy, 0.7))], Accuracy)
            .ShouldHaveSingleItem();

        row.Deviation.ShouldBeNull();
        row.Interval.ShouldBeNull();
    }

    [Fact]
    public void In_a_race_the_leader_comes_first_though_a_loser_has_the_luckier_seed()
    {
        var spec = new SweepSpec { Seeds = [0, 1], Racing = new() };
        TrialRecord[] trials =
        [
            Seeded(0, configuration: 0, seed: 0, 0.80),
            Seeded(1, configuration: 0, seed: 1, 0.70),
            Seeded(2, configuration: 1, seed: 0, 0.78),
            Seeded(3, configuration: 2, seed: 0, 0.60),
            Seeded(4, configuration: 2, seed: 1, 0.51),
        ];

        var rows = ConfigurationRow.Of(SomeRecords.Sweep(spec: spec), trials, Accuracy);

        // By plain means the second, 0.78 of one seed, would be before 0.75 of two.
        rows.Select(row => row.Configuration).ShouldBe([0, 1, 2]);
        rows[0].Standing!.Place.ShouldBe(RacePlace.Leads);
        ConfigurationRow.Of(SomeRecords.Sweep(), trials, Accuracy)[0].Configuration.ShouldBe(1);

        static TrialRecord Seeded(int number, int configuration, int seed, double value)
        {
            var trial = SomeRecords.Trial(number, configuration: configuration, best: (Accuracy, value));
            return trial with { Spec = trial.Spec with { Seed = seed } };
        }
    }

    [Fact]
    public void Best_mean_comes_first_and_for_losses_the_lowest()
    {
        TrialRecord[] trials =
        [
            SomeRecords.Trial(0, configuration: 0, best: [(Accuracy, 0.6), ("val/loss", 1.0)]),
            SomeRecords.Trial(1, configuration: 1, best: [(Accuracy, 0.8), ("val/loss", 2.0)]),
        ];

        ConfigurationRow.Of(SomeRecords.Sweep(), trials, Accuracy)[0].Configuration.ShouldBe(1);
        ConfigurationRow.Of(SomeRecords.Sweep(), trials, "val/loss")[0].Configuration.ShouldBe(0);
    }

    [Fact]
    public void Trials_without_a_value_do_not_count()
    {
        var rows = ConfigurationRow.Of(
            SomeRecords.Sweep(),
            [
                SomeRecords.Trial(0, best: (Accuracy, 0.7)),
                SomeRecords.Trial(1, best: (Accuracy, double.NaN)),
                SomeRecords.Trial(2, TrialState.Running, best: (Accuracy, 0.5)),
                SomeRecords.Trial(3, TrialState.Failed),
            ],
            Accuracy
        );

        rows[0].Values.ShouldBe([0.7, 0.5]);
        rows[0].Unfinished.ShouldBe(1);
    }

    [Fact]
    public void Trials_that_failed_were_stopped_or_pruned_are_counted_and_not_averaged()
    {
        var row = ConfigurationRow
            .Of(
                SomeRecords.Sweep(),
                [
                    SomeRecords.Trial(0, best: (Accuracy, 0.7)),
                    SomeRecords.Trial(1, TrialState.Running, best: (Accuracy, 0.5)),
                    SomeRecords.Trial(2, TrialState.Failed, best: (Accuracy, 0.1)),
                    SomeRecords.Trial(3, TrialState.Stopped, best: (Accuracy, 0.9)),
                    SomeRecords.Trial(4, TrialState.Pruned, best: (Accuracy, 0.2)),
                ],
                Accuracy
            )
            .ShouldHaveSingleItem();

        row.Values.ShouldBe([0.7, 0.5]);
        row.LeftOut.ShouldBe(3);
    }

    [Fact]
    public void Configuration_of_which_every_trial_failed_has_no_row() =>
        ConfigurationRow
            .Of(SomeRecords.Sweep(), [SomeRecords.Trial(0, TrialState.Failed, best: (Accuracy, 0.9))], Accuracy)
            .ShouldBeEmpty();

    [Fact]
    public void Scale_holds_every_value_but_is_not_stretched_by_a_wide_interval()
    {
        var rows = ConfigurationRow.Of(
            SomeRecords.Sweep(),
            [SomeRecords.Trial(0, best: (Accuracy, 0.6)), SomeRecords.Trial(1, best: (Accuracy, 0.8))],
            Accuracy
        );

        var (low, high) = ConfigurationRow.Scale(rows);

        low.ShouldBe(0.5, 1e-9);
        high.ShouldBe(0.9, 1e-9);
    }

    [Fact]
    public void Ranking_follows_the_goal()
    {
        TrialRecord[] trials =
        [
            SomeRecords.Trial(0, best: (Accuracy, 0.6)),
            SomeRecords.Trial(1, best: (Accuracy, 0.8)),
            SomeRecords.Trial(2, best: (Accuracy, double.NaN)),
            SomeRecords.Trial(3),
        ];
        var lowest = SomeRecords.Sweep(
            spec: new SweepSpec
            {
                Objective = new() { Metric = Accuracy, Goal = Goal.Minimize },
            }
        );

        Ranking.ByObjective(SomeRecords.Sweep(), trials).Select(t => t.Number).ShouldBe([1, 0]);
        Ranking.ByObjective(lowest, trials).Select(t => t.Number).ShouldBe([0, 1]);
    }
}
