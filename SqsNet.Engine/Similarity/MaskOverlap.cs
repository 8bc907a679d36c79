namespace SqsNet.Engine.Similarity;

/// <summary>How well a map finds a region of the face.</summary>
public static class MaskOverlap
{
    /// <summary>
    /// The area under the ROC curve of the map against the mask: the chance that a place inside the region has a higher value
    /// than one outside. A place counts as inside by the share of it that the mask covers; ties count half.
    /// </summary>
    /// <param name="map">The map, row by row.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="mask">The mask over the same face, row by row, 0 to 255.</param>
    /// <param name="maskHeight">Its rows.</param>
    /// <param name="maskWidth">Its columns.</param>
    /// <returns>0 to 1, of which 0.5 is chance; null where the mask is empty or covers everything.</returns>
    public static double? Auc(
        ReadOnlySpan<float> map,
        int height,
        int width,
        ReadOnlySpan<byte> mask,
        int maskHeight,
        int maskWidth
    )
    {
        var covered = Cover(height, width, mask, maskHeight, maskWidth);
        var (above, pairs) = (0.0, 0.0);
        for (var i = 0; i < map.Length; i++)
        {
            for (var j = 0; j < map.Length; j++)
            {
                if (i == j)
                    continue;
                var weight = covered[i] * (1 - covered[j]);
                pairs += weight;
                above +=
                    weight
                    * (
                        map[i] > map[j] ? 1
                        : map[i] == map[j] ? 0.5
                        : 0
                    );
            }
        }
        return pairs > 0 ? above / pairs : null;
    }

    /// <summary>Share of each place that the mask covers, 0 to 1.</summary>
    private static double[] Cover(int height, int width, ReadOnlySpan<byte> mask, int maskHeight, int maskWidth)
    {
        var (sums, counts) = (new double[height * width], new int[height * width]);
        for (var y = 0; y < maskHeight; y++)
        {
            for (var x = 0; x < maskWidth; x++)
            {
                var place = (y * height / maskHeight * width) + (x * width / maskWidth);
                sums[place] += mask[(y * maskWidth) + x] / 255.0;
                counts[place]++;
            }
        }
        for (var i = 0; i < sums.Length; i++)
            sums[i] /= Math.Max(1, counts[i]);
        return sums;
    }
}
