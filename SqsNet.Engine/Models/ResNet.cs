using SqsNet.Engine.Layers;
using SqsNet.Engine.Layers.ResNet;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Models;

/// <summary>A variant of ResNet, ResNeXt or SE-ResNeXt, which are one architecture with other numbers.</summary>
/// <remarks>He et al. 2016; Xie et al. 2017; Hu et al. 2018.</remarks>
public sealed record ResNetRow : BackboneRow
{
    private const int StemChannels = 64;

    /// <summary>Blocks of each of the four stages.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>Whether blocks have three convolutions and four times wider outputs.</summary>
    public bool Bottleneck { get; init; }

    /// <summary>Groups of the bottlenecks' 3x3 convolutions.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Channels of a group in the first stage; 64 and one group is a plain ResNet.</summary>
    public int GroupWidth { get; init; } = 64;

    /// <summary>Channels of squeeze-and-excitation as a share of a block's output; 0 leaves it out.</summary>
    public double SqueezeExcite { get; init; }

    /// <inheritdoc/>
    public override string Family => "ResNet";

    /// <inheritdoc/>
    public override bool IsTransformer => false;

    /// <inheritdoc/>
    public override int Features => Output(Depths.Count - 1);

    /// <inheritdoc/>
    public override Backbone Create(int imageSize, int classes)
    {
        RequireSize(imageSize);
        return new ResNet(this, imageSize, classes);
    }

    /// <inheritdoc/>
    public override string? SizeProblem(int imageSize) =>
        imageSize is < 32 or > 1024 ? $"the image size must be 32 to 1024 pixels, not {imageSize}." : null;

    /// <inheritdoc/>
    public override int GridSize(int imageSize) =>
        Plan()
            .SelectMany(stage => stage)
            .Aggregate(StemSide(imageSize), (side, block) => Convolution.OutputSide(side, block.Stride));

    /// <inheritdoc/>
    public override ModelCost Count(int imageSize, int classes)
    {
        var tally = new CostTally();
        tally.Conv(3, StemChannels, kernel: 7, Convolution.OutputSide(imageSize, 2));
        tally.BatchNorm(StemChannels);
        var side = StemSide(imageSize);
        foreach (var block in Plan().SelectMany(stage => stage))
            side = ResNetBlock.Count(tally, block, side);
        if (classes > 0)
            tally.Linear(Features, classes);
        return tally.Total;
    }

    /// <summary>The blocks of each stage with every number settled.</summary>
    internal IReadOnlyList<IReadOnlyList<ResNetBlockPlan>> Plan()
    {
        var last = Math.Max(1, Depths.Sum() - 1);
        var stages = new List<IReadOnlyList<ResNetBlockPlan>>();
        var (input, index) = (StemChannels, 0);
        for (var stage = 0; stage < Depths.Count; stage++)
        {
            var blocks = new List<ResNetBlockPlan>();
            for (var i = 0; i < Depths[stage]; i++)
            {
                blocks.Add(
                    new ResNetBlockPlan(
                        Bottleneck,
                        input,
                        (64 << stage) * GroupWidth / 64 * Groups,
                        Output(stage),
                        i == 0 && stage > 0 ? 2 : 1,
                        Groups,
                        (int)(Output(stage) * SqueezeExcite),
                        DropPath * index++ / last
                    )
                );
                input = Output(stage);
            }
            stages.Add(blocks);
        }
        return stages;
    }

    private static int StemSide(int imageSize) => Convolution.OutputSide(Convolution.OutputSide(imageSize, 2), 2);

    private int Output(int stage) => (64 << stage) * (Bottleneck ? 4 : 1);
}

/// <summary>The ResNets of the zoo.</summary>
internal static class ResNetVariants
{
    internal static ResNetRow ResNet18 { get; } =
        new()
        {
            Name = "resnet18",
            Description = "ResNet-18.",
            Depths = [2, 2, 2, 2],
        };

    internal static ResNetRow ResNeXt50 { get; } =
        new()
        {
            Name = "resnext50_32x4d",
            Description = "ResNeXt-50: 32 groups of 4 channels.",
            Depths = [3, 4, 6, 3],
            Bottleneck = true,
            Groups = 32,
            GroupWidth = 4,
        };

