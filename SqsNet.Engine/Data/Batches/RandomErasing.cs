using SqsNet.Engine.Randomness;
using SqsNet.Torch;

namespace SqsNet.Engine.Data;

/// <summary>Erases a rectangle of some faces, each its own.</summary>
/// <remarks>
/// Zhong et al. 2020, "Random erasing data augmentation"; draws and sizes as timm's RandomErasing in mode "const": area 2 %
/// to a third, aspect 0.3 to 1/0.3 in logarithm, ten tries. Normalised faces are erased to 0, which is the mean of their normalisation.
/// </remarks>
public static class RandomErasing
{
    private const double SmallestArea = 0.02;
    private const double LargestArea = 1.0 / 3;
    private const double SmallestAspect = 0.3;
    private const int Tries = 10;

    /// <summary>Erases.</summary>
    /// <param name="images">Shape (B, C, H, W), normalised; left as it is.</param>
    /// <param name="probability">Probability that a face is erased from, 0 to 1.</param>
    /// <param name="rng">The stream to draw from.</param>
    /// <returns>Shape (B, C, H, W).</returns>
    public static Tensor Apply(Tensor images, double probability, Rng rng)
    {
        using var scope = torch.NewDisposeScope();
        var (count, height, width) = ((int)images.size(0), (int)images.size(2), (int)images.size(3));
        var edges = new long[4 * count];
        for (var i = 0; i < count; i++)
        {
            if (probability > 0 && rng.NextDouble() <= probability && DrawBox(height, width, rng) is { } box)
                (edges[i], edges[count + i], edges[(2 * count) + i], edges[(3 * count) + i]) = box;
        }
        // One mask for the batch: rows and columns within [from, to), an empty range where nothing is erased.
        var at = torch.tensor<long>(edges, [4, count, 1], images.device);
        var rows = torch.arange(height, ScalarType.Int64, images.device).unsqueeze(0); // (1, H)
        var columns = torch.arange(width, ScalarType.Int64, images.device).unsqueeze(0); // (1, W)
        var inRows = (rows >= at[0]) & (rows < at[1]); // (B, H)
        var inColumns = (columns >= at[2]) & (columns < at[3]); // (B, W)
        var erased = inRows.unsqueeze(1).unsqueeze(3) & inColumns.unsqueeze(1).unsqueeze(2); // (B, 1, H, W)
        return scope.MoveToOuter(images.masked_fill(erased, 0));
    }

    /// <summary>Size of the rectangle for two draws; null where it is not smaller than the image.</summary>
    /// <param name="height">Height of the image in pixels.</param>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="area">Share of the image's area.</param>
    /// <param name="logAspect">Logarithm of height over width.</param>
    internal static (int Height, int Width)? BoxSize(int height, int width, double area, double logAspect)
    {
        var pixels = area * (height * width);
        var aspect = Math.Exp(logAspect);
        var boxHeight = (int)Math.Round(Math.Sqrt(pixels * aspect), MidpointRounding.ToEven);
        var boxWidth = (int)Math.Round(Math.Sqrt(pixels / aspect), MidpointRounding.ToEven);
        return boxWidth < width && boxHeight < height ? (boxHeight, boxWidth) : null;
    }

    private static (long Top, long Bottom, long Left, long Right)? DrawBox(int height, int width, Rng rng)
    {
        var logAspect = Math.Log(1 / SmallestAspect);
        for (var i = 0; i < Tries; i++)
        {
            var area = rng.NextDouble(SmallestArea, LargestArea);
            if (BoxSize(height, width, area, rng.NextDouble(-logAspect, logAspect)) is not { } box)
                continue;
            var top = rng.NextInt(height - box.Height + 1);
            var left = rng.NextInt(width - box.Width + 1);
            return (top, top + box.Height, left, left + box.Width);
        }
        return null;
    }
}
