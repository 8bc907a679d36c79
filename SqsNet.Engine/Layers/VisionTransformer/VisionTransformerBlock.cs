using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Layers.VisionTransformer;

/// <summary>Multi-head self-attention over all tokens. Keys as in timm: "qkv", "proj".</summary>
internal sealed class Attention : Module<Tensor, Tensor>
{
    private readonly int _heads;
    private readonly double _scale;
    private readonly Module<Tensor, Tensor> _qkv;
    private readonly Module<Tensor, Tensor> _proj;

    internal Attention(int dim, int heads)
    {
        _heads = heads;
        _scale = 1 / Math.Sqrt(dim / heads);
        _qkv = register_module("qkv", nn.Linear(dim, 3 * dim));
        _proj = register_module("proj", nn.Linear(dim, dim));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) // (B, N, C)
    {
        var (batch, n, c) = (x.shape[0], x.shape[1], x.shape[2]);
        var qkv = _qkv.call(x).view(batch, n, 3, _heads, c / _heads).permute(2, 0, 3, 1, 4); // (3, B, heads, N, d)
        var (q, k, v) = (qkv.select(0, 0), qkv.select(0, 1), qkv.select(0, 2));
        var attention = nn.functional.softmax((q * _scale).matmul(k.transpose(-2, -1)), -1); // (B, heads, N, N)
        return _proj.call(attention.matmul(v).transpose(1, 2).reshape(batch, n, c));
    }

    internal static void Count(CostTally tally, int dim, long tokens)
    {
        tally.Linear(dim, 3 * dim, tokens);
        tally.Linear(dim, dim, tokens);
        tally.Attention(tokens, tokens, dim);
    }
}

/// <summary>One block of a Vision Transformer: attention and a perceptron, each with norm before and skip around.</summary>
/// <remarks>Dosovitskiy et al. 2021, equations 2 and 3. Keys as in timm: "norm1", "attn", "norm2", "mlp".</remarks>
internal sealed class VisionTransformerBlock : Module<Tensor, Tensor>
{
    private readonly double _dropPath;
    private readonly Module<Tensor, Tensor> _norm1;
    private readonly Attention _attn;
    private readonly Module<Tensor, Tensor> _norm2;
    private readonly Mlp _mlp;

    internal VisionTransformerBlock(int dim, int heads, int mlpHidden, double normEps, double dropPath)
    {
        _dropPath = dropPath;
        _norm1 = register_module("norm1", nn.LayerNorm(dim, eps: normEps));
        _attn = register_module("attn", new Attention(dim, heads));
        _norm2 = register_module("norm2", nn.LayerNorm(dim, eps: normEps));
        _mlp = register_module("mlp", new Mlp(dim, mlpHidden, dropout: 0));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) // (B, N, C)
    {
        using var scope = NewDisposeScope();
        x = x + DropPath.Apply(_attn.call(_norm1.call(x)), _dropPath, training);
        x = x + DropPath.Apply(_mlp.call(_norm2.call(x)), _dropPath, training);
        return scope.MoveToOuter(x);
    }

    internal static void Count(CostTally tally, int dim, int mlpHidden, long tokens)
    {
        tally.LayerNorm(dim);
        Attention.Count(tally, dim, tokens);
        tally.LayerNorm(dim);
        Mlp.Count(tally, dim, mlpHidden, tokens);
    }
}
