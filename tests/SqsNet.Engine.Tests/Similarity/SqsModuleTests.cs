using System.Text.Json;
using SqsNet.Engine.Losses;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Similarity;

public sealed class SqsModuleTests
{
    private const double Exact = 1e-9;
    private static readonly string[] s_names = ["fA", "fP", "fN1", "fN2"];

    [Theory]
    [InlineData("sqs_b2c8h3w3")]
    [InlineData("sqs_b4c16h3w3")]
    [InlineData("sqs_b2c8h7w7")]
    [InlineData("sqs_b3c16h7w7")]
    public void Maps_refinement_loss_and_gradients_equal_the_reference(string name)
    {
        using var scope = torch.NewDisposeScope();
        var fixture = Reference.Sqs(name);
        var shape = fixture.GetProperty("shape").Shape();
        foreach (var expected in fixture.GetProperty("cases").EnumerateArray())
        {
            var spec = Spec(expected);
            var margin = expected.Number("m");
            var (leaves, upstream) = QuadRecipe.Leaves(shape);
            var maps = Refine(leaves, spec);
            ShouldMatchMaps(maps, expected);
            var loss = QuadMarginLoss.Compute(maps.SAP, maps.SAN1, maps.SAN2, margin);
            loss.Values()[0].ShouldBeClose(expected.Number("loss"), Exact, 1e-14, "loss");
            loss.backward();
            ShouldMatchGradients(leaves, expected.GetProperty("grad_loss"));

            (leaves, upstream) = QuadRecipe.Leaves(shape);
            (Refine(leaves, spec).Refined * upstream).sum().backward();
            ShouldMatchGradients(leaves, expected.GetProperty("grad_refined_dot_G"));
        }
    }

    [Fact]
    public void Identical_opposite_and_zero_features_give_the_reference_values()
    {
        using var scope = torch.NewDisposeScope();
        var fixture = Reference.Sqs("sqs_edge");
        var shape = fixture.GetProperty("shape").Shape();
        foreach (var expected in fixture.GetProperty("cases").EnumerateArray())
        {
            var inputs = expected.GetProperty("inputs");
            var leaves = s_names.Select(name => Tensors.Leaf(inputs.GetProperty(name).Numbers(), shape)).ToArray();
            var maps = Refine(leaves, Spec(expected));
            ShouldMatchMaps(maps, expected);
            var loss = QuadMarginLoss.Compute(maps.SAP, maps.SAN1, maps.SAN2, expected.Number("m"));
            loss.Values()[0].ShouldBeClose(expected.Number("loss"), Exact, 1e-14, "loss");
            loss.backward();
            ShouldMatchGradients(leaves, expected.GetProperty("grad_loss"));
        }
    }

    [Fact]
    public void Raw_similarity_dies_with_the_number_of_channels_and_normalised_similarity_does_not()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var row in Reference.Sqs("sqs_dimension_effect").GetProperty("rows").EnumerateArray())
        {
            var (leaves, _) = QuadRecipe.Leaves([2, row.GetProperty("C").GetInt64(), 7, 7]);
            foreach (
                var (key, normalization) in new[]
                {
                    ("raw", SimilarityNormalization.None),
                    ("normalized", SimilarityNormalization.L2),
                }
            )
            {
                var maps = Refine(leaves, new SqsSpec { Normalize = normalization });
                var expected = row.GetProperty(key);
                maps.SAP.mean().Values()[0].ShouldBeClose(expected.Number("S_AP_mean"), 1e-5, 1e-300, $"{key} S_AP");
                maps.SAN1.mean().Values()[0].ShouldBeClose(expected.Number("S_AN1_mean"), 1e-5, 1e-300, $"{key} S_AN1");
                QuadMarginLoss
                    .Compute(maps.SAP, maps.SAN1, maps.SAN2, 0.5)
                    .Values()[0]
                    .ShouldBeClose(expected.Number("loss"), 1e-7, 0, $"{key} loss");
            }
        }
    }

    [Fact]
    public void Mean_square_normalization_divides_the_distance_by_the_channels()
    {
        using var scope = torch.NewDisposeScope();
        var f = torch.tensor<double>([1, 0, 0, 0], [1, 4, 1, 1]);
        var g = torch.tensor<double>([0, 1, 0, 0], [1, 4, 1, 1]);
        var s = SpatialSimilarity.Compute(f, g, tau: 2, SimilarityNormalization.MeanSquare);
        s.Values()[0].ShouldBe(Math.Exp(-2.0 / 4 / 2), 1e-15);
    }

    [Fact]
    public void Learnable_weights_are_parameters_that_start_at_the_specification_and_receive_gradients()
    {
        using var scope = torch.NewDisposeScope();
        var spec = new SqsSpec { Learnable = true, Alpha = 0.8 };
        var module = new SqsModule(spec);
        module.state_dict().Select(entry => entry.Key).ShouldBe(["alpha", "beta", "gamma"]);
        var maps = new[] { "a", "p", "n", "m" }
            .Select(name => torch.tensor<float>(FormulaWeights.Input(2 * 4 * 3 * 3, name), [2, 4, 3, 3]))
            .ToArray();
        var learned = module.Refine(maps[0], maps[1], maps[2], maps[3], spec);
        var fixedMaps = new SqsModule(spec with { Learnable = false }).Refine(maps[0], maps[1], maps[2], maps[3], spec);
        learned.Refined.Values().ShouldBeClose(fixedMaps.Refined.Values(), 1e-6, 1e-6, "refined");
        learned.Refined.sum().backward();
        module.parameters().ShouldAllBe(parameter => Math.Abs(parameter.grad!.Values()[0]) > 0);
    }

    [Fact]
    public void Fixed_weights_leave_no_trace_in_the_state_dictionary() =>
        new SqsModule(new SqsSpec()).state_dict().ShouldBeEmpty();

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Tau_must_be_positive(double tau)
    {
        using var scope = torch.NewDisposeScope();
        var f = torch.ones([1, 2, 1, 1]);
        Should.Throw<ArgumentOutOfRangeException>(() => SpatialSimilarity.Compute(f, f, tau));
    }

    private static SqsMaps Refine(Tensor[] leaves, SqsSpec spec) =>
        new SqsModule(spec).Refine(leaves[0], leaves[1], leaves[2], leaves[3], spec);

    private static SqsSpec Spec(JsonElement expected) =>
        new()
        {
            Tau = expected.Number("tau"),
            Alpha = expected.Number("alpha"),
            Beta = expected.Number("beta"),
            Gamma = expected.Number("gamma"),
            Normalize = expected.GetProperty("normalize").GetBoolean()
                ? SimilarityNormalization.L2
                : SimilarityNormalization.None,
        };

    private static void ShouldMatchMaps(SqsMaps maps, JsonElement expected)
    {
        maps.SAP.ShouldMatch(expected.GetProperty("S_AP"), Exact, "S_AP");
        maps.SAN1.ShouldMatch(expected.GetProperty("S_AN1"), Exact, "S_AN1");
        maps.SAN2.ShouldMatch(expected.GetProperty("S_AN2"), Exact, "S_AN2");
        maps.R.ShouldMatch(expected.GetProperty("R"), Exact, "R");
        maps.Refined.ShouldMatch(expected.GetProperty("refined"), Exact, "refined");
    }

    private static void ShouldMatchGradients(Tensor[] leaves, JsonElement expected)
    {
        foreach (var (name, leaf) in s_names.Zip(leaves))
            leaf.grad.ShouldMatch(expected.GetProperty(name), Exact, $"gradient of {name}");
    }
}
