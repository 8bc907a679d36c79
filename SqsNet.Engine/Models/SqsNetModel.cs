using SqsNet.Engine.Layers;
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
/// Ahmed et al. 2026. State-dict keys: those of <see cref="HybridModel"/> and "enhanced_head."; "sqs." only where the
/// module's weights are learned. The enhanced head is fed refined features only, which exist only in training, so
/// inference never touches it.
/// </remarks>
public sealed class SqsNetModel : HybridModel
{
    private readonly SqsModule _sqs;
    private readonly Module<Tensor, Tensor> _enhancedHead;

    /// <param name="row">The variant, with every number settled.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="sqs">The SQS module's hyperparameters; the initial values where they are learned.</param>
    internal SqsNetModel(HybridRow row, int classes, SqsSpec sqs)
        : base(row, classes)
    {
        _sqs = register_module("sqs", new SqsModule(sqs));
        _enhancedHead = register_module("enhanced_head", nn.Linear(row.Width, classes));
        WeightInit.Google(_enhancedHead);
    }

    internal override IReadOnlyList<string> HeadPrefixes => [.. base.HeadPrefixes, "enhanced_head."];

    /// <summary>Compares each anchor with its positive and negatives, refines it and classifies both versions.</summary>
    /// <param name="fA">Anchors' fused maps, shape (B, D, H, W).</param>
    /// <param name="fP">Positives' fused maps, same shape.</param>
    /// <param name="fN1">First negatives' fused maps, same shape.</param>
    /// <param name="fN2">Second negatives' fused maps, same shape.</param>
    /// <param name="sqs">Hyperparameters; alpha, beta and gamma are the model's own where it learns them.</param>
    public SqsOutput ForwardQuads(Tensor fA, Tensor fP, Tensor fN1, Tensor fN2, SqsSpec sqs)
    {
        var maps = _sqs.Refine(fA, fP, fN1, fN2, sqs);
        var enhanced = _enhancedHead.call(PoolForHead(maps.Refined));
        return new SqsOutput(maps.SAP, maps.SAN1, maps.SAN2, maps.R, maps.Refined, BaseLogits(fA), enhanced);
    }
}
