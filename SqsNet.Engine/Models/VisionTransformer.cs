using SqsNet.Engine.Layers;
using SqsNet.Engine.Layers.VisionTransformer;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Models;

/// <summary>A variant of the Vision Transformer.</summary>
/// <remarks>Dosovitskiy et al. 2021; the small variant is Touvron et al. 2021's (DeiT).</remarks>
public sealed record VisionTransformerRow : BackboneRow
{
    /// <summary>Side of a patch, in pixels.</summary>
    public int PatchSize { get; init; } = 16;

    /// <summary>Channels of every token.</summary>
    public required int EmbedDim { get; init; }

    /// <summary>Blocks.</summary>
    public int Depth { get; init; } = 12;

    /// <summary>Attention heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Ratio of the perceptron's hidden channels to the block's.</summary>
    public int MlpRatio { get; init; } = 4;

    /// <summary>Epsilon of layer normalisation.</summary>
    public double LayerNormEps { get; init; } = 1e-6;

    /// <inheritdoc/>
    public override string Family => "Vision Transformer";

    /// <inheritdoc/>
    public override bool IsTransformer => true;

    /// <inheritdoc/>
    public override int Features => EmbedDim;

    /// <inheritdoc/>
    public override Backbone Create(int imageSize, int classes)
    {
        RequireSize(imageSize);
        return new VisionTransformer(this, imageSize, classes);
    }

    /// <inheritdoc/>
    public override string? SizeProblem(int imageSize) =>
        imageSize < 2 * PatchSize || imageSize > 1024 || imageSize % PatchSize != 0
            ? $"the image size must be a multiple of {PatchSize} from {2 * PatchSize} to 1024 pixels, not {imageSize}."
            : null;

    /// <inheritdoc/>
    public override int GridSize(int imageSize) => imageSize / PatchSize;

    /// <inheritdoc/>
    public override ModelCost Count(int imageSize, int classes)
    {
        var tally = new CostTally();
        var tokens = 1 + ((long)GridSize(imageSize) * GridSize(imageSize));
        tally.Parameter(EmbedDim);
        tally.Parameter(tokens * EmbedDim);
        PatchEmbed.Count(tally, PatchSize, EmbedDim, GridSize(imageSize), norm: false);
        for (var i = 0; i < Depth; i++)
            VisionTransformerBlock.Count(tally, EmbedDim, EmbedDim * MlpRatio, tokens);
        tally.LayerNorm(EmbedDim);
        if (classes > 0)
            tally.Linear(EmbedDim, classes);
        return tally.Total;
    }
}

/// <summary>The Vision Transformers of the zoo.</summary>
internal static class VisionTransformerVariants
{
    internal static VisionTransformerRow Small { get; } =
        new()
        {
            Name = "vit_small_patch16_224",
            Description = "ViT-S/16.",
            Normalization = InputNormalization.Inception,
            EmbedDim = 384,
            Heads = 6,
        };

    internal static VisionTransformerRow Base { get; } =
        new()
        {
            Name = "vit_base_patch16_224",
            Description = "ViT-B/16.",
            Normalization = InputNormalization.Inception,
            EmbedDim = 768,
            Heads = 12,
        };

    internal static IReadOnlyList<BackboneRow> All { get; } = [Small, Base];
}

/// <summary>Vision Transformer: the image as a sequence of patches behind a class token, with attention over all of them.</summary>
/// <remarks>
/// Dosovitskiy et al. 2021, "An image is worth 16x16 words". State-dict keys are timm's: "cls_token", "pos_embed",
/// "patch_embed", "blocks.BLOCK", "norm", "head". As a branch of SQSNet the class token is left out.
/// </remarks>
public sealed class VisionTransformer : Backbone
{
    private readonly VisionTransformerRow _row;
    private readonly Tensor _classToken;
    private readonly Tensor _positions;
    private readonly PatchEmbed _patchEmbed;
    private readonly VisionTransformerBlock[] _blocks;
    private readonly Module<Tensor, Tensor> _norm;
    private readonly Module<Tensor, Tensor>? _classifier;

