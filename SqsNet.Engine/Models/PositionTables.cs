using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Models;

/// <summary>Fits learned tables of positions to images or windows of another size than they were learned on, as timm does.</summary>
/// <remarks>
/// timm 1.0.29: <c>resample_abs_pos_embed</c> and <c>resize_rel_pos_bias_table</c>. The tables are the only weights of a
/// transformer whose shape follows from the size of the image.
/// </remarks>
internal static class PositionTables
{
    /// <summary>A file's table for a network that needs it in another shape, or null where it is no such table.</summary>
    /// <param name="key">timm's key.</param>
    /// <param name="table">The file's.</param>
    /// <param name="shape">What the network needs.</param>
    internal static Tensor? Fit(string key, Tensor table, ReadOnlySpan<long> shape)
    {
        var leaf = key[(key.LastIndexOf('.') + 1)..];
        return leaf switch
        {
            "pos_embed" => FitPositions(table, shape),
            "relative_position_bias_table" => FitBiases(table, shape),
            _ => null,
        };
    }

    /// <summary>Positions of a Vision Transformer, (1, 1 + n * n, C): bicubic with antialias, the class token's kept.</summary>
    private static Tensor? FitPositions(Tensor table, ReadOnlySpan<long> shape)
    {
        if (table.ndim != 3 || table.shape[0] != 1 || table.shape[2] != shape[2])
            return null;
        var channels = table.shape[2];
        if (Root(table.shape[1] - 1) is not { } from || Root(shape[1] - 1) is not { } to)
            return null;
        using var scope = NewDisposeScope();
        var values = table.to(ScalarType.Float32);
        var map = values.narrow(1, 1, from * from).reshape(1, from, from, channels).permute(0, 3, 1, 2); // (1, C, n, n)
        map = nn.functional.interpolate(map, (int)to, mode: InterpolationMode.Bicubic, antialias: true);
        var tokens = map.permute(0, 2, 3, 1).reshape(1, to * to, channels);
        return scope.MoveToOuter(cat([values.narrow(1, 0, 1), tokens], 1));
    }

    /// <summary>Biases of Swin's windows, ((2w - 1)^2, heads): linear between offsets that grow geometrically.</summary>
    /// <remarks>
    /// From BEiT: the file's offsets are spread so that the outermost of both windows meet, close ones staying close
    /// together. Where the new window is smaller, its offsets keep their biases all but exactly.
    /// </remarks>
    private static Tensor? FitBiases(Tensor table, ReadOnlySpan<long> shape)
    {
        if (table.ndim != 2 || table.shape[1] != shape[1])
            return null;
        if (Root(table.shape[0]) is not { } from || Root(shape[0]) is not { } to || from % 2 == 0)
            return null;
        using var scope = NewDisposeScope();
        var weights = LinearWeights(Offsets((int)from / 2, (int)to / 2), (int)to / 2);
        var along = tensor<float>(weights, [to, from]);
        var map = table.to(ScalarType.Float32).t().reshape(-1, from, from); // (heads, from, from)
        var fitted = along.matmul(map).matmul(along.t()); // (heads, to, to)
        return scope.MoveToOuter(fitted.reshape(-1, to * to).t().contiguous());
    }

    /// <summary>Where the file's offsets -half..half lie among the new ones.</summary>
    private static float[] Offsets(int half, int newHalf)
    {
        // The ratio of the geometric series whose sum is the new outermost offset, by timm's bisection and bounds.
        var (low, high, ratio) = (1.01, 1.5, 0.0);
        while (high - low > 1e-6)
        {
            ratio = (low + high) / 2;
            if ((1 - Math.Pow(ratio, half)) / (1 - ratio) > newHalf)
                high = ratio;
            else
                low = ratio;
        }
        var offsets = new float[(2 * half) + 1];
        var place = 1.0;
        for (var i = 1; i <= half; i++)
        {
            (offsets[half + i], offsets[half - i]) = ((float)place, (float)-place);
            place += Math.Pow(ratio, i);
        }
        return offsets;
    }

    /// <summary>Row i: shares of the file's offsets in the new offset i - newHalf, by linear interpolation; beyond the ends the outermost.</summary>
    private static float[] LinearWeights(float[] offsets, int newHalf)
    {
        var (rows, columns) = ((2 * newHalf) + 1, offsets.Length);
        var weights = new float[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            float place = row - newHalf;
            var right = Array.FindIndex(offsets, offset => offset >= place);
            if (right is 0 or -1)
            {
                weights[(row * columns) + (right == 0 ? 0 : columns - 1)] = 1;
                continue;
            }
            var share = (place - offsets[right - 1]) / (offsets[right] - offsets[right - 1]);
            weights[(row * columns) + right - 1] = 1 - share;
            weights[(row * columns) + right] = share;
        }
        return weights;
    }

    /// <summary>The side of a square of so many places, or null where it is none.</summary>
    private static long? Root(long places)
    {
        var side = (long)Math.Round(Math.Sqrt(Math.Max(0, places)));
        return side > 0 && side * side == places ? side : null;
    }
}
