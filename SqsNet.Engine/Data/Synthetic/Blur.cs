using System.Numerics;
using System.Runtime.InteropServices;

namespace SqsNet.Engine.Data;

/// <summary>Gaussian blur of a picture, in place.</summary>
internal static class Blur
{
    /// <summary>How far a blur reaches, in pixels.</summary>
    public static int Reach(double sigma) => sigma > 0 ? Math.Max(1, (int)Math.Ceiling(2.5 * sigma)) : 0;

    /// <param name="pixels">Values, row by row, channels together.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="channels">Values a pixel.</param>
    /// <param name="sigma">Standard deviation in pixels, greater than 0. Beyond the edges their last values go on.</param>
    public static void Gaussian(Span<float> pixels, int width, int channels, double sigma)
    {
        var kernel = Kernel(sigma);
        var stride = width * channels;
        var height = pixels.Length / stride;
        var margin = kernel.Length / 2 * channels;
        var row = new float[stride + (2 * margin)];
        for (var y = 0; y < height; y++)
        {
            var line = pixels.Slice(y * stride, stride);
            line.CopyTo(row.AsSpan(margin));
            for (var i = 0; i < margin; i++)
            {
                row[i] = line[i % channels];
                row[margin + stride + i] = line[stride - channels + (i % channels)];
            }
            line.Clear();
            for (var k = 0; k < kernel.Length; k++)
                AddScaled(line, row.AsSpan(k * channels, stride), kernel[k]);
        }
        var source = pixels.ToArray();
        pixels.Clear();
        for (var y = 0; y < height; y++)
        {
            for (var k = 0; k < kernel.Length; k++)
            {
                var from = Math.Clamp(y + k - (kernel.Length / 2), 0, height - 1);
                AddScaled(pixels.Slice(y * stride, stride), source.AsSpan(from * stride, stride), kernel[k]);
            }
        }
    }

    private static float[] Kernel(double sigma)
    {
        var reach = Reach(sigma);
        var kernel = new float[(2 * reach) + 1];
        for (var i = 0; i < kernel.Length; i++)
            kernel[i] = (float)Math.Exp(-0.5 * (i - reach) * (i - reach) / (sigma * sigma));
        var sum = kernel.Sum();
        for (var i = 0; i < kernel.Length; i++)
            kernel[i] /= sum;
        return kernel;
    }

    private static void AddScaled(Span<float> target, ReadOnlySpan<float> source, float factor)
    {
        var wideTarget = MemoryMarshal.Cast<float, Vector<float>>(target);
        var wideSource = MemoryMarshal.Cast<float, Vector<float>>(source);
        for (var i = 0; i < wideTarget.Length; i++)
            wideTarget[i] += wideSource[i] * factor;
        for (var i = wideTarget.Length * Vector<float>.Count; i < target.Length; i++)
            target[i] += source[i] * factor;
    }
}
