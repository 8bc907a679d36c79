using SqsNet.Engine.Layers;
using SqsNet.Engine.Layers.MobileFaceNet;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Models;

/// <summary>A variant of MobileFaceNet.</summary>
/// <remarks>Chen et al. 2018, table 1.</remarks>
public sealed record MobileFaceNetRow : BackboneRow
{
    /// <summary>Channels of the first two layers.</summary>
    public int StemChannels { get; init; } = 64;

    /// <summary>Stages of bottlenecks: expansion, channels, blocks, and the first block's stride.</summary>
    public required IReadOnlyList<(int Expand, int Channels, int Repeats, int Stride)> Stages { get; init; }

    /// <summary>Channels of the feature map.</summary>
    public int MapChannels { get; init; } = 512;

    /// <summary>Channels of the embedding of a whole face, before the classifier.</summary>
    public int EmbeddingChannels { get; init; } = 128;

    /// <inheritdoc/>
    public override string Family => "MobileFaceNet";

    /// <inheritdoc/>
    public override bool IsTransformer => false;

    /// <inheritdoc/>
    public override int Features => MapChannels;

    /// <inheritdoc/>
    public override Backbone Create(int imageSize, int classes)
    {
        RequireSize(imageSize);
        return new MobileFaceNet(this, imageSize, classes);
    }

    /// <inheritdoc/>
    public override string? SizeProblem(int imageSize) =>
        imageSize is < 32 or > 512 ? $"the image size must be 32 to 512 pixels, not {imageSize}." : null;

    /// <inheritdoc/>
    public override int GridSize(int imageSize) =>
        Plan()
            .Aggregate(
                Convolution.OutputSide(imageSize, 2),
                (side, block) => Convolution.OutputSide(side, block.Stride)
            );

    /// <inheritdoc/>
    public override ModelCost Count(int imageSize, int classes)
    {
        var tally = new CostTally();
        var side = Convolution.OutputSide(imageSize, 2);
        tally.Conv(3, StemChannels, kernel: 3, side);
        tally.BatchNorm(StemChannels);
        tally.Conv(StemChannels, StemChannels, kernel: 3, side, groups: StemChannels);
        tally.Conv(StemChannels, StemChannels, kernel: 1, side);
        tally.BatchNorm(StemChannels);
        tally.BatchNorm(StemChannels);
        foreach (var block in Plan())
            side = FaceBottleneck.Count(tally, block, side);
        tally.Conv(Stages[^1].Channels, MapChannels, kernel: 1, side);
        tally.BatchNorm(MapChannels);
        if (classes == 0)
            return tally.Total;
        tally.Conv(MapChannels, MapChannels, kernel: side, side: 1, groups: MapChannels);
        tally.BatchNorm(MapChannels);
        tally.Conv(MapChannels, EmbeddingChannels, kernel: 1, side: 1, bias: true);
        tally.BatchNorm(EmbeddingChannels);
        tally.Linear(EmbeddingChannels, classes);
        return tally.Total;
    }

    /// <summary>The bottlenecks with every number settled.</summary>
    internal IEnumerable<FaceBottleneckPlan> Plan()
    {
        var input = StemChannels;
        var index = 0;
        var total = Stages.Sum(stage => stage.Repeats);
        foreach (var (expand, channels, repeats, stride) in Stages)
        {
            for (var i = 0; i < repeats; i++)
            {
                yield return new FaceBottleneckPlan(
                    input,
                    input * expand,
                    channels,
                    i == 0 ? stride : 1,
                    DropPath * index++ / total
                );
                input = channels;
            }
        }
    }
}

/// <summary>The MobileFaceNets of the zoo.</summary>
internal static class MobileFaceNetVariants
{
    /// <summary>The layout whose face-recognition weights are public.</summary>
    internal static MobileFaceNetRow Base { get; } =
        new()
        {
            Name = "mobilefacenet",
            Description = "MobileFaceNet: a million parameters, made for aligned faces of 112 pixels.",
            ImageSize = 112,
            Stages = [(2, 64, 5, 2), (4, 128, 1, 2), (2, 128, 6, 1), (4, 128, 1, 2), (2, 128, 2, 1)],
        };

    internal static IReadOnlyList<BackboneRow> All { get; } = [Base];
}

