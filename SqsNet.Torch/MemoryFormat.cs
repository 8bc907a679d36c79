namespace SqsNet.Torch;

/// <summary>The order in which a tensor's elements lie in memory, with libtorch's numbers.</summary>
public enum MemoryFormat
{
    /// <summary>Row-major in the order of the dimensions: (B, C, H, W) images lie plane by plane.</summary>
    Contiguous = 0,

    /// <summary>As the input lies.</summary>
    Preserve = 1,

    /// <summary>Images (B, C, H, W) lie pixel by pixel, which tensor cores prefer.</summary>
    ChannelsLast = 2,
}
