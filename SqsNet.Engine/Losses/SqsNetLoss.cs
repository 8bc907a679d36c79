using SqsNet.Engine.Models;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Training;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Losses;

/// <summary>The loss of a batch of quads and its parts, each a scalar tensor.</summary>
/// <param name="Total">What is minimised.</param>
/// <param name="Classification">Cross-entropy of the base head plus that of the enhanced head.</param>
/// <param name="Similarity">Margin loss over similarity maps, not weighted by lambda.</param>
/// <param name="Distillation">Divergence of the base head from the enhanced head, not weighted.</param>
public sealed record SqsNetLossParts(Tensor Total, Tensor Classification, Tensor Similarity, Tensor Distillation);

/// <summary>The training objective of SQSNet on a clean batch of quads.</summary>
/// <remarks>
/// Ahmed et al. 2026, equation 11, with the enhanced classifier and the distillation that the text describes without
/// a formula: CE(base) + CE(enhanced) + lambda * L_SQS + w * T^2 * KL(enhanced, detached || base).
/// </remarks>
public static class SqsNetLoss
{
    /// <summary>The loss of a batch of quads.</summary>
    /// <param name="output">What the model made of the quads.</param>
    /// <param name="targets">Class probabilities of the anchors, shape (B, K).</param>
    /// <param name="sqs">Margin and lambda.</param>
    /// <param name="distillation">Weight and temperature of the distillation.</param>
    /// <param name="enhancedTargets">Those of the enhanced head, shape (B, K), where they differ; null takes the same.</param>
    /// <param name="enhancedWeight">Weight of the enhanced head's cross-entropy, 0 or more.</param>
    public static SqsNetLossParts Compute(
        SqsOutput output,
        Tensor targets,
        SqsSpec sqs,
        DistillationSpec distillation,
        Tensor? enhancedTargets = null,
        double enhancedWeight = 1
    )
    {
        using var scope = NewDisposeScope();
        var enhanced = SoftTargetCrossEntropy.Compute(output.Enhanced, enhancedTargets ?? targets);
        var classification = SoftTargetCrossEntropy.Compute(output.Base, targets) + (enhanced * enhancedWeight);
        var similarity = QuadMarginLoss.Compute(output.SAP, output.SAN1, output.SAN2, sqs.Margin);
        var divergence = KnowledgeDistillation.Compute(output.Base, output.Enhanced, distillation.Temperature);
        var total = classification + (similarity * sqs.Lambda) + (divergence * distillation.Weight);
        return new SqsNetLossParts(
            scope.MoveToOuter(total),
            scope.MoveToOuter(classification),
            scope.MoveToOuter(similarity),
            scope.MoveToOuter(divergence)
        );
    }
}
