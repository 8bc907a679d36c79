using SqsNet.Engine.Layers;
using SqsNet.Engine.Layers.Swin;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Models;

/// <summary>A variant of the Swin Transformer.</summary>
/// <remarks>Liu et al. 2021. Variants differ in width, depths and heads; the other numbers suit them to other images.</remarks>
public sealed record SwinRow : BackboneRow
{
    /// <summary>Side of a patch, in pixels.</summary>
    public int PatchSize { get; init; } = 4;

    /// <summary>Side of a window, in tokens. A map not larger than it is one window.</summary>
    public int WindowSize { get; init; } = 7;

    /// <summary>Channels of the first stage; each further stage doubles them.</summary>
    public required int EmbedDim { get; init; }

    /// <summary>Blocks of each stage. Each stage after the first halves the side of the map.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>Attention heads of each stage.</summary>
    public required IReadOnlyList<int> Heads { get; init; }

    /// <summary>Ratio of the perceptron's hidden channels to the block's.</summary>
    public int MlpRatio { get; init; } = 4;

    /// <summary>Dropout after attention's and the perceptron's layers, 0 to 1 exclusive.</summary>
    public double ProjectionDropout { get; init; }

    /// <inheritdoc/>
    public override string Family => "Swin Transformer";

    /// <inheritdoc/>
    public override bool IsTransformer => true;

    /// <inheritdoc/>
    public override int Features => Dim(Depths.Count - 1);

    /// <inheritdoc/>
    public override Backbone Create(int imageSize, int classes)
    {
        RequireSize(imageSize);
        return new SwinTransformer(this, imageSize, classes);
    }

    /// <inheritdoc/>
    public override string? SizeProblem(int imageSize)
    {
        var smallest = PatchSize << (Depths.Count - 1);
        return imageSize < smallest || imageSize > 1024 || imageSize % PatchSize != 0
            ? $"the image size must be a multiple of {PatchSize} from {smallest} to 1024 pixels, not {imageSize}."
            : null;
    }

    /// <inheritdoc/>
    public override int GridSize(int imageSize) => Side(imageSize, Depths.Count - 1);

    /// <inheritdoc/>
    public override ModelCost Count(int imageSize, int classes)
    {
        var tally = new CostTally();
        PatchEmbed.Count(tally, PatchSize, EmbedDim, imageSize / PatchSize, norm: true);
        for (var stage = 0; stage < Depths.Count; stage++)
        {
            var (dim, side) = (Dim(stage), Side(imageSize, stage));
            if (stage > 0)
                PatchMerging.Count(tally, dim / 2, side);
            for (var block = 0; block < Depths[stage]; block++)
                SwinBlock.Count(tally, dim, Heads[stage], dim * MlpRatio, Grid(imageSize, stage, block));
        }
        tally.LayerNorm(Features);
        if (classes > 0)
            tally.Linear(Features, classes);
        return tally.Total;
    }

    /// <summary>Channels of a stage.</summary>
    internal int Dim(int stage) => EmbedDim << stage;

    /// <summary>Side of a stage's map, in tokens.</summary>
    internal int Side(int imageSize, int stage)
    {
        var side = imageSize / PatchSize;
        for (var i = 0; i < stage; i++)
            side = (side + 1) / 2;
        return side;
    }

    /// <summary>The windows of a block: every second block is shifted, but not where one window holds the map.</summary>
    /// <remarks>
    /// As in timm a window is not larger than its stage's map, for which timm rounds odd sides down while the map itself
    /// is rounded up: images of 112 end in a map of 4x4 with windows of 3x3.
    /// </remarks>
    internal WindowGrid Grid(int imageSize, int stage, int block)
    {
        var resolution = imageSize / PatchSize >> stage;
        var shifted = block % 2 == 1 && resolution > WindowSize;
        return new(Side(imageSize, stage), Math.Min(WindowSize, resolution), shifted);
    }
}

/// <summary>Swin Transformer: self-attention inside windows that shift from block to block, on maps that shrink by stages.</summary>
/// <remarks>
/// Liu et al. 2021, "Swin Transformer: hierarchical vision transformer using shifted windows". State-dict keys are
/// timm's: "patch_embed", "layers.STAGE.downsample", "layers.STAGE.blocks.BLOCK", "norm", "head.fc".
/// </remarks>
public sealed class SwinTransformer : Backbone
{
    private readonly PatchEmbed _patchEmbed;
    private readonly List<(string Key, Module<Tensor, Tensor> Module)> _steps = [];
    private readonly Module<Tensor, Tensor> _norm;
    private readonly Module<Tensor, Tensor>? _classifier;

