namespace SqsNet.Engine.Models;

/// <summary>Size and arithmetic of a network for one image at inference.</summary>
/// <param name="Parameters">Trainable numbers, heads included.</param>
/// <param name="ConvolutionMacs">Multiply-accumulates of convolutions.</param>
/// <param name="LinearMacs">Multiply-accumulates of linear layers.</param>
/// <param name="AttentionMacs">Multiply-accumulates of the products QK' and AV.</param>
/// <param name="Keys">Entries of the state dictionary, buffers included.</param>
/// <param name="StateBytes">Bytes of those entries in 32-bit floats; a file's header, with the names, comes on top.</param>
public sealed record ModelCost(
    long Parameters,
    long ConvolutionMacs,
    long LinearMacs,
    long AttentionMacs,
    int Keys,
    long StateBytes
)
{
    /// <summary>All multiply-accumulates. FLOPs in the usual sense are twice this.</summary>
    public long Macs => ConvolutionMacs + LinearMacs + AttentionMacs;
}
