using System.Text.Json;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Tests.Sweeps.Samplers;

/// <summary>Parity with Optuna's estimator, and draws that follow the density they come from.</summary>
public class ParzenEstimatorTests
{
    private static readonly JsonElement _optuna = Reference.Sqs("hpo_tpe_parzen");

    public static TheoryData<string> Cases => [.. _optuna.GetProperty("cases").EnumerateArray().Select(Label)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weights_kernels_and_densities_equal_optuna(string label)
    {
        var c = _optuna.GetProperty("cases").EnumerateArray().Single(candidate => Label(candidate) == label);
        var (names, dimensions) = Space(c.GetProperty("space"));
        var estimator = new ParzenEstimator(
            dimensions,
            Points(c.GetProperty("observations"), names, dimensions),
            new()
            {
                Prior = c.GetProperty("consider_prior").GetBoolean(),
                PriorWeight = c.GetProperty("prior_weight").GetDouble(),
                Clip = c.GetProperty("magic_clip").GetBoolean(),
                Endpoints = c.GetProperty("endpoints").GetBoolean(),
                EqualWidths = c.GetProperty("multivariate").GetBoolean(),
            }
        );
        estimator.Weights.ShouldBe(Numbers(c.GetProperty("weights")), 1e-13);
        for (var d = 0; d < names.Count; d++)
            if (dimensions[d] is ParzenRange)
            {
                estimator.Kernels[d].Means.ShouldBe(Numbers(c.GetProperty("mus").GetProperty(names[d])), 1e-12);
                estimator.Kernels[d].Sigmas.ShouldBe(Numbers(c.GetProperty("sigmas").GetProperty(names[d])), 1e-12);
            }
            else
                estimator
                    .Kernels[d]
                    .Shares.SelectMany(row => row)
                    .ShouldBe(
                        c.GetProperty("categorical_weights").GetProperty(names[d]).EnumerateArray().SelectMany(Numbers),
                        1e-13
                    );
        Points(c.GetProperty("points"), names, dimensions)
            .Select(estimator.LogDensity)
            .ShouldBe(Numbers(c.GetProperty("log_pdf")), 1e-9);
    }

    [Fact]
    public void The_candidate_with_the_largest_ratio_equals_optuna()
    {
        foreach (var c in _optuna.GetProperty("selection").EnumerateArray())
        {
            var (all, _) = Space(c.GetProperty("space"));
            var below = Numbers(c.GetProperty("below")).Select(i => (int)i).ToHashSet();
            below.Count.ShouldBe(c.GetProperty("gamma_n_below").GetInt32());
            foreach (var group in c.GetProperty("groups").EnumerateArray())
            {
                var names = group.GetProperty("params").EnumerateArray().Select(name => name.GetString()!).ToList();
                var dimensions = names.ConvertAll(name => Dimension(c.GetProperty("space").GetProperty(name)));
                var history = Points(c.GetProperty("history"), names, dimensions);
                var options = new ParzenOptions { EqualWidths = c.GetProperty("multivariate").GetBoolean() };
                var l = new ParzenEstimator(dimensions, [.. history.Where((_, i) => below.Contains(i))], options);
                var g = new ParzenEstimator(dimensions, [.. history.Where((_, i) => !below.Contains(i))], options);
                var candidates = Points(c.GetProperty("candidates"), names, dimensions);
                double[] logL = [.. candidates.Select(l.LogDensity)];
                double[] logG = [.. candidates.Select(g.LogDensity)];
                logL.ShouldBe(Numbers(group.GetProperty("log_l")), 1e-9);
                logG.ShouldBe(Numbers(group.GetProperty("log_g")), 1e-9);
                Enumerable
                    .Range(0, candidates.Count)
                    .MaxBy(i => logL[i] - logG[i])
                    .ShouldBe(group.GetProperty("argmax").GetInt32());
            }
            all.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void The_number_of_good_ones_and_the_weights_by_age_equal_optuna()
    {
        foreach (var row in _optuna.GetProperty("gamma").EnumerateArray())
            TpeSampler.GoodCount(row[0].GetInt32()).ShouldBe(row[1].GetInt32());
        foreach (var row in _optuna.GetProperty("weights").EnumerateObject())
            ParzenEstimator.Ramp(int.Parse(row.Name)).ShouldBe(Numbers(row.Value), 1e-11);
    }

    [Fact]
    public void A_parameter_that_does_not_vary_somewhere_is_left_out_there()
    {
        var (range, choices) = (new ParzenRange(0, 1, Step: null, Log: false), new ParzenChoices(3));
        var options = new ParzenOptions { EqualWidths = false };
        var both = new ParzenEstimator(
            [range, choices],
            [
                [0.2, 1],
                [0.9, double.NaN],
                [0.4, 2],
            ],
            options
        );
        // Without a choice, the density of the range alone.
        var alone = new ParzenEstimator(
            [range],
            [
                [0.2],
                [0.9],
                [0.4],
            ],
            options
        );
        foreach (var x in (double[])[0, 0.3, 0.95])
            both.LogDensity([x, double.NaN]).ShouldBe(alone.LogDensity([x]), 1e-12);
        // The observation without a choice says nothing about choices: its kernel is the prior's.
        both.Kernels[1].Shares[1].ShouldBe([1 / 3.0, 1 / 3.0, 1 / 3.0], 1e-12);
        both.Kernels[1].Shares[2][2].ShouldBe((1 + (1 / 3.0)) / 2, 1e-12);
        // Over the choices it adds up to the same.
        Enumerable
            .Range(0, 3)
            .Sum(choice => Math.Exp(both.LogDensity([0.3, choice])))
            .ShouldBe(Math.Exp(both.LogDensity([0.3, double.NaN])), 1e-12);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-30.0)]
    [InlineData(30.0)]
    public void Draws_of_a_truncated_kernel_stay_in_range_and_follow_its_density(double mean)
    {
        var range = new ParzenRange(-1, 1, Step: null, Log: false);
        var rng = new Rng(3, "draws");
        double[] draws = [.. Enumerable.Range(0, 20_000).Select(_ => range.Draw(mean, 5, rng))];
        draws.ShouldAllBe(x => x >= -1 && x <= 1);
        // The share of draws below 0 against the integral of the density there, within five standard errors.
        const int cells = 2_000;
        var below = Enumerable
            .Range(0, cells)
            .Sum(i => Math.Exp(range.LogDensity(-1 + ((i + 0.5) / cells), mean, 5)) / cells);
        var share = draws.Count(x => x < 0) / (double)draws.Length;
        share.ShouldBe(below, 5 * Math.Sqrt(0.25 / draws.Length));
    }

    private static string Label(JsonElement c) => c.GetProperty("label").GetString()!;

    private static (List<string> Names, List<ParzenDimension> Dimensions) Space(JsonElement space) =>
        (
            [.. space.EnumerateObject().Select(p => p.Name)],
            [.. space.EnumerateObject().Select(p => Dimension(p.Value))]
        );

    private static ParzenDimension Dimension(JsonElement d)
    {
        if (d.GetProperty("type").GetString() == "categorical")
            return new ParzenChoices(d.GetProperty("choices").GetInt32());
        var (low, high) = (d.GetProperty("low").GetDouble(), d.GetProperty("high").GetDouble());
        var log = d.GetProperty("log").GetBoolean();
        double? step = d.GetProperty("step") is { ValueKind: JsonValueKind.Number } s ? s.GetDouble() : null;
        if (step is { } grid)
            (low, high) = (low - (grid / 2), high + (grid / 2));
        return log
            ? new ParzenRange(Math.Log(low), Math.Log(high), step, Log: true)
            : new ParzenRange(low, high, step, Log: false);
    }

    private static List<double[]> Points(JsonElement byName, List<string> names, List<ParzenDimension> dimensions)
    {
        var columns = names.ConvertAll(name => Numbers(byName.GetProperty(name)));
        return
        [
            .. Enumerable
                .Range(0, columns[0].Length)
                .Select(i =>
                    columns
                        .Select(
                            (column, d) => dimensions[d] is ParzenRange { Log: true } ? Math.Log(column[i]) : column[i]
                        )
                        .ToArray()
                ),
        ];
    }

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(x => x.GetDouble())];
}
