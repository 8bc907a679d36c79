using System.Text.Json;
using SqsNet.Engine.Models;
using SqsNet.Torch;

namespace SqsNet.Engine.Parity;

/// <summary>
/// Holds a backbone against the numbers of timm's or torchvision's network of the same name under the same weights:
/// keys, arithmetic, values inside and at the end, gradients, running statistics.
/// </summary>
internal static class ArchitectureParity
{
    // torchvision's own networks: the same arithmetic under other keys.
    private static readonly Dictionary<string, string> s_torchvision = new()
    {
        ["tv_efficientnet_b0"] = "efficientnet_b0",
        ["tv_resnet18"] = "resnet18",
        ["tv_swin_t"] = "swin_tiny_patch4_window7_224",
    };

    // A unit that rounding carries over the kink of a ReLU changes gradients by percents, so only 64 bits tell a wrong
    // gradient from rounding.
    private static readonly string[] s_kinked = ["lite0", "mobilenetv2", "resnet", "resnext", "mobilefacenet"];

    /// <summary>Whether the network's gradients mean little in 32 bits, so that 64 bits are compared too.</summary>
    internal static bool HasKinks(string name) => s_kinked.Any(kind => name.Contains(kind, StringComparison.Ordinal));

    /// <summary>Compares a network with its reference.</summary>
    /// <param name="name">Name of the reference: a backbone's of the zoo, or torchvision's with "tv_" before it.</param>
    /// <param name="reference">Its file.</param>
    /// <param name="dtype">32 or 64 bits.</param>
    /// <exception cref="InvalidDataException">The zoo has no such network.</exception>
    internal static IEnumerable<ParityRow> Compare(string name, JsonElement reference, ScalarType dtype)
    {
        var row =
            ModelRegistry.FindBackbone(s_torchvision.GetValueOrDefault(name, name))
            ?? throw new InvalidDataException($"There is no network for the reference {name}.");
        using var scope = torch.NewDisposeScope();
        var shape = reference.GetProperty("input").GetProperty("shape").Shape();
        var classes = reference.GetProperty("num_classes").GetInt32();
        using var model = row.Create((int)shape[^1], classes);
        yield return CompareKeys(name, model, row.Count(model.ImageSize, classes), reference);

        model.to(dtype);
        var images = FormulaWeights.Images(shape).to(dtype);
        model.eval();
        yield return CompareForward(name, "eval", model, images, reference);
        model.train();
        yield return CompareForward(name, "train", model, images, reference, gradients: true);
        if (!reference.TryGetProperty("eval_calibrated", out _))
            yield break;
        Calibrate(model, images);
        model.eval();
        yield return CompareForward(name, "eval_calibrated", model, images, reference);
        yield return CompareForward(name, "frozen_bn", model, images, reference, gradients: true);
    }

    /// <summary>Fills the network, and compares its keys and counts.</summary>
    private static ParityRow CompareKeys(string name, Backbone model, ModelCost cost, JsonElement reference)
    {
        var ledger = new ParityLedger();
        var keys = reference.GetProperty("keys");
        if (IsTorchvisions(name))
        {
            FillByTorchvisionsKeys(ledger, model, keys);
        }
        else
        {
            FormulaWeights.Fill(model);
            ledger.Keys(model, keys);
        }
        var macs = reference.GetProperty($"macs_batch1_{model.ImageSize}");
        ledger.Same(cost.Parameters, reference.GetProperty("params").GetInt64(), "parameters");
        ledger.Same(cost.ConvolutionMacs, macs.GetProperty("conv").GetInt64(), "MACs of convolutions");
        ledger.Same(cost.LinearMacs, macs.GetProperty("linear").GetInt64(), "MACs of linear layers");
        ledger.Same(cost.AttentionMacs, macs.GetProperty("attention").GetInt64(), "MACs of attention");
        ledger.Same(cost.Macs, macs.GetProperty("total").GetInt64(), "MACs");
        return ledger.Row(name, "keys");
    }

    private static void FillByTorchvisionsKeys(ParityLedger ledger, Backbone model, JsonElement keys)
    {
        using var mode = torch.no_grad();
        var names = keys.EnumerateObject().Select(key => key.Name).ToArray();
        var translation = TorchvisionKeys.For(model, names);
        var state = model.state_dict();
        var left = state.Keys.ToHashSet();
        foreach (var key in keys.EnumerateObject())
        {
            var own = translation is null ? key.Name : translation.GetValueOrDefault(key.Name, key.Name);
            // torchvision's Swin stores an index that is computed here.
            if (key.Name.EndsWith(".relative_position_index", StringComparison.Ordinal))
                continue;
            ledger.Same(left.Remove(own), true, $"{key.Name} has a place, {own}");
            if (!state.TryGetValue(own, out var tensor))
                continue;
            FormulaWeights.Fill(tensor, key.Name);
            ledger.Entry(tensor, key);
        }
        ledger.Same(left.Count, 0, "keys without a value");
    }

