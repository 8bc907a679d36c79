using System.Text.Json;
using SqsNet.Engine.Importance;
using SqsNet.Engine.Parity;
using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Tests.Importance;

/// <summary>Shares of variance against Optuna's and analytic values, and divergences against sums by hand.</summary>
public class ImportanceTests
{
    private static readonly JsonElement _optuna = Reference.Sqs("hpo_fanova");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Variances_of_a_tree_and_its_marginals_equal_optuna(int number)
    {
        var t = _optuna.GetProperty("trees")[number];
        var tree = new RegressionTree(
            [.. Numbers(t.GetProperty("children_left")).Select(x => (int)x)],
            [.. Numbers(t.GetProperty("children_right")).Select(x => (int)x)],
            [.. Numbers(t.GetProperty("feature")).Select(x => (int)x)],
            Numbers(t.GetProperty("threshold")),
            Numbers(t.GetProperty("value"))
        );
        double[][] space = [.. t.GetProperty("space").EnumerateArray().Select(Numbers)];
        var variance = new TreeVariance(tree, [.. space.Select(s => s[0])], [.. space.Select(s => s[1])]);
        // Sums of some sixty terms of order 1, and the fixture has 14 digits.
        variance.Total.ShouldBe(t.GetProperty("variance").GetDouble(), 1e-12);
        Enumerable
            .Range(0, space.Length)
            .Select(d => variance.Marginal(d))
            .ShouldBe(Numbers(t.GetProperty("marginal")), 1e-12);
        foreach (var pair in t.GetProperty("pair_marginal").EnumerateArray())
            variance.Marginal(pair[0][0].GetInt32(), pair[0][1].GetInt32()).ShouldBe(pair[1].GetDouble(), 1e-12);
    }

    [Fact]
    public void A_forests_shares_are_those_of_optunas_within_what_two_forests_differ()
    {
        foreach (var forest in _optuna.GetProperty("forests").EnumerateArray())
        {
            var label = forest.GetProperty("label").GetString()!;
            var names = forest.GetProperty("space").EnumerateObject().Select(p => p.Name).ToList();
            var n = forest.GetProperty("n").GetInt32();
            var draws = names.ConvertAll(name =>
                FormulaWeights.Doubles($"hpo/fan/{label}/{name}", n).Select(u => (u + 1) / 2).ToArray()
            );
            double Choice(double u) => ((double[])[0, 0.5, 2])[Math.Min((int)(3 * u), 2)];
            var isLinear = names.Count == 3;
            List<double[]> points =
            [
                .. Enumerable
                    .Range(0, n)
                    .Select(i =>
                        isLinear
                            ? (double[])[draws[0][i], draws[1][i], draws[2][i]]
                            : [draws[0][i], (Math.Min((int)(3 * draws[1][i]), 2) + 0.5) / 3]
                    ),
            ];
            double[] values =
            [
                .. Enumerable
                    .Range(0, n)
                    .Select(i =>
                        isLinear
                            ? (3 * draws[0][i]) + (2 * draws[1][i]) + (draws[0][i] * draws[2][i])
                            : draws[0][i] + Choice(draws[1][i])
                    ),
            ];
            var shares = Fanova.Measure(points, values, trees: 64, new Rng(0, "fanova"));
            var total = shares.Mains.Sum();
            for (var d = 0; d < names.Count; d++)
            {
                var expected = forest.GetProperty("optuna_mean").GetProperty(names[d]).GetDouble();
                var spread = forest.GetProperty("optuna_sd_over_8_seeds").GetProperty(names[d]).GetDouble();
                // Other draws and other ties: five of Optuna's own standard deviations, and a percentage point.
                (shares.Mains[d] / total).ShouldBe(expected, (5 * spread) + 0.01, $"{label} {names[d]}");
            }
            shares.Fit.ShouldBeGreaterThan(0.9);
        }
    }

    [Fact]
    public void What_two_parameters_do_only_together_is_found_as_a_pair()
    {
        var rng = new Rng(1, "pair");
        List<double[]> points =
        [
            .. Enumerable.Range(0, 300).Select(_ => (double[])[rng.NextDouble(), rng.NextDouble(), rng.NextDouble()]),
        ];
        double[] values = [.. points.Select(p => p[0] > 0.5 == p[1] > 0.5 ? 1.0 : 0)];
        var shares = Fanova.Measure(points, values, 32, rng);
        shares.Mains.Sum().ShouldBeLessThan(0.1);
        shares.Pairs[(0, 1)].ShouldBeGreaterThan(0.8);
        shares.Pairs[(0, 2)].ShouldBeLessThan(0.05);
    }

    [Fact]
    public void A_density_of_choices_and_its_divergence_are_those_counted_by_hand()
    {
        // Three observations, two kinds, prior: kernels (4/5, 1/5) with weight 2, (1/5, 4/5) with 1, (1/2, 1/2) with 1.
        var density = PedAnova.Density([0, 0, 1], new(2, IsRange: false));
        density.ShouldBe([((2 * 0.8) + 0.2 + 0.5) / 4, ((2 * 0.2) + 0.8 + 0.5) / 4], 1e-14);
        PedAnova.Divergence([0.9, 0.1], [0.5, 0.5]).ShouldBe((0.5 * 0.64) + (0.5 * 0.64), 1e-14);
        PedAnova.Divergence(density, density).ShouldBe(0);
    }

    [Fact]
    public void A_density_of_a_range_adds_up_to_one_and_is_flat_for_even_observations()
    {
        var even = PedAnova.Density([.. Enumerable.Range(0, 500).Select(i => i / 10)], new(50, IsRange: true));
        even.Sum().ShouldBe(1, 1e-12);
        even[5..45].ShouldAllBe(mass => Math.Abs(mass - 0.02) < 0.002);
        var narrow = PedAnova.Density([.. Enumerable.Repeat(20, 50)], new(50, IsRange: true));
        // Of the least width, half a cell over 1.64, a share of 2 Φ(1.64) - 1 of a kernel lies within its cell.
        narrow[20].ShouldBe(((50 * 0.898995) + 0.02) / 51, 5e-5);
    }

    [Fact]
    public void Only_the_parameter_that_decides_who_is_best_has_importance_for_it()
    {
        var rng = new Rng(3, "ped");
        List<double[]> points =
        [
            .. Enumerable.Range(0, 200).Select(_ => (double[])[rng.NextDouble(), rng.NextDouble()]),
        ];
        double[] losses = [.. points.Select(p => Math.Abs(p[0] - 0.3))];
        var shares = PedAnova.Measure(points, losses, [new(50, IsRange: true), new(50, IsRange: true)]);
        shares[0].ShouldBeGreaterThan(0.8);
        shares.Sum().ShouldBe(1, 1e-12);
    }

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(x => x.GetDouble())];
}
