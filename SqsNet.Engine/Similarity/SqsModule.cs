using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Similarity;

/// <summary>What the SQS module makes of a batch of quads.</summary>
/// <param name="SAP">Similarity of anchor and positive, shape (B, H, W), in (0, 1].</param>
/// <param name="SAN1">Similarity of anchor and first negative, shape (B, H, W).</param>
/// <param name="SAN2">Similarity of anchor and second negative, shape (B, H, W).</param>
/// <param name="R">Refinement map of equation 7, shape (B, H, W).</param>
/// <param name="Refined">Refined features of equation 8, shape (B, D, H, W).</param>
public sealed record SqsMaps(Tensor SAP, Tensor SAN1, Tensor SAN2, Tensor R, Tensor Refined);

/// <summary>Spatial Quad-Similarity: strengthens the places of a face that look like its class and unlike the others.</summary>
/// <remarks>
/// Ahmed et al. 2026, equations 6 to 8: R = alpha * S_AP - beta * (S_AN1 + S_AN2), refined = f_A + gamma * R * f_A.
/// The anchor's features in equation 8 are the raw ones, and the gradient flows through R. Training only: inference
/// has no positives or negatives. With <see cref="SqsSpec.Learnable"/> alpha, beta and gamma are parameters under
/// the keys "alpha", "beta" and "gamma"; otherwise the module has none.
/// </remarks>
public sealed class SqsModule : Module
{
    private readonly Tensor? _alpha;
    private readonly Tensor? _beta;
    private readonly Tensor? _gamma;

    /// <param name="spec">Hyperparameters; the initial values where they are learned.</param>
    public SqsModule(SqsSpec spec)
    {
        if (!spec.Learnable)
            return;
        _alpha = register_parameter("alpha", full([], spec.Alpha));
        _beta = register_parameter("beta", full([], spec.Beta));
        _gamma = register_parameter("gamma", full([], spec.Gamma));
    }

    /// <summary>Compares each anchor with its positive and negatives and refines it.</summary>
    /// <param name="fA">Anchors' maps, shape (B, D, H, W).</param>
    /// <param name="fP">Positives' maps, same shape.</param>
    /// <param name="fN1">First negatives' maps, same shape.</param>
    /// <param name="fN2">Second negatives' maps, same shape.</param>
    /// <param name="spec">Hyperparameters. Alpha, beta and gamma are ignored where the module learns them.</param>
    public SqsMaps Refine(Tensor fA, Tensor fP, Tensor fN1, Tensor fN2, SqsSpec spec)
    {
        using var scope = NewDisposeScope();
        var anchor = SpatialSimilarity.Scale(fA, spec.Normalize);
        var sAP = Similarity(fP);
        var sAN1 = Similarity(fN1);
        var sAN2 = Similarity(fN2);
        var negatives = sAN1 + sAN2;
        var r =
            _alpha is null || _beta is null
                ? (sAP * spec.Alpha) - (negatives * spec.Beta)
                : (_alpha * sAP) - (_beta * negatives); // (B, H, W)
        var strength = _gamma is null ? r * spec.Gamma : _gamma * r;
        var refined = fA + (strength.unsqueeze(1) * fA); // (B, D, H, W)
        return new SqsMaps(
            scope.MoveToOuter(sAP),
            scope.MoveToOuter(sAN1),
            scope.MoveToOuter(sAN2),
            scope.MoveToOuter(r),
            scope.MoveToOuter(refined)
        );

        Tensor Similarity(Tensor other) =>
            SpatialSimilarity.Between(anchor, SpatialSimilarity.Scale(other, spec.Normalize), spec.Tau, spec.Normalize);
    }
}
