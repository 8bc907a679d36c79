using System.Text.Json;
using SqsNet.Engine.Losses;
using SqsNet.Engine.Models;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Parity;

/// <summary>Holds whole SQSNets against the PyTorch reference under the same weights: a training step, and five in a row.</summary>
internal static class SqsNetParity
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

    /// <summary>Names of the networks that there are references of.</summary>
    internal static IReadOnlyCollection<string> Names => s_rows.Keys;

    /// <summary>Compares a network with its reference.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="reference">Its file.</param>
    /// <exception cref="InvalidDataException">There is no such network.</exception>
    internal static IEnumerable<ParityRow> Compare(string name, JsonElement reference)
    {
        if (!s_rows.TryGetValue(name, out var row))
            throw new InvalidDataException($"There is no network for the reference net_{name}.");
        using (var scope = torch.NewDisposeScope())
        {
            var (model, images, targets) = Create(row, reference);
            using (model)
            {
                yield return CompareKeys(name, row, model, reference);
                yield return CompareStep(name, model, images, targets, reference.GetProperty("train"));
            }
        }
        if (!reference.TryGetProperty("trajectory", out _))
            yield break;
        using (var scope = torch.NewDisposeScope())
        {
            var (model, images, targets) = Create(row, reference);
            using (model)
                yield return CompareTrajectory(name, model, images, targets, reference);
        }
    }

    private static (SqsNetModel Model, Tensor Images, Tensor Targets) Create(HybridRow row, JsonElement reference)
    {
        var model = new SqsNetModel(row, Classes, new SqsSpec());
        FormulaWeights.Fill(model);
        var labels = reference.GetProperty("labels").Shape();
        using var indices = torch.tensor<long>(labels, [labels.Length]);
        return (
            model,
            FormulaWeights.Images(reference.GetProperty("input").GetProperty("shape").Shape()),
            LabelSmoothing.Targets(indices, Classes, smoothing: 0.1)
        );
    }

    private static ParityRow CompareKeys(string name, HybridRow row, SqsNetModel model, JsonElement reference)
    {
        var ledger = new ParityLedger();
        ledger.Keys(model, reference.GetProperty("keys"));
        var cost = row.Count(Classes);
        var macs = reference.GetProperty("macs_batch1");
        ledger.Same(cost.Parameters, reference.GetProperty("params").GetInt64(), "parameters");
        ledger.Same(cost.ConvolutionMacs, macs.GetProperty("conv").GetInt64(), "MACs of convolutions");
        ledger.Same(cost.LinearMacs, macs.GetProperty("linear").GetInt64(), "MACs of linear layers");
        ledger.Same(cost.AttentionMacs, macs.GetProperty("attention").GetInt64(), "MACs of attention");
        return ledger.Row($"net_{name}", "keys");
    }

    private static ParityRow CompareStep(
        string name,
        SqsNetModel model,
        Tensor images,
        Tensor targets,
        JsonElement expected
    )
    {
        var ledger = new ParityLedger();
        var (output, anchors, loss) = Forward(model, images, targets);
        loss.Total.backward();
        var error = expected.GetProperty("fp32_err");
        CompareLoss(
            ledger,
            loss,
            expected.Number("total"),
            expected.GetProperty("parts"),
            Math.Max(Relative, error.Number("total_abs") * Factor)
        );
        CompareOutput(ledger, output, anchors, expected, error);
        ArchitectureParity.CompareGradientsByName(
            ledger,
            model,
            expected,
            Math.Max(Relative, error.Number("grad_rel_l2_median") * Factor)
        );
        return ledger.Row($"net_{name}", "train");
    }

    private static ParityRow CompareTrajectory(
        string name,
        SqsNetModel model,
        Tensor images,
        Tensor targets,
        JsonElement reference
    )
    {
        var ledger = new ParityLedger();
        var trajectory = reference.GetProperty("trajectory");
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
            CompareLoss(ledger, loss, expected.Number("total"), expected, Relative);
            optimizer.step();
        }

        model.eval();
        using var mode = torch.no_grad();
        var logits = model.forward(images.narrow(0, 0, images.shape[0] / 4));
        var error = reference.Number("after_5_steps_fp32_eval_max_abs_err") * Factor;
        ledger.Close(
            logits.Values(),
            reference.GetProperty("after_5_steps_eval_logits_A").Numbers(),
            Relative,
            Math.Max(Relative, error),
            "logits"
        );
        return ledger.Row($"net_{name}", "five steps");
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

    private static void CompareLoss(
        ParityLedger ledger,
        SqsNetLossParts loss,
        double total,
        JsonElement parts,
        double tolerance
    )
    {
        ledger.Close(loss.Total.Values()[0], total, tolerance, 0, "total");
        var classification = parts.Number("ce_base") + parts.Number("ce_enhanced");
        ledger.Close(loss.Classification.Values()[0], classification, tolerance, 0, "classification");
        ledger.Close(loss.Similarity.Values()[0], parts.Number("sqs"), tolerance, 0, "similarity");
        // A divergence is a difference of nearly equal numbers.
        ledger.Close(loss.Distillation.Values()[0], parts.Number("kl"), tolerance, tolerance, "distillation");
    }

    private static void CompareOutput(
        ParityLedger ledger,
        SqsOutput output,
        Tensor anchors,
        JsonElement expected,
        JsonElement error
    )
    {
        var logits = Math.Max(Relative, error.Number("base_max_abs") * Factor);
        var features = Math.Max(Relative, error.Number("f_A_rel_l2") * Factor);
        ledger.Close(output.Base.Values(), expected.GetProperty("base").Numbers(), Relative, logits, "base");
        ledger.Close(
            output.Enhanced.Values(),
            expected.GetProperty("enhanced").Numbers(),
            Relative,
            logits,
            "enhanced"
        );
        var maps = expected.GetProperty("maps");
        ledger.Summary(anchors, maps.GetProperty("f_A"), features, "f_A");
        ledger.Summary(output.Refined, maps.GetProperty("refined"), features, "refined");
        ledger.Summary(output.SAP, maps.GetProperty("S_AP"), features, "S_AP");
        ledger.Summary(output.SAN1, maps.GetProperty("S_AN1"), features, "S_AN1");
        ledger.Summary(output.SAN2, maps.GetProperty("S_AN2"), features, "S_AN2");
        // R is the difference of maps near 1, so its error is that of the maps.
        ledger.Close(output.R.Values()[0], maps.GetProperty("R").GetProperty("first").Numbers()[0], 0, features, "R");
    }
}
