using SqsNet.Engine.Layers;
using SqsNet.Engine.Layers.Fusion;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Models;

/// <summary>A CNN and a transformer that see the same face, their maps fused and classified.</summary>
/// <remarks>
/// Ahmed et al. 2026, section 3.2. State-dict keys: "cnn." and "swin." with timm's keys behind them (the prefix is
/// "swin" for any transformer), "fusion.", "base_head.".
/// </remarks>
public class HybridModel : ImageModel
{
    private readonly double _dropout;
    private readonly Backbone _cnn;
    private readonly Backbone _transformer;
    private readonly TokenFusion _fusion;
    private readonly Module<Tensor, Tensor> _baseHead;
    private readonly (Tensor Scale, Tensor Shift)? _rescale;

    /// <param name="row">The variant, with every number settled.</param>
    /// <param name="classes">Number of classes.</param>
    internal HybridModel(HybridRow row, int classes)
        : base(row.Name, row.ImageSize, classes, row.Cnn.Normalization)
    {
        Width = row.Width;
        _dropout = row.Dropout;
        _cnn = register_module("cnn", row.Cnn.Create(row.ImageSize, classes: 0));
        _transformer = register_module("swin", row.Transformer.Create(row.ImageSize, classes: 0));
        _fusion = register_module("fusion", CreateFusion(row));
        _baseHead = register_module("base_head", nn.Linear(row.Width, classes));
        if (row.Transformer.Normalization != row.Cnn.Normalization)
        {
            var (scale, shift) = row.Cnn.Normalization.To(row.Transformer.Normalization);
            _rescale = (
                register_buffer("swin_scale", scale, persistent: false),
                register_buffer("swin_shift", shift, persistent: false)
            );
        }
        InitWeights();
    }

    /// <summary>Channels of the fused map.</summary>
    public int Width { get; }

    /// <summary>Side of the fused map, and so of every similarity map, in locations.</summary>
    public int GridSize => _cnn.GridSize;

    internal override IReadOnlyList<string> HeadPrefixes => ["base_head."];

    internal override bool IsTrunk(string key) =>
        Parts.Any(part => key.StartsWith($"{part.Name}.", StringComparison.Ordinal));

    /// <summary>The two branches under the prefixes of their keys.</summary>
    internal IReadOnlyList<(string Name, Backbone Branch)> Parts => [("cnn", _cnn), ("swin", _transformer)];

    /// <summary>The fused map, before any pooling.</summary>
    /// <param name="images">Images as the CNN wants them scaled, shape (B, 3, S, S); the transformer gets them as it wants them.</param>
    /// <returns>Shape (B, D, H, W) with D = <see cref="Width"/> and H = W = <see cref="GridSize"/>.</returns>
    public Tensor ForwardMap(Tensor images)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(AsMap(_fusion.Fuse(_cnn.ForwardTokens(images), TransformerTokens(images))));
    }

    /// <summary>The fused map, and where the CNN's locations look for it.</summary>
    /// <param name="images">As for <see cref="ForwardMap"/>.</param>
    /// <returns>
    /// The map, and how much each of the transformer's locations is looked at, over heads and queries, shape (B, H', W') with a
    /// mean of 1; null where the fusion has no attention.
    /// </returns>
    internal (Tensor Map, Tensor? Attention) ForwardMapAndAttention(Tensor images)
    {
        using var scope = NewDisposeScope();
        var (cnn, transformer) = (_cnn.ForwardTokens(images), TransformerTokens(images));
        var map = scope.MoveToOuter(AsMap(_fusion.Fuse(cnn, transformer)));
        if (_fusion is not CrossAttentionFusion fusion)
            return (map, null);
        var looked = fusion.Attention(cnn, transformer).mean([1, 2]) * transformer.size(1); // (B, Nk)
        return (map, scope.MoveToOuter(looked.reshape(-1, _transformer.GridSize, _transformer.GridSize)));
    }

    /// <inheritdoc/>
    public override Tensor ForwardFeatures(Tensor images) => ForwardMap(images);

    /// <inheritdoc/>
    public override Tensor PoolFeatures(Tensor features) => features.mean([2, 3]); // (B, D)

    /// <inheritdoc/>
    public override Tensor ForwardHead(Tensor features) => BaseLogits(features);

    /// <summary>The base head's scores: all that inference needs.</summary>
    /// <param name="map">Fused map, shape (B, D, H, W).</param>
    /// <returns>Scores, shape (B, K).</returns>
    public Tensor BaseLogits(Tensor map) => _baseHead.call(PoolForHead(map));

    /// <summary>What a head is given: the pooled map, in training with dropout.</summary>
    private protected Tensor PoolForHead(Tensor map) => nn.functional.dropout(PoolFeatures(map), _dropout, training);

    /// <summary>The transformer's tokens, (B, HW, C), of images as the CNN wants them scaled.</summary>
    internal Tensor TransformerTokens(Tensor images) =>
        _transformer.ForwardTokens(_rescale is (var scale, var shift) ? (images * scale) + shift : images);

    private Tensor AsMap(Tensor tokens) => tokens.transpose(1, 2).reshape(-1, Width, GridSize, GridSize); // of (B, HW, D)

    private static TokenFusion CreateFusion(HybridRow row)
    {
        var (cnn, transformer) = (row.Cnn.Features, row.Transformer.Features);
        return row.Fusion.Kind == FusionKind.Concat
            ? new ConcatFusion(cnn, row.GridSize, transformer, row.Transformer.GridSize(row.ImageSize), row.Width)
            : new CrossAttentionFusion(cnn, transformer, row.Width, row.Fusion);
    }

    /// <summary>
    /// Draws the weights of what the branches do not have; each branch draws its own.
    /// <list type="table">
    /// <item><term>fusion projections</term><description>PyTorch's default: uniform in ±1 / sqrt(fan-in), bias too</description></item>
    /// <item><term>heads</term><description>uniform in ±1 / sqrt(classes), as EfficientNet's; biases 0</description></item>
    /// </list>
    /// </summary>
    /// <remarks>
    /// Heads with an SD of 0.02, as transformers have them, hold the CNN back: sqsnet-tiny then reached 58 % on FERPlus
    /// after four epochs of 6,000 faces, with these 66 % (one seed each).
    /// </remarks>
    private void InitWeights() => WeightInit.Google(_baseHead);
}
