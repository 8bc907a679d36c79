using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Layers;

/// <summary>The two-layer perceptron of transformer blocks, with GELU between. Keys as in timm: "fc1", "fc2".</summary>
internal sealed class Mlp : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _fc1;
    private readonly Module<Tensor, Tensor> _fc2;
    private readonly double _dropout;

    /// <param name="dim">Channels of input and output.</param>
    /// <param name="hidden">Channels between.</param>
    /// <param name="dropout">Dropout after each layer, 0 to 1 exclusive.</param>
    internal Mlp(int dim, int hidden, double dropout)
    {
        _fc1 = register_module("fc1", nn.Linear(dim, hidden));
        _fc2 = register_module("fc2", nn.Linear(hidden, dim));
        _dropout = dropout;
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) // (..., C)
    {
        x = nn.functional.gelu(_fc1.call(x));
        x = nn.functional.dropout(x, _dropout, training);
        x = _fc2.call(x);
        return nn.functional.dropout(x, _dropout, training);
    }

    internal static void Count(CostTally tally, int dim, int hidden, long tokens)
    {
        tally.Linear(dim, hidden, tokens);
        tally.Linear(hidden, dim, tokens);
    }
}
