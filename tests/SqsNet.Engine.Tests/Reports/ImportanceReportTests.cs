using SqsNet.Engine.Reports;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Samplers;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Reports;

public class ImportanceReportTests
{
    private static readonly SweepSpec _spec = Sample.Sweep() with
    {
        Strategy = new() { Kind = StrategyKind.Sobol, Trials = 64 },
        Space = new Dictionary<string, SpaceParameter>
        {
            ["sqs.tau"] = new()
            {
                Low = 0.01,
                High = 100,
                Log = true,
            },
            ["sqs.lambda"] = new() { Low = 0, High = 1 },
            ["sqs.normalize"] = Sample.Values("l2", "meanSquare"),
        },
    };

    [Fact]
    public void A_logarithmic_parameter_is_measured_in_its_logarithm()
    {
        // Half of its variance is in log10 τ, spread evenly over four decades; on a plain axis nearly all lies below 1 %.
        var table = Table((tau, lambda, _) => Math.Log10(tau) + (4 * lambda));
        Cell(table, "sqs.tau", "share").ShouldBe(0.5, 0.1);
        Cell(table, "sqs.lambda", "share").ShouldBe(0.5, 0.1);
        Cell(table, "sqs.normalize", "share").ShouldBeLessThan(0.03);
        table.Rows.Count.ShouldBe(6);
        table.Notes[1].ShouldContain("R²");
    }

    [Fact]
    public void Parameters_come_by_falling_share_then_pairs_and_every_share_lies_near_its_interval()
    {
        var table = Table((tau, lambda, norm) => (norm == "l2" ? 1 : 0) + (0.3 * lambda));
        ((TextCell)table.Rows[0].Cells[0]).Text.ShouldBe("sqs.normalize");
        ((TextCell)table.Rows[3].Cells[0]).Text.ShouldContain(" × ");
        foreach (var row in table.Rows)
        {
            var (share, interval) = (((NumberCell)row.Cells[1]).Value, ((IntervalCell)row.Cells[2]).Interval!.Value);
            share.ShouldBeInRange(interval.Low - 0.05, interval.High + 0.05);
        }
        // Half of all configurations have the better normalisation; to be among the best tenth takes a high λ as well.
        Cell(table, "sqs.lambda", "best").ShouldBeGreaterThan(Cell(table, "sqs.normalize", "best"));
    }

    [Fact]
    public void The_same_sweep_gives_the_same_table()
    {
        ReportTable Once() => Table((tau, lambda, _) => tau * lambda);
        ReportRenderer.Render(Once(), ReportFormat.Json).ShouldBe(ReportRenderer.Render(Once(), ReportFormat.Json));
    }

    [Fact]
    public void Too_few_configurations_are_said_to_be_too_few()
    {
        var table = ReportRegistry.Create("importance", SampleSweep.Of(Sample.Sweep(), (c, _) => c));
        table.Rows.ShouldBeEmpty();
        table.Notes[0].ShouldStartWith("Needs 8 configurations");
    }

    private static ReportTable Table(Func<double, double, string, double> value)
    {
        var made = SweepPlan.Preview(_spec);
        return ReportRegistry.Create(
            "importance",
            SampleSweep.Of(
                _spec,
                (c, _) =>
                    value(
                        made[c]["sqs.tau"].GetDouble(),
                        made[c]["sqs.lambda"].GetDouble(),
                        Assignments.Show(made[c]["sqs.normalize"])
                    )
            )
        );
    }

    private static double Cell(ReportTable table, string parameter, string column)
    {
        var index = table.Columns.Select(c => c.Key).ToList().IndexOf(column);
        return ((NumberCell)table.Rows.Single(row => ((TextCell)row.Cells[0]).Text == parameter).Cells[index]).Value;
    }
}