/// <summary>MobileFaceNet: inverted bottlenecks for faces, with a learned weight for each place of the last map.</summary>
/// <remarks>
/// Chen et al. 2018, "MobileFaceNets: efficient CNNs for accurate real-time face verification on mobile devices", in
/// the layout of github.com/foamliu/MobileFaceNet (ReLU6 instead of PReLU), whose weights from MS-Celeb-1M are
/// public: keys "conv1", "dw_conv", "features.BLOCK.conv", "conv2", and for whole faces "gdconv", "conv3", "bn"; the
/// classifier on top is ours. A trunk without a head ends at the map, before "gdconv".
/// </remarks>
public sealed class MobileFaceNet : Backbone
{
    private readonly double _dropout;
    private readonly Module<Tensor, Tensor> _stem;
    private readonly FaceDepthwise _depthwise;
    private readonly Module<Tensor, Tensor> _map;
    private readonly FaceEmbedding? _embedding;
    private readonly FaceBottleneck[] _blocks;
    private readonly Module<Tensor, Tensor>? _classifier;

    /// <param name="row">The variant.</param>
    /// <param name="imageSize">Side of the images, in pixels.</param>
    /// <param name="classes">Classes of the head; 0 builds a trunk without one.</param>
    internal MobileFaceNet(MobileFaceNetRow row, int imageSize, int classes)
        : base(row, imageSize, classes)
    {
        _dropout = row.Dropout;
        _stem = register_module("conv1", FaceLayer.Create(3, row.StemChannels, kernel: 3, stride: 2));
        _depthwise = register_module("dw_conv", new FaceDepthwise(row.StemChannels));
        _map = register_module("conv2", FaceLayer.Create(row.Stages[^1].Channels, row.MapChannels, kernel: 1));
        if (classes > 0)
            _embedding = new FaceEmbedding(this, row.MapChannels, row.EmbeddingChannels, GridSize);
        _blocks = [.. row.Plan().Select(block => new FaceBottleneck(block))];
        register_module("features", nn.Sequential(_blocks));
        if (classes > 0)
            _classifier = register_module("classifier", nn.Linear(row.EmbeddingChannels, classes));
        InitWeights();
    }

    internal override IReadOnlyList<string> HeadPrefixes => ["gdconv.", "conv3.", "bn.", "classifier."];

    /// <inheritdoc/>
    public override Tensor ForwardTokens(Tensor images) => ForwardFeatures(images).flatten(2).transpose(1, 2); // (B, HW, C)

    /// <inheritdoc/>
    public override Tensor PoolFeatures(Tensor features) =>
        _embedding is null ? features.mean([2, 3]) : _embedding.Embed(features).flatten(1); // (B, C)

    /// <inheritdoc/>
    public override Tensor ForwardHead(Tensor features)
    {
        var pooled = PoolFeatures(features);
        return _classifier is null ? pooled : _classifier.call(nn.functional.dropout(pooled, _dropout, training)); // (B, K)
    }

    internal override IEnumerable<(string Module, Tensor Output)> Steps(Tensor images)
    {
        var x = _stem.call(images); // (B, C, S/2, S/2)
        yield return ("conv1", x);
        x = _depthwise.call(x);
        yield return ("dw_conv", x);
        for (var i = 0; i < _blocks.Length; i++)
        {
            x = ActivationCheckpoints.Call(_blocks[i], x);
            yield return ($"features.{i}", x);
        }
        x = _map.call(x); // (B, C, S/16, S/16)
        yield return ("conv2", x);
    }

    /// <summary>
    /// Draws all weights, as the reference does.
    /// <list type="table">
    /// <item><term>convolutions</term><description>normal, SD sqrt(2 / (k * k * out)); biases 0</description></item>
    /// <item><term>batch norms</term><description>scale 1, shift 0</description></item>
    /// <item><term>classifier</term><description>normal, SD 0.01; bias 0</description></item>
    /// </list>
    /// </summary>
    private void InitWeights()
    {
        foreach (var module in modules())
        {
            switch (module)
            {
                case Conv2d conv:
                    nn.init.kaiming_normal_(conv.weight, mode: FanInOut.FanOut);
                    if (conv.bias is { } bias)
                        nn.init.zeros_(bias);
                    break;
                case Linear linear:
                    nn.init.normal_(linear.weight, 0, 0.01);
                    if (linear.bias is { } shift)
                        nn.init.zeros_(shift);
                    break;
            }
        }
    }
}
