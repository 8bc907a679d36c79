using SqsNet.Engine.Events;
using SqsNet.Engine.Reports;
using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Reports;

public class GroupComparisonTests
{
    [Fact]
    public void Groups_that_share_seeds_are_compared_in_pairs()
    {
        double[] a = [0.80, 0.82, 0.81];
        double[] b = [0.78, 0.81, 0.78];

        var row = GroupComparison
            .Metrics([.. a.Select((v, i) => Sample.Trial(i, v))], [.. b.Select((v, i) => Sample.Trial(i, v))])
            .ShouldHaveSingleItem();

        var test = TTest.Paired(a, b);
        (row.Metric, row.Pairs).ShouldBe(("val/accuracy", 3));
        row.Difference.ShouldBe(0.02, 1e-12);
        row.P.ShouldBe(test.P);
        row.Interval.ShouldBe(test.DifferenceInterval());
    }

    [Fact]
    public void A_group_with_a_seed_twice_makes_no_pairs()
    {
        var a = new[] { Sample.Trial(0, 0.80), Sample.Trial(0, 0.82), Sample.Trial(1, 0.81) };
        var b = new[] { Sample.Trial(0, 0.78), Sample.Trial(1, 0.81), Sample.Trial(2, 0.78) };

        var row = GroupComparison.Metrics(a, b).ShouldHaveSingleItem();

        row.Pairs.ShouldBe(0);
        row.P.ShouldBe(TTest.Welch(Summary.Of([0.80, 0.82, 0.81]), Summary.Of([0.78, 0.81, 0.78])).P);
    }

    [Fact]
    public void Trials_of_a_group_that_have_not_come_to_their_end_do_not_count_but_a_trial_alone_does()
    {
        var stopped = Sample.Trial(1, 0.1) with { State = TrialState.Stopped };
        var row = GroupComparison
            .Metrics([Sample.Trial(0, 0.8), stopped], [Sample.Trial(0, 0.7)])
            .ShouldHaveSingleItem();
        (row.A.N, row.A.Mean).ShouldBe((1, 0.8));
        row.Interval.ShouldBeNull();
        row.P.ShouldBe(double.NaN);

        GroupComparison
            .Metrics([stopped], [Sample.Trial(0, 0.7)])
            .ShouldHaveSingleItem()
            .Difference.ShouldBe(-0.6, 1e-12);
    }

    [Fact]
    public void Confusion_is_averaged_within_true_classes_so_that_every_seed_counts_the_same()
    {
        var cells = GroupComparison.Confusion(
            [
                Matrix([
                    [8, 2],
                    [1, 9],
                ]),
                Matrix([
                    [60, 40],
                    [0, 100],
                ]),
            ],
            [
                Matrix([
                    [5, 5],
                    [0, 0],
                ]),
            ]
        )!;

        cells[0][0].A.ShouldBe((0.8 + 0.6) / 2, 1e-12);
        cells[0][0].Difference.ShouldBe(0.2, 1e-12);
        cells[1][0].A.ShouldBe(0.05, 1e-12);
        cells[1][0].B.ShouldBe(double.NaN, "no face of that class");
    }

    [Fact]
    public void Matrices_of_other_classes_are_not_compared()
    {
        var other = Matrix([
            [1, 0],
            [0, 1],
        ]) with
        {
            Classes = ["sad", "glad"],
        };
        GroupComparison
            .Confusion(
                [
                    Matrix([
                        [1, 0],
                        [0, 1],
                    ]),
                ],
                [other]
            )
            .ShouldBeNull();
        GroupComparison.Confusion([], [other]).ShouldBeNull();
    }

    private static ConfusionReported Matrix(int[][] counts) => new("val", 1, ["glad", "sad"], counts);
}
