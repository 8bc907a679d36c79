using System.Text.Json;
using SqsNet.Engine.Losses;
using SqsNet.Engine.Models;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Engine.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Models;

/// <summary>Whole SQSNets, held against the PyTorch reference under the same weights.</summary>
[Collection(nameof(BigModels))]
public sealed class SqsNetParityTests
{
    private const int Classes = 7;
    private const double Relative = 1e-4;
    private const double Factor = 20;

    private static readonly SwinRow s_smallSwin = new()
    {
        Name = "swin",
        Description = "The reference's small Swin Transformer.",
        ImageSize = 64,
        WindowSize = 4,
        EmbedDim = 48,
        Depths = [2, 2, 2],
        Heads = [3, 6, 12],
    };

    private static readonly HybridRow s_tiny = new()
    {
        Name = "tiny",
        Description = "The reference's small network: total stride 16.",
        Cnn = EfficientNetVariants.B0 with { StemStride = 1 },
        Transformer = s_smallSwin,
        Fusion = new FusionSpec(),
        Width = 256,
        ImageSize = 64,
    };

    private static readonly Dictionary<string, HybridRow> s_rows = new()
    {
        ["tiny_cross"] = s_tiny,
        ["tiny_concat"] = s_tiny with { Fusion = new FusionSpec { Kind = FusionKind.Concat } },
        ["tiny_untied"] = s_tiny with { Fusion = new FusionSpec { Tied = false } },
        ["tiny32_cross"] = s_tiny with
        {
            Cnn = EfficientNetVariants.B0,
            Transformer = s_smallSwin with { Depths = [2, 2, 2, 2], Heads = [3, 6, 12, 24] },
        },
        ["full_cross"] = HybridVariants.Paper,
        ["full_concat"] = HybridVariants.Paper with { Fusion = new FusionSpec { Kind = FusionKind.Concat } },
    };

    public static TheoryData<string> Names =>
        [
            .. s_rows.Keys.Select(name =>
                new TheoryDataRow<string>(name).WithTrait(
                    "Category",
                    name.StartsWith("full", StringComparison.Ordinal) ? "Slow" : "Light"
                )
            ),
        ];

