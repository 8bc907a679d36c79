using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Similarity;

/// <summary>How alike two feature maps are at each location.</summary>
/// <remarks>
/// Ahmed et al. 2026, equation 6: S(i, j) = exp(-||f(i, j) - g(i, j)||^2 / tau). The paper does not scale the features;
/// with a thousand channels the distance then runs into the hundreds and every S is zero, so by default each
/// location's vector is divided by its norm first, which keeps S in [exp(-4 / tau), 1].
/// </remarks>
public static class SpatialSimilarity
{
    private const double NormFloor = 1e-12;

    /// <summary>The similarity map of two feature maps.</summary>
    /// <param name="f">Features, shape (B, C, H, W).</param>
    /// <param name="g">Features, shape (B, C, H, W).</param>
    /// <param name="tau">Temperature, greater than 0.</param>
    /// <param name="normalization">How features are scaled before the distance.</param>
    /// <returns>Similarities in (0, 1], shape (B, H, W).</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tau"/> is not greater than 0.</exception>
    public static Tensor Compute(
        Tensor f,
        Tensor g,
        double tau = 1,
        SimilarityNormalization normalization = SimilarityNormalization.L2
    )
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Between(Scale(f, normalization), Scale(g, normalization), tau, normalization));
    }

    /// <summary>A feature map as equation 6 sees it: unit vectors at each location, or the raw features.</summary>
    internal static Tensor Scale(Tensor f, SimilarityNormalization normalization) =>
        normalization == SimilarityNormalization.L2 ? nn.functional.normalize(f, p: 2, dim: 1, eps: NormFloor) : f;

    /// <summary>The similarity map of two scaled feature maps.</summary>
    internal static Tensor Between(Tensor f, Tensor g, double tau, SimilarityNormalization normalization)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tau);
        var distance = (f - g).square().sum(1); // (B, H, W)
        var divisor = normalization == SimilarityNormalization.MeanSquare ? tau * f.shape[1] : tau;
        return (distance * (-1 / divisor)).exp();
    }
}