    /// <param name="row">The variant.</param>
    /// <param name="imageSize">Side of the images, in pixels.</param>
    /// <param name="classes">Classes of the head; 0 builds a trunk without one.</param>
    internal SwinTransformer(SwinRow row, int imageSize, int classes)
        : base(row, imageSize, classes)
    {
        Row = row;
        _patchEmbed = register_module("patch_embed", new PatchEmbed(row.PatchSize, row.EmbedDim, norm: true));
        register_module("layers", nn.Sequential(Enumerable.Range(0, row.Depths.Count).Select(CreateStage)));
        _norm = register_module("norm", nn.LayerNorm(row.Features));
        if (classes > 0)
        {
            _classifier = nn.Linear(row.Features, classes);
            register_module("head", nn.Sequential(("fc", _classifier)));
        }
        InitWeights();
    }

    /// <summary>The variant.</summary>
    internal SwinRow Row { get; }

    internal override IReadOnlyList<string> HeadPrefixes => ["head."];

    /// <inheritdoc/>
    public override Tensor ForwardTokens(Tensor images) => ForwardFeatures(images).flatten(1, 2); // (B, HW, C)

    /// <inheritdoc/>
    public override Tensor PoolFeatures(Tensor features) => features.mean([1, 2]); // (B, C)

    internal override Tensor CamMaps(Tensor activations) => activations.permute(0, 3, 1, 2); // (B, C, H, W)

    /// <inheritdoc/>
    public override Tensor ForwardHead(Tensor features)
    {
        var pooled = PoolFeatures(features); // (B, C)
        if (_classifier is null)
            return pooled;
        return _classifier.call(nn.functional.dropout(pooled, Row.Dropout, training));
    }

    internal override IEnumerable<(string Module, Tensor Output)> Steps(Tensor images)
    {
        var x = _patchEmbed.call(images); // (B, H, W, C)
        yield return ("patch_embed", x);
        foreach (var (key, module) in _steps)
        {
            x = ActivationCheckpoints.Call(module, x);
            yield return (key, x);
        }
        x = _norm.call(x);
        yield return ("norm", x);
    }

    private Sequential CreateStage(int stage)
    {
        var dim = Row.Dim(stage);
        var children = new List<(string, Module<Tensor, Tensor>)>();
        if (stage > 0)
        {
            var merging = new PatchMerging(dim / 2);
            children.Add(("downsample", merging));
            _steps.Add(($"layers.{stage}.downsample", merging));
        }
        var before = Row.Depths.Take(stage).Sum();
        var last = Math.Max(1, Row.Depths.Sum() - 1);
        var blocks = new SwinBlock[Row.Depths[stage]];
        for (var b = 0; b < blocks.Length; b++)
        {
            var dropPath = Row.DropPath * (before + b) / last;
            blocks[b] = new SwinBlock(
                dim,
                Row.Heads[stage],
                dim * Row.MlpRatio,
                Row.Grid(ImageSize, stage, b),
                Row.ProjectionDropout,
                dropPath
            );
            _steps.Add(($"layers.{stage}.blocks.{b}", blocks[b]));
        }
        children.Add(("blocks", nn.Sequential(blocks)));
        return nn.Sequential(children);
    }

    /// <summary>
    /// Draws all weights, as the reference and timm do.
    /// <list type="table">
    /// <item><term>linear layers</term><description>normal, SD 0.02, truncated at ±2; biases 0</description></item>
    /// <item><term>tables of relative position biases</term><description>normal, SD 0.02, truncated at ±2</description></item>
    /// <item><term>layer norms</term><description>scale 1, shift 0</description></item>
    /// <item><term>patch projection</term><description>PyTorch's default: uniform in ±1 / sqrt(fan-in), bias too</description></item>
    /// </list>
    /// </summary>
    private void InitWeights()
    {
        foreach (var (_, module) in named_modules())
        {
            if (module is WindowAttention attention)
                nn.init.trunc_normal_(attention.BiasTable, std: 0.02);
            else
                WeightInit.Transformer(module);
        }
    }
}
