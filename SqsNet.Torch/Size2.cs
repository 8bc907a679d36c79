using System.Runtime.InteropServices;

namespace SqsNet.Torch;

/// <summary>A height and a width, as kernels, strides, paddings and image sizes have them. One number means both.</summary>
/// <param name="height">Along the rows.</param>
/// <param name="width">Along the columns.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Size2(long height, long width)
{
    /// <summary>The same in both directions.</summary>
    /// <param name="both">Height and width.</param>
    public Size2(long both)
        : this(both, both) { }

    /// <summary>The same in both directions.</summary>
    public static implicit operator Size2(long both) => new(both, both);

    /// <summary>The same in both directions.</summary>
    public static implicit operator Size2(int both) => new(both, both);

    /// <summary>Height, then width.</summary>
    public static implicit operator Size2((long height, long width) size) => new(size.height, size.width);

    /// <summary>Height, then width.</summary>
    public static implicit operator Size2((int height, int width) size) => new(size.height, size.width);
}
