using SqsNet.Engine.Randomness;
using SqsNet.Engine.Statistics;

namespace SqsNet.Engine.Tests.Statistics;

public sealed class WinnersCurseTests
{
    [Fact]
    public void The_lead_shrinks_by_the_share_that_is_noise()
    {
        // By hand: means 1, 2, 6; s2 = 4 within, n = 4, so V = 1; the means' variance is 7, so A = 6 and 6 / 7 is kept.
        Summary[] summaries = [new(4, 1, 2), new(4, 2, 2), new(4, 6, 2)];
        WinnersCurse.Expected(summaries, 2).ShouldNotBeNull().ShouldBe(3 + (6.0 / 7 * 3), 1e-12);
    }

    [Fact]
    public void Where_all_is_noise_nothing_of_the_lead_is_left_and_without_noise_all_of_it()
    {
        WinnersCurse
            .Expected([new(2, 0.7, 0.1), new(2, 0.71, 0.1), new(2, 0.72, 0.1)], 2)
            .ShouldNotBeNull()
            .ShouldBe(0.71, 1e-12);
        WinnersCurse
            .Expected([new(2, 0.7, 0), new(2, 0.71, 0), new(2, 0.75, 0)], 2)
            .ShouldNotBeNull()
            .ShouldBe(0.75, 1e-12);
    }

    [Fact]
    public void Too_little_to_tell_from_has_no_answer()
    {
        WinnersCurse.Expected([new(3, 0.7, 0.1), new(3, 0.8, 0.1)], 1).ShouldBeNull("two configurations");
        WinnersCurse
            .Expected([new(1, 0.7, double.NaN), new(1, 0.8, double.NaN), new(1, 0.9, double.NaN)], 1)
            .ShouldBeNull("one seed each");
    }

    [Fact]
    public void On_average_it_is_what_fresh_seeds_give_the_best_one()
    {
        // 2,000 sweeps of ten configurations with three seeds; true means of SD 1, seeds of SD 1. The raw mean of the best is
        // too large by about 0.28; the expectation is off by less than 0.05 (its standard error here is 0.014).
        var rng = new Rng(1, "winner's curse");
        var (raw, expected) = (0.0, 0.0);
        const int Sweeps = 2000;
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var truth = Enumerable.Range(0, 10).Select(_ => rng.NextNormal()).ToArray();
            var summaries = truth
                .Select(mean => Summary.Of([.. Enumerable.Range(0, 3).Select(_ => mean + rng.NextNormal())]))
                .ToList();
            var best = summaries.FindIndex(summary => summary.Mean == summaries.Max(s => s.Mean));
            raw += (summaries[best].Mean - truth[best]) / Sweeps;
            expected += (WinnersCurse.Expected(summaries, best)!.Value - truth[best]) / Sweeps;
        }
        raw.ShouldBeGreaterThan(0.2);
        Math.Abs(expected).ShouldBeLessThan(0.05);
    }
}
