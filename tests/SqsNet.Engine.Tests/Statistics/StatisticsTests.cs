using FsCheck;
using FsCheck.Fluent;
using SqsNet.Engine.Statistics;

namespace SqsNet.Engine.Tests.Statistics;

public class StatisticsTests
{
    // From tables of Student's t.
    [Theory]
    [InlineData(2, 12.706204736)]
    [InlineData(3, 4.302652730)]
    [InlineData(5, 2.776445105)]
    [InlineData(30, 2.045229642)]
    public void The_95_percent_interval_is_t_standard_errors_wide(int n, double factor)
    {
        var interval = new Summary(n, 10, 2).MeanInterval()!.Value;
        ((interval.High - 10) / (2 / Math.Sqrt(n))).ShouldBe(factor, 1e-8);
        (interval.High + interval.Low).ShouldBe(20, 1e-9);
    }

    [Fact]
    public void One_value_has_a_mean_but_neither_spread_nor_interval()
    {
        var summary = Summary.Of([0.5]);
        summary.Mean.ShouldBe(0.5);
        double.IsNaN(summary.StandardDeviation).ShouldBeTrue();
        summary.MeanInterval().ShouldBeNull();
        double.IsNaN(Summary.Of([]).Mean).ShouldBeTrue();
    }

    [Fact]
    public void Spread_is_right_where_values_lie_close_together() =>
        Summary.Of([1e9 + 1, 1e9 + 2, 1e9 + 3]).StandardDeviation.ShouldBe(1);

    [Fact]
    public void Quantiles_and_probabilities_are_inverse() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<int>().Filter(n => n is > 0 and < 1000),
                degrees =>
                {
                    foreach (var p in new[] { 0.001, 0.2, 0.5, 0.975 })
                        StudentT.Cdf(StudentT.Quantile(p, degrees), degrees).ShouldBe(p, 1e-9);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_paired_test_of_equal_pairs_finds_nothing_and_of_a_constant_shift_everything()
    {
        TTest.Paired([1, 2, 3], [1, 2, 3]).P.ShouldBe(1);
        TTest.Paired([1, 2, 3], [0, 1, 2]).P.ShouldBe(0);
        TTest.Paired([1, 2, 3], [0, 1, 2]).T.ShouldBe(double.PositiveInfinity);
    }

    [Fact]
    public void Tests_refuse_samples_that_are_too_small_or_do_not_pair()
    {
        Should.Throw<ArgumentException>(() => TTest.Paired([1], [2]));
        Should.Throw<ArgumentException>(() => TTest.Paired([1, 2], [2]));
        Should.Throw<ArgumentException>(() => TTest.Welch(Summary.Of([1.0]), Summary.Of([1.0, 2])));
        Should.Throw<ArgumentException>(() => Wilcoxon.Exact([1, 2], [1, 2]));
        Should.Throw<ArgumentException>(() => Permutation.Paired([], []));
    }

    [Fact]
    public void The_smallest_paired_p_is_that_of_pairs_that_all_agree()
    {
        for (var n = 1; n <= 10; n++)
        {
            double[] first = [.. Enumerable.Range(1, n).Select(i => i + (0.1 * i))];
            double[] second = [.. Enumerable.Range(1, n).Select(i => (double)i)];
            Permutation.Paired(first, second).ShouldBe(Permutation.SmallestPairedP(n), 1e-12);
            Wilcoxon.Exact(first, second).P.ShouldBe(Permutation.SmallestPairedP(n), 1e-12);
        }
    }

    [Theory]
    [InlineData(0.05, 6)]
    [InlineData(0.0625, 5)]
    [InlineData(0.05 / 6, 8)]
    [InlineData(1, 1)]
    public void Pairs_needed_is_the_first_number_that_can_reach_the_level(double level, int pairs)
    {
        Permutation.PairsNeeded(level).ShouldBe(pairs);
        Permutation.SmallestPairedP(pairs).ShouldBeLessThanOrEqualTo(level);
        if (pairs > 1)
            Permutation.SmallestPairedP(pairs - 1).ShouldBeGreaterThan(level);
    }

    // Exact values counted by hand: 1 of C(6,3) = 20 splits on each side, 1 of C(8,4) = 70.
    [Fact]
    public void Unpaired_permutation_counts_every_split()
    {
        Permutation.Unpaired([4, 5, 6], [1, 2, 3]).ShouldBe(0.1, 1e-12);
        Permutation.Unpaired([4, 5, 6], [1, 2, 3], Alternative.Greater).ShouldBe(0.05, 1e-12);
        Permutation.Unpaired([4, 5, 6], [1, 2, 3], Alternative.Less).ShouldBe(1, 1e-12);
        Permutation.Unpaired([5, 6, 7, 8], [1, 2, 3, 4]).ShouldBe(2.0 / 70, 1e-12);
        Permutation.Unpaired([1, 1], [1, 1]).ShouldBe(1, 1e-12);
    }

    // The example of R's p.adjust(c(0.01, 0.02, 0.03, 0.04), "holm") and one with a tie.
    [Fact]
    public void Holm_multiplies_by_what_is_left_and_never_falls()
    {
        Holm.Adjust([0.04, 0.01, 0.03, 0.02]).ShouldBe([0.06, 0.04, 0.06, 0.06], 1e-12);
        Holm.Adjust([0.01, double.NaN, 0.04]).ShouldBe([0.02, double.NaN, 0.04]);
        Holm.Adjust([]).ShouldBeEmpty();
    }

    [Fact]
    public void Holm_keeps_the_order_and_lies_between_the_value_and_Bonferroni() =>
        Prop.ForAll<double[]>(
                ArbMap.Default.ArbFor<NormalFloat[]>().Convert(Shares, values => [.. values.Select(NormalFloat)]),
                values =>
                {
                    var adjusted = Holm.Adjust(values);
                    for (var i = 0; i < values.Length; i++)
                    {
                        adjusted[i].ShouldBeGreaterThanOrEqualTo(values[i]);
                        adjusted[i].ShouldBeLessThanOrEqualTo(Math.Min(1, values.Length * values[i]) + 1e-15);
                        for (var j = 0; j < values.Length; j++)
                            if (values[i] < values[j])
                                adjusted[i].ShouldBeLessThanOrEqualTo(adjusted[j]);
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    private static double[] Shares(NormalFloat[] values) => [.. values.Select(value => Math.Abs(value.Get) % 1)];

    private static NormalFloat NormalFloat(double value) => FsCheck.NormalFloat.NewNormalFloat(value);
}
