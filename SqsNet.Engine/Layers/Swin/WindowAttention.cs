using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Layers.Swin;

/// <summary>
/// Multi-head self-attention inside windows, with a learned bias for each relative position. Keys as in timm:
/// "relative_position_bias_table", "qkv", "proj".
/// </summary>
/// <remarks>Liu et al. 2021, equation 4: softmax(QK' / sqrt(d) + B) V.</remarks>
internal sealed class WindowAttention : Module<Tensor, Tensor>
{
    private readonly WindowGrid _grid;
    private readonly int _heads;
    private readonly double _scale;
    private readonly Tensor _biasTable;
    private readonly Tensor _relativePositions;
    private readonly Tensor? _mask;
    private readonly Module<Tensor, Tensor> _qkv;
    private readonly Module<Tensor, Tensor> _proj;
    private readonly double _dropout;

    internal WindowAttention(int dim, int heads, WindowGrid grid, double dropout)
    {
        _grid = grid;
        _heads = heads;
        _scale = 1 / Math.Sqrt(dim / heads);
        _dropout = dropout;
        var offsets = ((2 * grid.Window) - 1) * ((2 * grid.Window) - 1);
        _biasTable = register_parameter("relative_position_bias_table", zeros([offsets, heads]));
        _qkv = register_module("qkv", nn.Linear(dim, 3 * dim));
        _proj = register_module("proj", nn.Linear(dim, dim));
        _relativePositions = register_buffer(
            "relative_position_index",
            tensor<long>(grid.RelativePositions(), [(long)grid.Area * grid.Area]),
            persistent: false
        );
        if (grid.ShiftMask() is { } mask)
            _mask = register_buffer(
                "attn_mask",
                tensor<float>(mask, [grid.Count, 1, grid.Area, grid.Area]),
                persistent: false
            );
    }

    /// <summary>The learned table of biases, shape ((2w - 1)^2, heads).</summary>
    internal Tensor BiasTable => _biasTable;

    /// <inheritdoc/>
    public override Tensor forward(Tensor windows) // (B * windows, N, C)
    {
        var (count, n, c) = (windows.shape[0], windows.shape[1], windows.shape[2]);
        var qkv = _qkv.call(windows).view(count, n, 3, _heads, c / _heads).permute(2, 0, 3, 1, 4); // (3, B * windows, heads, N, d)
        var (q, k, v) = (qkv.select(0, 0), qkv.select(0, 1), qkv.select(0, 2));
        var scores = (q * _scale).matmul(k.transpose(-2, -1)); // (B * windows, heads, N, N)
        var bias = _biasTable.index_select(0, _relativePositions).view(n, n, _heads).permute(2, 0, 1); // (heads, N, N)
        if (_mask is null)
        {
            scores = scores + bias;
        }
        else
        {
            // (windows, heads, N, N): one bias for each place of a window, broadcast over the images.
            var masked = bias.unsqueeze(0) + _mask;
            scores = (scores.view(-1, _grid.Count, _heads, n, n) + masked).view(-1, _heads, n, n);
        }
        var attention = nn.functional.softmax(scores, -1);
        var x = attention.matmul(v).transpose(1, 2).reshape(count, n, c); // (B * windows, N, C)
        return nn.functional.dropout(_proj.call(x), _dropout, training);
    }

    internal static void Count(CostTally tally, int dim, int heads, WindowGrid grid)
    {
        var tokens = (long)grid.Count * grid.Area;
        tally.Parameter(((2 * grid.Window) - 1) * ((2 * grid.Window) - 1) * heads);
        tally.Linear(dim, 3 * dim, tokens);
        tally.Linear(dim, dim, tokens);
        tally.Attention(tokens, grid.Area, dim);
    }
}