    /// <param name="row">The variant.</param>
    /// <param name="imageSize">Side of the images, in pixels.</param>
    /// <param name="classes">Classes of the head; 0 builds a trunk without one.</param>
    internal VisionTransformer(VisionTransformerRow row, int imageSize, int classes)
        : base(row, imageSize, classes)
    {
        _row = row;
        _classToken = register_parameter("cls_token", zeros([1, 1, row.EmbedDim]));
        _positions = register_parameter("pos_embed", zeros([1, 1 + (GridSize * GridSize), row.EmbedDim]));
        _patchEmbed = register_module("patch_embed", new PatchEmbed(row.PatchSize, row.EmbedDim, norm: false));
        _blocks =
        [
            .. Enumerable
                .Range(0, row.Depth)
                .Select(i => new VisionTransformerBlock(
                    row.EmbedDim,
                    row.Heads,
                    row.EmbedDim * row.MlpRatio,
                    row.LayerNormEps,
                    row.DropPath * i / Math.Max(1, row.Depth - 1)
                )),
        ];
        register_module("blocks", nn.Sequential(_blocks));
        _norm = register_module("norm", nn.LayerNorm(row.EmbedDim, eps: row.LayerNormEps));
        if (classes > 0)
            _classifier = register_module("head", nn.Linear(row.EmbedDim, classes));
        InitWeights();
    }

    internal override IReadOnlyList<string> HeadPrefixes => ["head."];

    /// <inheritdoc/>
    public override Tensor ForwardTokens(Tensor images) => ForwardFeatures(images).narrow(1, 1, GridSize * GridSize); // (B, HW, C)

    /// <inheritdoc/>
    public override Tensor PoolFeatures(Tensor features) => features.select(1, 0); // (B, C)

    /// <summary>
    /// What the last block takes in: behind it only the class token leads to the scores, and the places of the image
    /// have no gradient left.
    /// </summary>
    internal override Tensor ForwardToCam(Tensor images) => Steps(images).SkipLast(2).Last().Output;

    internal override Tensor ForwardFromCam(Tensor activations) =>
        ForwardHead(_norm.call(_blocks[^1].call(activations)));

    internal override Tensor CamMaps(Tensor activations) =>
        activations
            .narrow(1, 1, GridSize * GridSize)
            .transpose(1, 2)
            .reshape(activations.size(0), Features, GridSize, GridSize); // (B, C, H, W)

    /// <inheritdoc/>
    public override Tensor ForwardHead(Tensor features)
    {
        var token = PoolFeatures(features); // (B, C)
        if (_classifier is null)
            return token;
        return _classifier.call(nn.functional.dropout(token, _row.Dropout, training));
    }

    internal override IEnumerable<(string Module, Tensor Output)> Steps(Tensor images)
    {
        var x = _patchEmbed.call(images).flatten(1, 2); // (B, HW, C)
        yield return ("patch_embed", x);
        x = cat([_classToken.expand(images.shape[0], -1, -1), x], 1) + _positions; // (B, 1 + HW, C)
        for (var i = 0; i < _blocks.Length; i++)
        {
            x = ActivationCheckpoints.Call(_blocks[i], x);
            yield return ($"blocks.{i}", x);
        }
        x = _norm.call(x);
        yield return ("norm", x);
    }

    /// <summary>
    /// Draws all weights, as timm does.
    /// <list type="table">
    /// <item><term>linear layers</term><description>normal, SD 0.02, truncated at ±2; biases 0</description></item>
    /// <item><term>positions</term><description>normal, SD 0.02, truncated at ±2</description></item>
    /// <item><term>class token</term><description>normal, SD 1e-6</description></item>
    /// <item><term>layer norms</term><description>scale 1, shift 0</description></item>
    /// <item><term>patch projection</term><description>PyTorch's default: uniform in ±1 / sqrt(fan-in), bias too</description></item>
    /// </list>
    /// </summary>
    private void InitWeights()
    {
        nn.init.trunc_normal_(_positions, std: 0.02);
        nn.init.normal_(_classToken, 0, 1e-6);
        foreach (var (_, module) in named_modules())
            WeightInit.Transformer(module);
    }
}
