using SqsNet.Engine.Models;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Layers.Fusion;

/// <summary>The CNN's tokens query the transformer's: softmax(QK' / sqrt(d)) V, equations 3 and 4.</summary>
/// <remarks>
/// Keys: "q_proj", and "kv_proj" when keys and values are tied, else "k_proj" and "v_proj". The paper's equations
/// multiply features of different widths and use single vectors; each branch is therefore projected once to the fused
/// width and attends over the locations of its map. Tied, one head and no residual is the literal reading, in which
/// the CNN only steers where the transformer's values are read from; with the residual its features reach the output.
/// </remarks>
internal sealed class CrossAttentionFusion : TokenFusion
{
    private readonly FusionSpec _spec;
    private readonly int _width;
    private readonly Module<Tensor, Tensor> _query;
    private readonly Module<Tensor, Tensor> _key;
    private readonly Module<Tensor, Tensor> _value;

    /// <param name="cnn">Channels of the CNN's tokens.</param>
    /// <param name="transformer">Channels of the transformer's tokens.</param>
    /// <param name="width">Channels of the fused tokens, a multiple of the heads.</param>
    /// <param name="spec">The variant.</param>
    internal CrossAttentionFusion(int cnn, int transformer, int width, FusionSpec spec)
    {
        _spec = spec;
        _width = width;
        _query = register_module("q_proj", nn.Linear(cnn, width));
        _key = register_module(spec.Tied ? "kv_proj" : "k_proj", nn.Linear(transformer, width));
        _value = spec.Tied ? _key : register_module("v_proj", nn.Linear(transformer, width));
    }

    internal override Tensor Fuse(Tensor cnn, Tensor transformer)
    {
        using var scope = NewDisposeScope();
        var query = _query.call(cnn); // (B, Nq, D)
        var (q, k, v) = Project(query, transformer);
        var fused = Weights(q, k).matmul(v).transpose(1, 2).reshape(query.shape); // (B, Nq, D)
        return scope.MoveToOuter(_spec.Residual ? fused + query : fused);
    }

    /// <summary>Where each of the CNN's locations looks on the transformer's map: shape (B, heads, Nq, Nk), rows sum to 1.</summary>
    internal Tensor Attention(Tensor cnn, Tensor transformer)
    {
        using var scope = NewDisposeScope();
        var (q, k, _) = Project(_query.call(cnn), transformer);
        return scope.MoveToOuter(Weights(q, k));
    }

    internal static void Count(
        CostTally tally,
        int cnn,
        int transformer,
        int width,
        FusionSpec spec,
        long queries,
        long keys
    )
    {
        tally.Linear(cnn, width, queries);
        tally.Linear(transformer, width, keys);
        if (!spec.Tied)
            tally.Linear(transformer, width, keys);
        tally.Attention(queries, keys, width);
    }

    private (Tensor Query, Tensor Key, Tensor Value) Project(Tensor query, Tensor transformer)
    {
        var key = Split(_key.call(transformer));
        return (Split(query), key, _spec.Tied ? key : Split(_value.call(transformer)));
    }

    private Tensor Weights(Tensor query, Tensor key)
    {
        var scale = 1 / Math.Sqrt(_width / _spec.Heads);
        return nn.functional.softmax(query.matmul(key.transpose(-2, -1)) * scale, -1);
    }

    /// <summary>(B, N, D) to (B, heads, N, D / heads).</summary>
    private Tensor Split(Tensor tokens) =>
        tokens.view(tokens.shape[0], tokens.shape[1], _spec.Heads, _width / _spec.Heads).transpose(1, 2);
}
