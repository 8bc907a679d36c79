using SqsNet.Torch;

namespace SqsNet.Engine.Data;

/// <summary>Views of a face whose predictions are averaged.</summary>
/// <remarks>The paper says "5 augmentations" only; ours are the face, its mirror image, zoom 0.9, its mirror image, zoom 0.8.</remarks>
public static class TestTimeAugmentation
{
    /// <summary>Makes the views.</summary>
    /// <param name="images">Shape (B, C, H, W).</param>
    /// <param name="count">1 (the images themselves) or 5.</param>
    /// <returns>As many tensors, each of shape (B, C, H, W).</returns>
    /// <exception cref="ArgumentOutOfRangeException">Another count.</exception>
    public static IReadOnlyList<Tensor> Views(Tensor images, int count)
    {
        if (count == 1)
            return [images];
        ArgumentOutOfRangeException.ThrowIfNotEqual(count, 5);
        var near = Zoom(images, 0.9);
        return [images, images.flip(3), near, near.flip(3), Zoom(images, 0.8)];
    }

    /// <summary>Mean of the softmax over the views.</summary>
    /// <param name="logits">Scores of each view, each of shape (B, K).</param>
    /// <returns>Probabilities, shape (B, K).</returns>
    public static Tensor Average(IReadOnlyList<Tensor> logits)
    {
        using var scope = torch.NewDisposeScope();
        var stacked = torch.stack([.. logits]); // (V, B, K)
        return scope.MoveToOuter(torch.nn.functional.softmax(stacked, -1).mean(0));
    }

    /// <summary>The middle of the images, enlarged to their size: bilinear, without antialiasing.</summary>
    /// <param name="images">Shape (B, C, H, W).</param>
    /// <param name="share">Share of each side that is kept, 0 exclusive to 1.</param>
    /// <returns>Shape (B, C, H, W).</returns>
    public static Tensor Zoom(Tensor images, double share)
    {
        using var scope = torch.NewDisposeScope();
        var (height, width) = (images.size(2), images.size(3));
        var (keptHeight, keptWidth) = (Kept(height), Kept(width));
        var middle = images
            .narrow(2, (height - keptHeight) / 2, keptHeight)
            .narrow(3, (width - keptWidth) / 2, keptWidth);
        return scope.MoveToOuter(
            torch.nn.functional.interpolate(middle, new Size2(height, width), mode: InterpolationMode.Bilinear)
        );

        long Kept(long side) => (long)Math.Floor((share * side) + 0.5);
    }
}