    private static ParityRow CompareForward(
        string name,
        string part,
        Backbone model,
        Tensor images,
        JsonElement reference,
        bool gradients = false
    )
    {
        using var scope = torch.NewDisposeScope();
        using var mode = gradients ? null : torch.no_grad();
        var ledger = new ParityLedger();
        var expected = reference.GetProperty(part);
        var tolerance = Tolerance.For(images.dtype, expected.GetProperty("fp32_err"));
        model.zero_grad();
        var input = images.clone().requires_grad_(gradients);
        var steps = model.Steps(input).ToArray();
        var features = steps[^1].Output;
        var logits = model.ForwardHead(features);

        if (!IsTorchvisions(name) && expected.TryGetProperty("probes", out var probes))
            CompareProbes(ledger, steps, probes, tolerance);
        if (!IsTorchvisions(name) && expected.TryGetProperty("features", out var summary))
            ledger.Summary(features, summary, tolerance.Features, "features");
        ledger.Close(
            logits.Values(),
            expected.GetProperty("logits").Numbers(),
            tolerance.Relative,
            tolerance.Logits,
            "logits"
        );
        if (gradients)
            CompareGradients(ledger, model, input, logits, expected, tolerance, byName: !IsTorchvisions(name));
        if (!IsTorchvisions(name) && expected.TryGetProperty("bn_after_step", out var statistics))
            CompareRunningStatistics(ledger, model, statistics);
        return ledger.Row(name, images.dtype == ScalarType.Float64 ? $"{part}, 64 bits" : part);
    }

    private static bool IsTorchvisions(string name) => s_torchvision.ContainsKey(name);

    private static void CompareProbes(
        ParityLedger ledger,
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
            ledger.Summary(outputs.GetValueOrDefault(probe[0].GetString()!), probe, tolerance.Features);
    }

    private static void CompareGradients(
        ParityLedger ledger,
        Backbone model,
        Tensor input,
        Tensor logits,
        JsonElement expected,
        Tolerance tolerance,
        bool byName
    )
    {
        using var labels = torch.tensor<long>(expected.GetProperty("labels").Shape(), [2]);
        var loss = torch.nn.functional.cross_entropy(logits, labels);
        ledger.Close(loss.Values()[0], expected.Number("loss"), tolerance.Relative, tolerance.Loss, "loss");
        loss.backward();
        ledger.Summary(input.grad, expected.GetProperty("grad_input"), tolerance.Gradients, "gradient of the input");
        if (byName)
            CompareGradientsByName(ledger, model, expected, tolerance.Gradients);
    }

    /// <summary>Compares the norms of all gradients, and those gradients that the reference has more of.</summary>
    internal static void CompareGradientsByName(
        ParityLedger ledger,
        Module model,
        JsonElement expected,
        double tolerance
    )
    {
        var parameters = model.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        var norms = expected.GetProperty("grad_l2");
        // Biases in front of a norm and of attention's keys have a gradient of zero but for rounding.
        var floor = 1e-6 * norms.EnumerateObject().Max(norm => norm.Value.GetDouble());
        foreach (var norm in norms.EnumerateObject())
            ledger.Close(
                parameters[norm.Name].grad!.Norm(),
                norm.Value.GetDouble(),
                tolerance,
                floor,
                $"gradient of {norm.Name}"
            );
        foreach (
            var gradient in expected.GetProperty("grads").EnumerateObject().Where(g => g.Value.Number("l2") > floor)
        )
            ledger.Summary(parameters[gradient.Name].grad, gradient.Value, tolerance, $"gradient of {gradient.Name}");
    }

    private static void CompareRunningStatistics(ParityLedger ledger, Backbone model, JsonElement statistics)
    {
        var state = model.state_dict();
        foreach (var norm in statistics.EnumerateObject())
        {
            foreach (var statistic in norm.Value.EnumerateObject())
            {
                var key = $"{norm.Name}.{statistic.Name}";
                ledger.Summary(state[key], statistic.Value, 1e-4, key);
            }
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
