using SqsNet.Engine.Reports;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Pruners;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Reports;

public class ReplayReportTests
{
    [Fact]
    public void A_pruner_that_would_have_lost_the_winner_says_so_and_by_how_much()
    {
        // The last configuration starts slowly and wins: halving at the first epoch ends it.
        var table = ReportRegistry.Create("replay", Input(lateWinner: true));
        Row(table, "none").ShouldBe(["none", "0", "12", "0.0", "0.00", "yes", "sqs.tau=4", "0.00"]);
        Row(table, "successiveHalving")[5..].ShouldBe(["no", "sqs.tau=2", "10.00"]);
        table.Notes.ShouldContain(note => note.StartsWith("The winner is") && note.Contains("sqs.tau=4"));
    }

    [Fact]
    public void A_pruner_that_only_ends_the_hopeless_saves_and_loses_nothing()
    {
        var row = Row(ReportRegistry.Create("replay", Input(lateWinner: false)), "successiveHalving");
        row[1].ShouldBe("2");
        row[3].ShouldBe("33.3");
        row[5..].ShouldBe(["yes", "sqs.tau=4", "0.00"]);
    }

    [Fact]
    public void A_configuration_that_a_pruner_would_have_left_one_lucky_seed_would_not_be_chosen()
    {
        var spec = Sample.Sweep(0, 1) with { Training = new() { Epochs = 3 } };
        // Configuration 0 has the lucky seed, and one that halving ends at the first epoch; the other keeps both.
        double[] last = [0.9, 0.2, 0.7, 0.7];
        double[] first = [0.4, 0.1, 0.5, 0.6];
        var input = SampleSweep.Of(spec, (c, seed) => last[(2 * c) + seed]);
        var start = new DateTimeOffset(2026, 5, 4, 0, 0, 0, TimeSpan.Zero);
        input = input with
        {
            Trials = [.. input.Trials.Select(trial => trial with { StartedAt = start.AddMinutes(trial.Number) })],
            Curves = input.Trials.ToDictionary(
                trial => trial.Id,
                IReadOnlyList<CurvePoint> (trial) =>
                    [
                        new(1, 100, 1, first[trial.Number]),
                        new(2, 200, 2, last[trial.Number]),
                        new(3, 300, 3, last[trial.Number]),
                    ]
            ),
        };

        var row = Row(ReportRegistry.Create("replay", input), "successiveHalving");

        row[1].ShouldBe("1");
        row[6].ShouldBe("sqs.tau=0.5");
    }

    [Fact]
    public void The_sweeps_own_pruner_is_among_the_rows_with_its_options()
    {
        var input = Input(lateWinner: false);
        var own = input.Sweep.Spec with
        {
            Pruner = new() { Kind = PrunerKind.SuccessiveHalving, Factor = 2 },
        };
        var table = ReportRegistry.Create("replay", input with { Sweep = input.Sweep with { Spec = own } });
        Row(table, "successiveHalving (factor 2)")[0].ShouldNotBeEmpty();
        table.Rows.Count.ShouldBe(6);
    }

    [Fact]
    public void A_sweep_without_an_epoch_has_no_rows()
    {
        var table = ReportRegistry.Create("replay", SampleSweep.Of(Sample.Sweep(), (c, _) => c));
        table.Rows.ShouldBeEmpty();
        table.Notes[0].ShouldBe("No trial has ended an epoch yet.");
    }

    private static ReportInput Input(bool lateWinner)
    {
        var spec = Sample.Sweep() with
        {
            Space = Sample.Space("sqs.tau", Sample.Values(1, 0.5, 2, 4)),
            Training = new() { Epochs = 3 },
        };
        // Configurations: the defaults (1), 0.5, 2 and 4.
        double[][] curves =
        [
            [0.3, 0.4, 0.4],
            [0.2, 0.5, 0.5],
            lateWinner ? [0.6, 0.7, 0.8] : [0.25, 0.7, 0.8],
            lateWinner ? [0.1, 0.2, 0.9] : [0.7, 0.8, 0.9],
        ];
        var input = SampleSweep.Of(spec, (c, _) => curves[c].Max());
        var start = new DateTimeOffset(2026, 5, 4, 0, 0, 0, TimeSpan.Zero);
        return input with
        {
            Trials = [.. input.Trials.Select(trial => trial with { StartedAt = start.AddMinutes(trial.Number) })],
            Curves = input.Trials.ToDictionary(
                trial => trial.Id,
                IReadOnlyList<CurvePoint> (trial) =>
                    [
                        .. curves[trial.Configuration]
                            .Select((value, i) => new CurvePoint(i + 1, 100 * (i + 1), i + 1, value)),
                    ]
            ),
        };
    }

    private static List<string> Row(ReportTable table, string pruner) =>
        [
            .. table
                .Rows.Single(row => ((TextCell)row.Cells[0]).Text == pruner)
                .Cells.Zip(table.Columns, ReportRenderer.Show),
        ];
}
