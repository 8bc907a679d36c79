using SqsNet.Engine.Layers;
using SqsNet.Engine.Layers.Fusion;
using SqsNet.Engine.Similarity;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Models;

/// <summary>What the network makes of a batch of quads in training.</summary>
/// <param name="SAP">Similarity of anchor and positive, shape (B, H, W), in (0, 1].</param>
/// <param name="SAN1">Similarity of anchor and first negative, shape (B, H, W).</param>
/// <param name="SAN2">Similarity of anchor and second negative, shape (B, H, W).</param>
/// <param name="R">Refinement map, shape (B, H, W).</param>
/// <param name="Refined">Refined anchors' map, shape (B, D, H, W).</param>
/// <param name="Base">Base head's scores of the anchors, shape (B, K).</param>
/// <param name="Enhanced">Enhanced head's scores of the refined anchors, shape (B, K).</param>
public sealed record SqsOutput(
    Tensor SAP,
    Tensor SAN1,
    Tensor SAN2,
    Tensor R,
    Tensor Refined,
    Tensor Base,
    Tensor Enhanced
);

/// <summary>
/// SQSNet: a CNN and a transformer see the same face, their maps are fused, and in training the SQS module refines
/// the fused map by comparing it with a positive and two negatives.
/// </summary>
/// <remarks>
/// Ahmed et al. 2026. State-dict keys: "cnn." and "swin." with timm's keys behind them (the prefix is "swin" for any
/// transformer), "fusion.", "base_head.", "enhanced_head."; "sqs." only where the module's weights are learned. The
/// enhanced head is fed refined features only, which exist only in training, so inference never touches it.
/// </remarks>
public sealed class SqsNetModel : ImageModel
{
    private readonly Backbone _cnn;
    private readonly Backbone _transformer;
    private readonly TokenFusion _fusion;
    private readonly SqsModule _sqs;
    private readonly Module<Tensor, Tensor> _baseHead;
    private readonly Module<Tensor, Tensor> _enhancedHead;

    /// <param name="row">The variant, with every number settled.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="sqs">The SQS module's hyperparameters; the initial values where they are learned.</param>
    internal SqsNetModel(SqsNetRow row, int classes, SqsSpec sqs)
        : base(row.Name, row.ImageSize, classes)
    {
        Width = row.Width;
        _cnn = register_module("cnn", row.Cnn.Create(row.ImageSize, classes: 0));
        _transformer = register_module("swin", row.Transformer.Create(row.ImageSize, classes: 0));
        _fusion = register_module("fusion", CreateFusion(row));
        _sqs = register_module("sqs", new SqsModule(sqs));
        _baseHead = register_module("base_head", nn.Linear(row.Width, classes));
        _enhancedHead = register_module("enhanced_head", nn.Linear(row.Width, classes));
        InitWeights();
    }

    /// <summary>Channels of the fused map.</summary>
    public int Width { get; }

    /// <summary>Side of the fused map, and so of every similarity map, in locations.</summary>
    public int GridSize => _cnn.GridSize;

    internal override IReadOnlyList<string> HeadPrefixes => ["base_head.", "enhanced_head."];

    /// <summary>The two branches under the prefixes of their keys.</summary>
    internal IReadOnlyList<(string Name, Backbone Branch)> Parts => [("cnn", _cnn), ("swin", _transformer)];

    /// <summary>The fused map, before any pooling.</summary>
    /// <param name="images">Normalised images, shape (B, 3, S, S).</param>
    /// <returns>Shape (B, D, H, W) with D = <see cref="Width"/> and H = W = <see cref="GridSize"/>.</returns>
    public Tensor ForwardMap(Tensor images)
    {
        using var scope = NewDisposeScope();
        var tokens = _fusion.Fuse(_cnn.ForwardTokens(images), _transformer.ForwardTokens(images)); // (B, HW, D)
        return scope.MoveToOuter(tokens.transpose(1, 2).reshape(images.shape[0], Width, GridSize, GridSize));
    }

    /// <inheritdoc/>
    public override Tensor ForwardFeatures(Tensor images) => ForwardMap(images);

    /// <inheritdoc/>
    public override Tensor ForwardHead(Tensor features) => BaseLogits(features);

    /// <summary>The base head's scores: all that inference needs.</summary>
    /// <param name="map">Fused map, shape (B, D, H, W).</param>
    /// <returns>Scores, shape (B, K).</returns>
    public Tensor BaseLogits(Tensor map) => _baseHead.call(map.mean([2, 3]));

    /// <summary>Compares each anchor with its positive and negatives, refines it and classifies both versions.</summary>
    /// <param name="fA">Anchors' fused maps, shape (B, D, H, W).</param>
    /// <param name="fP">Positives' fused maps, same shape.</param>
    /// <param name="fN1">First negatives' fused maps, same shape.</param>
    /// <param name="fN2">Second negatives' fused maps, same shape.</param>
    /// <param name="sqs">Hyperparameters; alpha, beta and gamma are the model's own where it learns them.</param>
    public SqsOutput ForwardQuads(Tensor fA, Tensor fP, Tensor fN1, Tensor fN2, SqsSpec sqs)
    {
        var maps = _sqs.Refine(fA, fP, fN1, fN2, sqs);
        var enhanced = _enhancedHead.call(maps.Refined.mean([2, 3]));
        return new SqsOutput(maps.SAP, maps.SAN1, maps.SAN2, maps.R, maps.Refined, BaseLogits(fA), enhanced);
    }

    private static TokenFusion CreateFusion(SqsNetRow row)
    {
        var (cnn, transformer) = (row.Cnn.Features, row.Transformer.Features);
        return row.Fusion.Kind == FusionKind.Concat
            ? new ConcatFusion(cnn, row.GridSize, transformer, row.Transformer.GridSize(row.ImageSize), row.Width)
            : new CrossAttentionFusion(cnn, transformer, row.Width, row.Fusion);
    }

    /// <summary>
    /// Draws the weights of what the branches do not have; each branch draws its own.
    /// <list type="table">
    /// <item><term>fusion projections</term><description>PyTorch's default: uniform in ±1 / sqrt(fan-in), bias too</description></item>
    /// <item><term>heads</term><description>normal, SD 0.02, truncated at ±2; biases 0</description></item>
    /// </list>
    /// </summary>
    private void InitWeights()
    {
        WeightInit.Transformer(_baseHead);
        WeightInit.Transformer(_enhancedHead);
    }
}
