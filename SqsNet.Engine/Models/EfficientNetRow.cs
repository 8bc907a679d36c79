using SqsNet.Engine.Layers;
using SqsNet.Engine.Layers.EfficientNet;

namespace SqsNet.Engine.Models;

/// <summary>One stage of an EfficientNet at width and depth 1.</summary>
/// <param name="Kind">Which block.</param>
/// <param name="Repeats">Blocks; only the first strides.</param>
/// <param name="Kernel">Side of the spatial kernel.</param>
/// <param name="Stride">Stride of the first block.</param>
/// <param name="Expand">Ratio of the channels inside a block to its input's.</param>
/// <param name="Channels">Channels of the output.</param>
/// <param name="SqueezeExcite">Channels of squeeze-and-excitation as a share of the block's input; 0 leaves it out.</param>
public sealed record EfficientNetStage(
    BlockKind Kind,
    int Repeats,
    int Kernel,
    int Stride,
    int Expand,
    int Channels,
    double SqueezeExcite = 0.25
);

/// <summary>A variant of EfficientNet, MobileNetV2 included, which is the same architecture with other numbers.</summary>
/// <remarks>Tan and Le 2019; stages and scaling as in timm's <c>_gen_efficientnet</c>.</remarks>
public sealed record EfficientNetRow : BackboneRow
{
    /// <summary>Stages at width and depth 1.</summary>
    public required IReadOnlyList<EfficientNetStage> Stages { get; init; }

    /// <summary>Factor on all channels.</summary>
    public double Width { get; init; } = 1;

    /// <summary>Factor on the blocks of every stage.</summary>
    public double Depth { get; init; } = 1;

    /// <summary>Channels of the stem at width 1.</summary>
    public int StemChannels { get; init; } = 32;

    /// <summary>Stride of the stem; 1 doubles the side of every map.</summary>
    public int StemStride { get; init; } = 2;

    /// <summary>Channels of the last 1x1 convolution at width 1, which are the features.</summary>
    public int HeadChannels { get; init; } = 1280;

    /// <summary>Non-linearity.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>Epsilon of batch normalisation.</summary>
    public double BatchNormEps { get; init; } = 1e-5;

    /// <summary>Whether strided convolutions pad as TensorFlow does, which its published weights expect.</summary>
    public bool SamePadding { get; init; }

    /// <inheritdoc/>
    public override string Family => "EfficientNet";

    /// <inheritdoc/>
    public override bool IsTransformer => false;

    /// <inheritdoc/>
    public override int Features => ScaleChannels(HeadChannels);

    internal int ScaledStem => ScaleChannels(StemChannels);

    internal BlockStyle Style => new(Activation, BatchNormEps, SamePadding);

    /// <inheritdoc/>
    public override Backbone Create(int imageSize, int classes)
    {
        RequireSize(imageSize);
        return new EfficientNet(this, imageSize, classes);
    }

    /// <inheritdoc/>
    public override string? SizeProblem(int imageSize) =>
        imageSize is < 32 or > 1024 ? $"the image size must be 32 to 1024 pixels, not {imageSize}." : null;

    /// <inheritdoc/>
    public override int GridSize(int imageSize) =>
        Stages.Aggregate(
            Convolution.OutputSide(imageSize, StemStride),
            (side, stage) => Convolution.OutputSide(side, stage.Stride)
        );

    /// <inheritdoc/>
    public override ModelCost Count(int imageSize, int classes)
    {
        var tally = new CostTally();
        var side = Convolution.OutputSide(imageSize, StemStride);
        tally.Conv(3, ScaledStem, kernel: 3, side);
        tally.BatchNorm(ScaledStem);
        var channels = ScaledStem;
        foreach (var block in Plan().SelectMany(stage => stage))
        {
            side = block.Count(tally, side);
            channels = block.Output;
        }
        tally.Conv(channels, Features, kernel: 1, side);
        tally.BatchNorm(Features);
        if (classes > 0)
            tally.Linear(Features, classes);
        return tally.Total;
    }

    /// <summary>The blocks of each stage with every number settled.</summary>
    internal IReadOnlyList<IReadOnlyList<BlockPlan>> Plan()
    {
        var repeats = Stages.Select(stage => (int)Math.Ceiling(stage.Repeats * Depth)).ToArray();
        var total = repeats.Sum();
        var stages = new List<IReadOnlyList<BlockPlan>>();
        var input = ScaledStem;
        var index = 0;
        foreach (var (stage, count) in Stages.Zip(repeats))
        {
            var blocks = new List<BlockPlan>();
            for (var i = 0; i < count; i++)
            {
                var output = ScaleChannels(stage.Channels);
                blocks.Add(
                    new BlockPlan(
                        stage.Kind,
                        input,
                        RoundToEight(input * stage.Expand),
                        output,
                        stage.Kernel,
                        i == 0 ? stage.Stride : 1,
                        (int)Math.Round(input * stage.SqueezeExcite, MidpointRounding.ToEven),
                        DropPath * index++ / total,
                        Style
                    )
                );
                input = output;
            }
            stages.Add(blocks);
        }
        return stages;
    }

    private int ScaleChannels(int channels) => RoundToEight(channels * Width);

    /// <summary>The nearest multiple of eight, but never below nine tenths of the value.</summary>
    private static int RoundToEight(double channels)
    {
        var rounded = Math.Max(8, (int)(channels + 4) / 8 * 8);
        return rounded < 0.9 * channels ? rounded + 8 : rounded;
    }
}
