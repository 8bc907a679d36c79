using System.Text.Json;
using SqsNet.Engine.Models;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Models;

/// <summary>Every backbone that timm has too, held against timm's own numbers under the same weights.</summary>
public sealed class ArchitectureParityTests
{
    private const int ImageSize = 224;
    private const int Classes = 7;

    public static TheoryData<string> Names =>
        ["efficientnet_b0", "efficientnet_b6", "swin_tiny_patch4_window7_224", "swin_small_patch4_window7_224"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Keys_shapes_parameters_and_arithmetic_equal_timms(string name)
    {
        using var scope = torch.NewDisposeScope();
        var fixture = Reference.Arch(name);
        var row = ModelRegistry.FindBackbone(name)!;
        using var model = row.Create(ImageSize, Classes);
        Tensors.Fill(model);

        model.ShouldHaveKeys(fixture.GetProperty("keys"));

        var cost = row.Count(ImageSize, Classes);
        var macs = fixture.GetProperty("macs_batch1_224");
        cost.Parameters.ShouldBe(fixture.GetProperty("params").GetInt64());
        cost.ConvolutionMacs.ShouldBe(macs.GetProperty("conv").GetInt64());
        cost.LinearMacs.ShouldBe(macs.GetProperty("linear").GetInt64());
        cost.AttentionMacs.ShouldBe(macs.GetProperty("attention").GetInt64());
        cost.Macs.ShouldBe(macs.GetProperty("total").GetInt64());
        cost.Keys.ShouldBe(fixture.GetProperty("keys").EnumerateObject().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_inside_and_at_the_end_and_all_gradients_equal_timms(string name)
    {
        using var scope = torch.NewDisposeScope();
        var fixture = Reference.Arch(name);
        using var model = ModelRegistry.FindBackbone(name)!.Create(ImageSize, Classes);
        Tensors.Fill(model);
        var images = torch.tensor<float>(
            FormulaWeights.Input(2L * 3 * ImageSize * ImageSize),
            [2, 3, ImageSize, ImageSize]
        );

        model.eval();
        ShouldMatchForward(model, images, fixture.GetProperty("eval"));

        model.train();
        var train = fixture.GetProperty("train");
        ShouldMatchForward(model, images, train, gradients: true);
        ShouldMatchRunningStatistics(model, train);

        if (!fixture.TryGetProperty("eval_calibrated", out var calibrated))
            return;
        Calibrate(model, images);
        model.eval();
        ShouldMatchForward(model, images, calibrated);
        ShouldMatchForward(model, images, fixture.GetProperty("frozen_bn"), gradients: true);
    }

    private static void ShouldMatchForward(Backbone model, Tensor images, JsonElement expected, bool gradients = false)
    {
        using var scope = torch.NewDisposeScope();
        using var mode = gradients ? null : torch.no_grad();
        var tolerance = new Tolerance(expected.GetProperty("fp32_err"));
        model.zero_grad();
        var input = images.clone().requires_grad_(gradients);
        var steps = model.Steps(input).ToArray();
        var features = steps[^1].Output;
        var logits = model.ForwardHead(features);

        if (expected.TryGetProperty("probes", out var probes))
            ShouldMatchProbes(steps, probes, tolerance);
        if (expected.TryGetProperty("features", out var summary))
            features.ShouldMatchSummary(summary, tolerance.Features, "features");
        logits.Values().ShouldBeClose(expected.GetProperty("logits").Numbers(), 1e-4, tolerance.Logits, "logits");
        if (gradients)
            ShouldMatchGradients(model, input, logits, expected, tolerance);
    }

    private static void ShouldMatchProbes(
        (string Module, Tensor Output)[] steps,
        JsonElement probes,
        Tolerance tolerance
    )
    {
        var outputs = steps.ToDictionary(step => step.Module, step => step.Output);
        // timm's first Swin stage has an identity where the others merge patches.
        if (outputs.TryGetValue("patch_embed", out var patches))
            outputs["layers.0.downsample"] = patches;
        foreach (var probe in probes.EnumerateArray())
        {
            var key = probe[0].GetString()!;
            outputs[key].shape.ShouldBe(probe[1].Shape(), key);
            Tensors.ShouldMatchSummary(
                outputs[key].Values(),
                probe[2].GetDouble(),
                probe[3].GetDouble(),
                probe[4].Numbers(),
                tolerance.Features,
                key
            );
        }
    }

    private static void ShouldMatchGradients(
        Backbone model,
        Tensor input,
        Tensor logits,
        JsonElement expected,
        Tolerance tolerance
    )
    {
        using var labels = torch.tensor<long>(expected.GetProperty("labels").Shape(), [2]);
        var loss = torch.nn.functional.cross_entropy(logits, labels);
        loss.Values()[0].ShouldBeClose(expected.Number("loss"), 1e-4, tolerance.Loss, "loss");
        loss.backward();

        var parameters = model.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        var norms = expected.GetProperty("grad_l2");
        // Biases in front of a norm and of attention's keys have a gradient of zero but for rounding.
        var floor = 1e-6 * norms.EnumerateObject().Max(norm => norm.Value.GetDouble());
        foreach (var norm in norms.EnumerateObject())
            parameters[norm.Name]
                .grad!.Norm()
                .ShouldBeClose(norm.Value.GetDouble(), tolerance.Gradients, floor, $"gradient of {norm.Name}");
        foreach (
            var gradient in expected.GetProperty("grads").EnumerateObject().Where(g => g.Value.Number("l2") > floor)
        )
            parameters[gradient.Name]
                .grad.ShouldMatchSummary(gradient.Value, tolerance.Gradients, $"gradient of {gradient.Name}");
        input.grad.ShouldMatchSummary(expected.GetProperty("grad_input"), tolerance.Gradients, "gradient of the input");
    }

    private static void ShouldMatchRunningStatistics(Backbone model, JsonElement train)
    {
        var state = model.state_dict();
        foreach (var norm in train.GetProperty("bn_after_step").EnumerateObject())
        {
            foreach (var statistic in norm.Value.EnumerateObject())
                state[$"{norm.Name}.{statistic.Name}"]
                    .ShouldMatchSummary(statistic.Value, 1e-4, $"{norm.Name}.{statistic.Name}");
        }
    }

    /// <summary>
    /// Replaces the running statistics by those of this batch. A training pass adds a tenth of the batch's statistics
    /// to nine tenths of the old ones, so from zero it leaves a tenth.
    /// </summary>
    private static void Calibrate(Backbone model, Tensor images)
    {
        using var scope = torch.NewDisposeScope();
        using var mode = torch.no_grad();
        var norms = model.modules().OfType<BatchNorm2d>().ToArray();
        foreach (var norm in norms)
            _ = (norm.running_mean.zero_(), norm.running_var.zero_());
        model.train();
        _ = model.ForwardFeatures(images);
        foreach (var norm in norms)
            _ = (norm.running_mean.mul_(10), norm.running_var.mul_(10));
    }

    /// <summary>The larger of a relative 1e-4 and 20 times PyTorch's own 32-bit error.</summary>
    private sealed record Tolerance(JsonElement Error)
    {
        private const double Relative = 1e-4;
        private const double Factor = 20;

        internal double Features => Of("features_rel_l2");

        internal double Gradients => Of("grad_rel_l2_median");

        internal double Logits => Error.Number("logits_max_abs") * Factor;

        internal double Loss => Error.Number("loss_abs") * Factor;

        private double Of(string name) => Math.Max(Relative, Error.Number(name) * Factor);
    }
}
