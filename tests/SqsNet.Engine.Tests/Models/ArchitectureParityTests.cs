using System.Text.Json;
using SqsNet.Engine.Models;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Models;

/// <summary>Every backbone that timm has too, held against timm's own numbers under the same weights.</summary>
[Collection(nameof(BigModels))]
public sealed class ArchitectureParityTests
{
    private const int Classes = 7;

    public static TheoryData<string> Names =>
        [
            "efficientnet_b0",
            Slow("efficientnet_b6"),
            Slow("tf_efficientnet_b6"),
            Slow("efficientnet_b7"),
            "efficientnet_lite0",
            "mobilenetv2_100",
            "resnet18",
            "resnext50_32x4d",
            "seresnext50_32x4d",
            "swin_tiny_patch4_window7_224",
            Slow("swin_small_patch4_window7_224"),
            "vit_small_patch16_224",
            Slow("vit_base_patch16_224"),
            "mobilefacenet",
        ];

    /// <summary>
    /// Networks with kinks: a unit that rounding carries over the kink changes gradients by percents, so only 64 bits
    /// tell a wrong gradient from rounding.
    /// </summary>
    public static TheoryData<string> NamesWithKinks =>
        ["efficientnet_lite0", "mobilenetv2_100", "resnet18", "resnext50_32x4d", "seresnext50_32x4d", "mobilefacenet"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Keys_shapes_parameters_and_arithmetic_equal_timms(string name)
    {
        using var scope = new BigModelScope();
        var fixture = Reference.Arch(name);
        var (model, _) = Create(name, fixture, scope);
        model.ShouldHaveKeys(fixture.GetProperty("keys"));

        var cost = ModelRegistry.FindBackbone(name)!.Count(model.ImageSize, Classes);
        var macs = fixture.GetProperty($"macs_batch1_{model.ImageSize}");
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
        using var scope = new BigModelScope();
        ShouldMatchEveryMode(scope, name, ScalarType.Float32);
    }

    [Theory]
    [MemberData(nameof(NamesWithKinks))]
    public void Values_and_gradients_equal_timms_in_64_bits(string name)
    {
        using var scope = new BigModelScope();
        ShouldMatchEveryMode(scope, name, ScalarType.Float64);
    }

    private static void ShouldMatchEveryMode(BigModelScope scope, string name, ScalarType dtype)
    {
        var fixture = Reference.Arch(name);
        var (model, images) = Create(name, fixture, scope);
        model.to(dtype);
        images = images.to(dtype);

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

    private static (Backbone Model, Tensor Images) Create(string name, JsonElement fixture, BigModelScope scope)
    {
        var shape = fixture.GetProperty("input").GetProperty("shape").Shape();
        var model = scope.Add(ModelRegistry.FindBackbone(name)!.Create((int)shape[^1], Classes));
        Tensors.Fill(model);
        return (
            model,
            torch.tensor<float>(FormulaWeights.Input(shape.Aggregate(1L, (product, size) => product * size)), shape)
        );
    }

    private static TheoryDataRow<string> Slow(string name) =>
        new TheoryDataRow<string>(name).WithTrait("Category", "Slow");

    private static void ShouldMatchForward(Backbone model, Tensor images, JsonElement expected, bool gradients = false)
    {
        using var scope = torch.NewDisposeScope();
        using var mode = gradients ? null : torch.no_grad();
        var tolerance = Tolerance.For(images.dtype, expected.GetProperty("fp32_err"));
        model.zero_grad();
        var input = images.clone().requires_grad_(gradients);
        var steps = model.Steps(input).ToArray();
        var features = steps[^1].Output;
        var logits = model.ForwardHead(features);

        if (expected.TryGetProperty("probes", out var probes))
            ShouldMatchProbes(steps, probes, tolerance);
        if (expected.TryGetProperty("features", out var summary))
            features.ShouldMatchSummary(summary, tolerance.Features, "features");
        logits
            .Values()
            .ShouldBeClose(expected.GetProperty("logits").Numbers(), tolerance.Relative, tolerance.Logits, "logits");
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
        loss.Values()[0].ShouldBeClose(expected.Number("loss"), tolerance.Relative, tolerance.Loss, "loss");
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
        _ = model.forward(images);
        foreach (var norm in norms)
            _ = (norm.running_mean.mul_(10), norm.running_var.mul_(10));
    }

    /// <summary>How far from the reference's 64-bit values ours may be.</summary>
    private sealed record Tolerance(double Relative, double Features, double Gradients, double Logits, double Loss)
    {
        private const double Factor = 20;

        /// <summary>
        /// In 32 bits the larger of a relative 1e-4 and 20 times PyTorch's own 32-bit error (of gradients also twice the
        /// largest of its errors, which kinks make much larger than the median); in 64 bits the digits that the files
        /// keep.
        /// </summary>
        internal static Tolerance For(ScalarType dtype, JsonElement error)
        {
            if (dtype == ScalarType.Float64)
                return new Tolerance(1e-8, 1e-8, 1e-7, 1e-10, 1e-10);
            const double relative = 1e-4;
            return new Tolerance(
                relative,
                Math.Max(relative, Of("features_rel_l2")),
                Math.Max(Math.Max(relative, Of("grad_rel_l2_median")), LargestGradientError()),
                Of("logits_max_abs"),
                Of("loss_abs")
            );

            double LargestGradientError() =>
                error.TryGetProperty("grad_rel_l2_max", out var largest) ? 2 * largest[0].GetDouble() : 0;

            double Of(string name) => error.TryGetProperty(name, out var value) ? value.GetDouble() * Factor : 0;
        }
    }
}
