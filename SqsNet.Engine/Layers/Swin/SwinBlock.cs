using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Layers.Swin;

/// <summary>One block of a Swin Transformer: window attention and a perceptron, each with norm before and skip around.</summary>
/// <remarks>Liu et al. 2021, equation 3. Keys as in timm: "norm1", "attn", "norm2", "mlp".</remarks>
internal sealed class SwinBlock : Module<Tensor, Tensor>
{
    private readonly WindowGrid _grid;
    private readonly double _dropPath;
    private readonly Module<Tensor, Tensor> _norm1;
    private readonly WindowAttention _attn;
    private readonly Module<Tensor, Tensor> _norm2;
    private readonly Mlp _mlp;

    internal SwinBlock(int dim, int heads, int mlpHidden, WindowGrid grid, double dropout, double dropPath)
    {
        _grid = grid;
        _dropPath = dropPath;
        _norm1 = register_module("norm1", nn.LayerNorm(dim));
        _attn = register_module("attn", new WindowAttention(dim, heads, grid, dropout));
        _norm2 = register_module("norm2", nn.LayerNorm(dim));
        _mlp = register_module("mlp", new Mlp(dim, mlpHidden, dropout));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) // (B, H, W, C)
    {
        using var scope = NewDisposeScope();
        var attended = _grid.Merge(_attn.call(_grid.Partition(_norm1.call(x))));
        x = x + DropPath.Apply(attended, _dropPath, training);
        x = x + DropPath.Apply(_mlp.call(_norm2.call(x)), _dropPath, training);
        return scope.MoveToOuter(x);
    }

    internal static void Count(CostTally tally, int dim, int heads, int mlpHidden, WindowGrid grid)
    {
        tally.LayerNorm(dim);
        WindowAttention.Count(tally, dim, heads, grid);
        tally.LayerNorm(dim);
        Mlp.Count(tally, dim, mlpHidden, (long)grid.Side * grid.Side);
    }
}

/// <summary>Joins 2x2 neighbours into one token of twice the width. Keys as in timm: "norm", "reduction".</summary>
/// <remarks>Liu et al. 2021, section 3.1. timm's order of the four neighbours, and a zero row and column where the side is odd.</remarks>
internal sealed class PatchMerging : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _norm;
    private readonly Module<Tensor, Tensor> _reduction;

    internal PatchMerging(int dim)
    {
        _norm = register_module("norm", nn.LayerNorm(4 * dim));
        _reduction = register_module("reduction", nn.Linear(4 * dim, 2 * dim, bias: false));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) // (B, H, W, C)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (x.shape[1], x.shape[2]);
        if (height % 2 + width % 2 > 0)
            x = nn.functional.pad(x, [0, 0, 0, width % 2, 0, height % 2]);
        var channels = x.shape[3];
        x = x.reshape(-1, (height + 1) / 2, 2, (width + 1) / 2, 2, channels)
            .permute(0, 1, 3, 4, 2, 5) // (B, H/2, W/2, column, row, C)
            .flatten(3); // (B, H/2, W/2, 4C)
        return scope.MoveToOuter(_reduction.call(_norm.call(x))); // (B, H/2, W/2, 2C)
    }

    internal static void Count(CostTally tally, int dim, int sideAfter)
    {
        tally.LayerNorm(4 * dim);
        tally.Linear(4 * dim, 2 * dim, (long)sideAfter * sideAfter, bias: false);
    }
}