    internal static ResNetRow SeResNeXt50 { get; } =
        ResNeXt50 with
        {
            Name = "seresnext50_32x4d",
            Description = "ResNeXt-50 with squeeze-and-excitation.",
            SqueezeExcite = 1.0 / 16,
        };

    internal static IReadOnlyList<BackboneRow> All { get; } = [ResNet18, ResNeXt50, SeResNeXt50];
}

/// <summary>ResNet: stages of residual blocks on maps that halve from stage to stage.</summary>
/// <remarks>
/// He et al. 2016, "Deep residual learning for image recognition". State-dict keys are timm's, which are
/// torchvision's: "conv1", "bn1", "layerSTAGE.BLOCK", "fc".
/// </remarks>
public sealed class ResNet : Backbone
{
    private readonly ResNetRow _row;
    private readonly Module<Tensor, Tensor> _conv;
    private readonly Module<Tensor, Tensor> _norm;
    private readonly List<(string Key, ResNetBlock Block)> _blocks = [];
    private readonly Module<Tensor, Tensor>? _classifier;

    /// <param name="row">The variant.</param>
    /// <param name="imageSize">Side of the images, in pixels.</param>
    /// <param name="classes">Classes of the head; 0 builds a trunk without one.</param>
    internal ResNet(ResNetRow row, int imageSize, int classes)
        : base(row, imageSize, classes)
    {
        _row = row;
        var plan = row.Plan();
        _conv = register_module("conv1", Convolution.Create(3, plan[0][0].Input, kernel: 7, stride: 2));
        _norm = register_module("bn1", nn.BatchNorm2d(plan[0][0].Input));
        for (var stage = 0; stage < plan.Count; stage++)
        {
            var key = $"layer{stage + 1}";
            var blocks = plan[stage].Select(block => new ResNetBlock(block)).ToArray();
            register_module(key, nn.Sequential(blocks));
            _blocks.AddRange(blocks.Select((block, b) => ($"{key}.{b}", block)));
        }
        if (classes > 0)
            _classifier = register_module("fc", nn.Linear(row.Features, classes));
        InitWeights();
    }

    internal override IReadOnlyList<string> HeadPrefixes => ["fc."];

    /// <inheritdoc/>
    public override Tensor ForwardTokens(Tensor images) => ForwardFeatures(images).flatten(2).transpose(1, 2); // (B, HW, C)

    /// <inheritdoc/>
    public override Tensor PoolFeatures(Tensor features) => features.mean([2, 3]); // (B, C)

    /// <inheritdoc/>
    public override Tensor ForwardHead(Tensor features)
    {
        var pooled = PoolFeatures(features); // (B, C)
        if (_classifier is null)
            return pooled;
        return _classifier.call(nn.functional.dropout(pooled, _row.Dropout, training));
    }

    internal override IEnumerable<(string Module, Tensor Output)> Steps(Tensor images)
    {
        var x = _norm.call(_conv.call(images)); // (B, 64, S/2, S/2)
        yield return ("bn1", x);
        x = nn.functional.max_pool2d(nn.functional.relu(x), 3, stride: 2, padding: 1); // (B, 64, S/4, S/4)
        yield return ("maxpool", x);
        foreach (var (key, block) in _blocks)
        {
            x = ActivationCheckpoints.Call(block, x);
            yield return (key, x);
        }
    }

    /// <summary>
    /// Draws all weights, as timm does.
    /// <list type="table">
    /// <item><term>convolutions</term><description>normal, SD sqrt(2 / (k * k * out)); biases PyTorch's default</description></item>
    /// <item><term>batch norms</term><description>scale 1, shift 0; before a skip connection scale 0, so that each block starts as the identity</description></item>
    /// <item><term>classifier</term><description>PyTorch's default: uniform in ±1 / sqrt(fan-in), bias too</description></item>
    /// </list>
    /// </summary>
    private void InitWeights()
    {
        foreach (var (_, module) in named_modules())
        {
            if (module is Conv2d conv)
            {
                var fanOut = conv.weight.shape[0] * conv.weight.shape[2] * conv.weight.shape[3];
                nn.init.normal_(conv.weight, 0, Math.Sqrt(2.0 / fanOut));
            }
        }
        foreach (var (_, block) in _blocks)
        {
            if (block.LastNorm.weight is { } scale)
                nn.init.zeros_(scale);
        }
    }
}