    public static TheoryData<string> SmallNames =>
        [.. s_rows.Keys.Where(name => name.StartsWith("tiny", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Keys_parameters_arithmetic_and_a_training_step_equal_the_reference(string name)
    {
        using var scope = new BigModelScope();
        var fixture = Reference.Sqs($"net_{name}");
        var row = s_rows[name];
        ShouldMatchCounts(row, fixture);

        var (model, images, targets) = Create(row, fixture, scope);
        model.ShouldHaveKeys(fixture.GetProperty("keys"));
        var (output, anchors, loss) = Forward(model, images, targets);
        loss.Total.backward();

        var expected = fixture.GetProperty("train");
        var error = expected.GetProperty("fp32_err");
        ShouldMatchLoss(
            loss,
            expected.Number("total"),
            expected.GetProperty("parts"),
            Math.Max(Relative, error.Number("total_abs") * Factor)
        );
        ShouldMatchOutput(output, anchors, expected, error);
        ShouldMatchGradients(model, expected, Math.Max(Relative, error.Number("grad_rel_l2_median") * Factor));
    }

    [Theory]
    [MemberData(nameof(SmallNames))]
    public void Five_optimizer_steps_follow_the_reference(string name)
    {
        using var scope = new BigModelScope();
        var fixture = Reference.Sqs($"net_{name}");
        var (model, images, targets) = Create(s_rows[name], fixture, scope);
        var trajectory = fixture.GetProperty("trajectory");
        var settings = trajectory.GetProperty("optimizer");
        using var optimizer = torch.optim.AdamW(
            model.parameters(),
            lr: settings.Number("lr"),
            weight_decay: settings.Number("weight_decay")
        );
        foreach (var expected in trajectory.GetProperty("steps").EnumerateArray())
        {
            using var step = torch.NewDisposeScope();
            var (_, _, loss) = Forward(model, images, targets);
            optimizer.zero_grad();
            loss.Total.backward();
            ShouldMatchLoss(loss, expected.Number("total"), expected, Relative);
            optimizer.step();
        }

        model.eval();
        using var mode = torch.no_grad();
        var logits = model.forward(images.narrow(0, 0, images.shape[0] / 4));
        var error = fixture.Number("after_5_steps_fp32_eval_max_abs_err") * Factor;
        logits
            .Values()
            .ShouldBeClose(
                fixture.GetProperty("after_5_steps_eval_logits_A").Numbers(),
                Relative,
                Math.Max(Relative, error),
                "logits"
            );
    }

    private static (SqsNetModel Model, Tensor Images, Tensor Targets) Create(
        HybridRow row,
        JsonElement fixture,
        BigModelScope scope
    )
    {
        var model = scope.Add(new SqsNetModel(row, Classes, new SqsSpec()));
        Tensors.Fill(model);
        var shape = fixture.GetProperty("input").GetProperty("shape").Shape();
        var images = torch.tensor<float>(
            FormulaWeights.Input(shape.Aggregate(1L, (product, size) => product * size)),
            shape
        );
        var labels = fixture.GetProperty("labels").Shape();
        using var indices = torch.tensor<long>(labels, [labels.Length]);
        return (model, images, LabelSmoothing.Targets(indices, Classes, smoothing: 0.1));
    }

    private static (SqsOutput Output, Tensor Anchors, SqsNetLossParts Loss) Forward(
        SqsNetModel model,
        Tensor images,
        Tensor targets
    )
    {
        var sqs = new SqsSpec();
        var maps = model.ForwardMap(images).chunk(4);
        var output = model.ForwardQuads(maps[0], maps[1], maps[2], maps[3], sqs);
        return (output, maps[0], SqsNetLoss.Compute(output, targets, sqs, new DistillationSpec()));
    }

    private static void ShouldMatchCounts(HybridRow row, JsonElement fixture)
    {
        var cost = row.Count(Classes);
        var macs = fixture.GetProperty("macs_batch1");
        cost.Parameters.ShouldBe(fixture.GetProperty("params").GetInt64());
        cost.ConvolutionMacs.ShouldBe(macs.GetProperty("conv").GetInt64());
        cost.LinearMacs.ShouldBe(macs.GetProperty("linear").GetInt64());
        cost.AttentionMacs.ShouldBe(macs.GetProperty("attention").GetInt64());
        cost.Keys.ShouldBe(fixture.GetProperty("keys").EnumerateObject().Count());
    }

    private static void ShouldMatchLoss(SqsNetLossParts loss, double total, JsonElement parts, double tolerance)
    {
        loss.Total.Values()[0].ShouldBeClose(total, tolerance, 0, "total");
        loss.Classification.Values()[0]
            .ShouldBeClose(parts.Number("ce_base") + parts.Number("ce_enhanced"), tolerance, 0, "classification");
        loss.Similarity.Values()[0].ShouldBeClose(parts.Number("sqs"), tolerance, 0, "similarity");
        // A divergence is a difference of nearly equal numbers.
        loss.Distillation.Values()[0].ShouldBeClose(parts.Number("kl"), tolerance, tolerance, "distillation");
    }

    private static void ShouldMatchOutput(SqsOutput output, Tensor anchors, JsonElement expected, JsonElement error)
    {
        var logits = Math.Max(Relative, error.Number("base_max_abs") * Factor);
        var features = Math.Max(Relative, error.Number("f_A_rel_l2") * Factor);
        output.Base.Values().ShouldBeClose(expected.GetProperty("base").Numbers(), Relative, logits, "base");
        output
            .Enhanced.Values()
            .ShouldBeClose(expected.GetProperty("enhanced").Numbers(), Relative, logits, "enhanced");
        var maps = expected.GetProperty("maps");
        anchors.ShouldMatchSummary(maps.GetProperty("f_A"), features, "f_A");
        output.Refined.ShouldMatchSummary(maps.GetProperty("refined"), features, "refined");
        output.SAP.ShouldMatchSummary(maps.GetProperty("S_AP"), features, "S_AP");
        output.SAN1.ShouldMatchSummary(maps.GetProperty("S_AN1"), features, "S_AN1");
        output.SAN2.ShouldMatchSummary(maps.GetProperty("S_AN2"), features, "S_AN2");
        // R is the difference of maps near 1, so its error is that of the maps.
        output.R.Values()[0].ShouldBeClose(maps.GetProperty("R").GetProperty("first").Numbers()[0], 0, features, "R");
    }

    private static void ShouldMatchGradients(SqsNetModel model, JsonElement expected, double tolerance)
    {
        var parameters = model.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        var norms = expected.GetProperty("grad_l2");
        // Biases in front of a norm have a gradient of zero but for rounding.
        var floor = 1e-6 * norms.EnumerateObject().Max(norm => norm.Value.GetDouble());
        foreach (var norm in norms.EnumerateObject())
            parameters[norm.Name]
                .grad!.Norm()
                .ShouldBeClose(norm.Value.GetDouble(), tolerance, floor, $"gradient of {norm.Name}");
        foreach (
            var gradient in expected.GetProperty("grads").EnumerateObject().Where(g => g.Value.Number("l2") > floor)
        )
            parameters[gradient.Name]
                .grad.ShouldMatchSummary(gradient.Value, tolerance, $"gradient of {gradient.Name}");
    }
}
