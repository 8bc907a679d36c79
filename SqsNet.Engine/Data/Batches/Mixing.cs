using SqsNet.Engine.Randomness;
using SqsNet.Torch;

namespace SqsNet.Engine.Data;

/// <summary>How a batch is mixed with itself in reverse: face i with face B - 1 - i, all by the same share.</summary>
/// <param name="Lambda">Share of the face itself, 0 to 1.</param>
/// <param name="Box">Rectangle that is taken from the other face (CutMix); null blends the whole (Mixup).</param>
/// <remarks>
/// Zhang et al. 2018, "mixup"; Yun et al. 2019, "CutMix". Semantics of timm's Mixup in mode "batch": an odd cut loses one
/// pixel, and the share is corrected to the rectangle that the edges left.
/// </remarks>
public sealed record Mixing(double Lambda, CutBox? Box)
{
    /// <summary>Draws a mixing: one of Mixup and CutMix where both are on, with equal chances.</summary>
    /// <param name="mixupAlpha">Alpha of Mixup's Beta distribution; 0 turns it off.</param>
    /// <param name="cutmixAlpha">Alpha of CutMix's Beta distribution; 0 turns it off.</param>
    /// <param name="height">Height of the images in pixels.</param>
    /// <param name="width">Width of the images in pixels.</param>
    /// <param name="rng">The stream to draw from.</param>
    /// <returns>A mixing, or null where both are off.</returns>
    public static Mixing? Draw(double mixupAlpha, double cutmixAlpha, int height, int width, Rng rng)
    {
        if (mixupAlpha <= 0 && cutmixAlpha <= 0)
            return null;
        var cut = cutmixAlpha > 0 && (mixupAlpha <= 0 || rng.NextBool(0.5));
        var alpha = cut ? cutmixAlpha : mixupAlpha;
        var lambda = rng.NextBeta(alpha, alpha);
        return cut ? Cut(height, width, lambda, rng.NextInt(height), rng.NextInt(width)) : new(lambda, null);
    }

    /// <summary>CutMix around a point.</summary>
    /// <param name="height">Height of the images in pixels.</param>
    /// <param name="width">Width of the images in pixels.</param>
    /// <param name="lambda">Wanted share of the face itself, 0 to 1.</param>
    /// <param name="row">Row of the rectangle's middle.</param>
    /// <param name="column">Column of the rectangle's middle.</param>
    public static Mixing Cut(int height, int width, double lambda, int row, int column)
    {
        var ratio = Math.Sqrt(1 - lambda);
        var halfHeight = (int)(height * ratio) / 2;
        var halfWidth = (int)(width * ratio) / 2;
        var box = new CutBox(
            Math.Clamp(row - halfHeight, 0, height),
            Math.Clamp(row + halfHeight, 0, height),
            Math.Clamp(column - halfWidth, 0, width),
            Math.Clamp(column + halfWidth, 0, width)
        );
        var area = (box.Bottom - box.Top) * (box.Right - box.Left);
        return new(1 - (area / ((double)height * width)), box);
    }

    /// <summary>Mixes images.</summary>
    /// <param name="images">Shape (B, C, H, W); left as it is.</param>
    /// <returns>Shape (B, C, H, W).</returns>
    public Tensor Apply(Tensor images)
    {
        using var scope = torch.NewDisposeScope();
        var others = images.flip(0);
        if (Box is not { } box)
            return scope.MoveToOuter((images * Lambda).add_(others.mul_(1 - Lambda)));
        var mixed = images.clone();
        Part(mixed).copy_(Part(others));
        return scope.MoveToOuter(mixed);

        Tensor Part(Tensor all) =>
            all.narrow(2, box.Top, box.Bottom - box.Top).narrow(3, box.Left, box.Right - box.Left);
    }

    /// <summary>Mixes targets as the images were.</summary>
    /// <param name="targets">Shares of the classes, shape (B, K); left as they are.</param>
    /// <returns>Shape (B, K).</returns>
    public Tensor ApplyToTargets(Tensor targets)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter((targets * Lambda).add_(targets.flip(0).mul_(1 - Lambda)));
    }
}

/// <summary>A rectangle of pixels; bottom and right are the first row and column outside.</summary>
public sealed record CutBox(int Top, int Bottom, int Left, int Right);
