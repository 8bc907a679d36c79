using SqsNet.Engine.Randomness;
using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps.Racing;

namespace SqsNet.Engine.Tests.Sweeps.Racing;

public class SeedBlocksTests
{
    [Fact]
    public void Values_without_noise_give_back_the_effects_whatever_is_missing()
    {
        double[] means = [0.7, 0.6, 0.65];
        double[] seeds = [0.05, -0.01, -0.04];
        var fit = new SeedBlocks([Row(0, 3), Row(1, 1), Row(2, 2)]);
        for (var i = 0; i < 3; i++)
            fit.Mean(i).ShouldBe(means[i], 1e-9);
        fit.Effects.Values.ShouldBe(seeds, 1e-9);
        fit.Degrees.ShouldBe(6 - 3 - 2);
        fit.Variance.ShouldBe(0, 1e-15);

        Dictionary<int, double> Row(int i, int count) =>
            Enumerable.Range(0, count).ToDictionary(j => j, j => means[i] + seeds[j]);
    }

    [Fact]
    public void Two_configurations_with_the_same_seeds_are_tested_as_pairs()
    {
        double[] a = [0.71, 0.73, 0.70, 0.76];
        double[] b = [0.70, 0.70, 0.69, 0.72];
        var fit = new SeedBlocks([Row(a), Row(b)]);
        var paired = TTest.Paired(a, b);
        var t = (fit.Mean(0) - fit.Mean(1)) / fit.StandardError(0, 1);
        t.ShouldBe(paired.T, 1e-9);
        ((double)fit.Degrees).ShouldBe(paired.Degrees);
    }

    [Fact]
    public void The_standard_error_of_a_difference_is_what_many_draws_show_with_seeds_missing()
    {
        int[] counts = [5, 1, 1, 2, 1, 3];
        var (differences, errors) = (new List<double>(), new List<double>());
        for (var draw = 0; draw < 4000; draw++)
        {
            var rng = new Rng(draw, "blocks");
            double[] seeds = [.. Enumerable.Range(0, 5).Select(_ => 3 * rng.NextNormal())];
            var fit = new SeedBlocks([
                .. counts.Select(count =>
                    Enumerable.Range(0, count).ToDictionary(j => j, j => seeds[j] + rng.NextNormal())
                ),
            ]);
            differences.Add(fit.Mean(0) - fit.Mean(1));
            errors.Add(fit.StandardError(0, 1) * fit.StandardError(0, 1));
        }
        differences.Average().ShouldBe(0, 0.06);
        // Seeds differ by three times the noise, and the error of a difference knows nothing of it.
        Math.Sqrt(errors.Average()).ShouldBe(Summary.Of(differences).StandardDeviation, 0.05);
    }

    [Fact]
    public void One_seed_each_says_nothing_of_the_noise()
    {
        var fit = new SeedBlocks([Row([0.7]), Row([0.6])]);
        fit.Degrees.ShouldBe(0);
        fit.StandardError(0, 1).ShouldBe(double.NaN);
        fit.Mean(0).ShouldBe(0.7, 1e-12);
    }

    private static Dictionary<int, double> Row(double[] values) =>
        Enumerable.Range(0, values.Length).ToDictionary(j => j, j => values[j]);
}
