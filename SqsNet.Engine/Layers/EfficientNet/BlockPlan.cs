namespace SqsNet.Engine.Layers.EfficientNet;

/// <summary>The kinds of blocks that an EfficientNet is made of.</summary>
public enum BlockKind
{
    /// <summary>One convolution.</summary>
    Convolution,

    /// <summary>A depthwise convolution, then a linear 1x1 projection.</summary>
    DepthwiseSeparable,

    /// <summary>A 1x1 expansion, a depthwise convolution, then a linear 1x1 projection (MBConv).</summary>
    Inverted,

    /// <summary>A full convolution that expands, then a linear 1x1 projection (fused MBConv, EfficientNetV2).</summary>
    Fused,
}

/// <summary>One block with every number settled: what its module is built from, and what its cost is counted from.</summary>
/// <param name="Kind">Which block.</param>
/// <param name="Input">Channels of the input.</param>
/// <param name="Middle">Channels after the expansion.</param>
/// <param name="Output">Channels of the output.</param>
/// <param name="Kernel">Side of the block's spatial kernel.</param>
/// <param name="Stride">1 or 2.</param>
/// <param name="Squeezed">Channels inside squeeze-and-excitation; 0 leaves it out.</param>
/// <param name="DropPath">Probability of dropping the residual branch in training.</param>
/// <param name="Style">What all blocks of a network share.</param>
internal sealed record BlockPlan(
    BlockKind Kind,
    int Input,
    int Middle,
    int Output,
    int Kernel,
    int Stride,
    int Squeezed,
    double DropPath,
    BlockStyle Style
)
{
    /// <summary>Whether the input is added to the output.</summary>
    internal bool HasSkip => Stride == 1 && Input == Output;

    /// <summary>Builds the block.</summary>
    internal EfficientNetBlock Create() =>
        Kind switch
        {
            BlockKind.Convolution => new ConvolutionBlock(this),
            BlockKind.DepthwiseSeparable => new DepthwiseSeparableBlock(this),
            BlockKind.Inverted => new InvertedBlock(this),
            BlockKind.Fused => new FusedBlock(this),
            _ => throw new InvalidOperationException($"No block of kind {Kind}."),
        };

    /// <summary>Counts the block for an input of <paramref name="side"/> pixels; returns the output's side.</summary>
    internal int Count(CostTally tally, int side)
    {
        var after = Convolution.OutputSide(side, Stride);
        switch (Kind)
        {
            case BlockKind.Convolution:
                ConvolutionBlock.Count(tally, this, after);
                break;
            case BlockKind.DepthwiseSeparable:
                DepthwiseSeparableBlock.Count(tally, this, after);
                break;
            case BlockKind.Inverted:
                InvertedBlock.Count(tally, this, side, after);
                break;
            case BlockKind.Fused:
                FusedBlock.Count(tally, this, after);
                break;
            default:
                throw new InvalidOperationException($"No block of kind {Kind}.");
        }
        return after;
    }
}

/// <summary>What all blocks of a network share.</summary>
/// <param name="Activation">Non-linearity.</param>
/// <param name="BatchNormEps">Epsilon of batch normalisation.</param>
/// <param name="SamePadding">Whether strided convolutions pad as TensorFlow does.</param>
internal sealed record BlockStyle(Activation Activation, double BatchNormEps, bool SamePadding);
