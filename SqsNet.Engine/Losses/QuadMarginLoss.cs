using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Losses;

/// <summary>Asks that at each location the positive is more similar to the anchor than each negative, by a margin.</summary>
/// <remarks>Ahmed et al. 2026, equation 10.</remarks>
public static class QuadMarginLoss
{
    /// <summary>The mean of max(0, m + S_AN1 - S_AP) + max(0, m + S_AN2 - S_AP) over locations and quads.</summary>
    /// <param name="sAP">Similarity of anchor and positive, shape (B, H, W).</param>
    /// <param name="sAN1">Similarity of anchor and first negative, same shape.</param>
    /// <param name="sAN2">Similarity of anchor and second negative, same shape.</param>
    /// <param name="margin">Margin m, 0 or more. Above 1 it can never be met.</param>
    /// <returns>A scalar from 0 to 2 (1 + m).</returns>
    public static Tensor Compute(Tensor sAP, Tensor sAN1, Tensor sAN2, double margin)
    {
        using var scope = NewDisposeScope();
        var first = nn.functional.relu(sAN1 - sAP + margin);
        var second = nn.functional.relu(sAN2 - sAP + margin);
        return scope.MoveToOuter((first + second).mean());
    }
}
