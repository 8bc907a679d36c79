using SqsNet.Engine.Layers;
using SqsNet.Engine.Layers.EfficientNet;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Models;

/// <summary>EfficientNet: mobile inverted bottlenecks, scaled together in width and depth.</summary>
/// <remarks>
/// Tan and Le 2019, "EfficientNet: rethinking model scaling for convolutional neural networks". State-dict keys are
/// timm's: "conv_stem", "bn1", "blocks.STAGE.BLOCK", "conv_head", "bn2", "classifier".
/// </remarks>
public sealed class EfficientNet : Backbone
{
    private readonly Module<Tensor, Tensor> _stem;
    private readonly Module<Tensor, Tensor> _stemNorm;
    private readonly List<(string Key, EfficientNetBlock Block)> _blocks = [];
    private readonly Module<Tensor, Tensor> _head;
    private readonly Module<Tensor, Tensor> _headNorm;
    private readonly Module<Tensor, Tensor>? _classifier;

    /// <param name="row">The variant.</param>
    /// <param name="imageSize">Side of the images, in pixels.</param>
    /// <param name="classes">Classes of the head; 0 builds a trunk without one.</param>
    internal EfficientNet(EfficientNetRow row, int imageSize, int classes)
        : base(row, imageSize, classes)
    {
        Row = row;
        _stem = register_module(
            "conv_stem",
            Convolution.Create(3, row.ScaledStem, kernel: 3, row.StemStride, samePadding: row.SamePadding)
        );
        _stemNorm = register_module("bn1", nn.BatchNorm2d(row.ScaledStem, eps: row.BatchNormEps));
        var plan = row.Plan();
        var stages = plan.Select(stage => stage.Select(block => block.Create()).ToArray()).ToArray();
        register_module("blocks", nn.Sequential(stages.Select(blocks => nn.Sequential(blocks))));
        for (var s = 0; s < stages.Length; s++)
            _blocks.AddRange(stages[s].Select((block, b) => ($"blocks.{s}.{b}", block)));
        _head = register_module("conv_head", Convolution.Create(plan[^1][^1].Output, row.Features, kernel: 1));
        _headNorm = register_module("bn2", nn.BatchNorm2d(row.Features, eps: row.BatchNormEps));
        if (classes > 0)
            _classifier = register_module("classifier", nn.Linear(row.Features, classes));
        InitWeights();
    }

    /// <summary>The variant.</summary>
    internal EfficientNetRow Row { get; }

    internal override IReadOnlyList<string> HeadPrefixes => ["classifier."];

    /// <inheritdoc/>
    public override Tensor ForwardTokens(Tensor images) => ForwardFeatures(images).flatten(2).transpose(1, 2); // (B, HW, C)

    /// <inheritdoc/>
    public override Tensor PoolFeatures(Tensor features) => features.mean([2, 3]); // (B, C)

    /// <inheritdoc/>
    public override Tensor ForwardHead(Tensor features)
    {
        var pooled = PoolFeatures(features); // (B, C)
        if (_classifier is null)
            return pooled;
        return _classifier.call(nn.functional.dropout(pooled, Row.Dropout, training));
    }

    internal override IEnumerable<(string Module, Tensor Output)> Steps(Tensor images)
    {
        var x = Row.Activation.Apply(_stemNorm.call(_stem.call(images))); // (B, C, S/2, S/2)
        yield return ("bn1", x);
        foreach (var (key, block) in _blocks)
        {
            x = ActivationCheckpoints.Call(block, x);
            yield return (key, x);
        }
        x = Row.Activation.Apply(_headNorm.call(_head.call(x)));
        yield return ("bn2", x);
    }

    /// <summary>
    /// Draws all weights, as TensorFlow's reference and timm do.
    /// <list type="table">
    /// <item><term>convolutions</term><description>normal, SD sqrt(2 / (k * k * out / groups)); biases 0</description></item>
    /// <item><term>batch norms</term><description>scale 1, shift 0</description></item>
    /// <item><term>classifier</term><description>uniform in ±1 / sqrt(classes); bias 0</description></item>
    /// </list>
    /// </summary>
    private void InitWeights()
    {
        foreach (var (_, module) in named_modules())
            WeightInit.Google(module);
    }
}
