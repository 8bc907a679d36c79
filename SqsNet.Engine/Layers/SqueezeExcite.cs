using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Layers;

/// <summary>Squeeze-and-excitation: each channel is scaled by a gate computed from all channels' means.</summary>
/// <remarks>Hu et al. 2018. timm's EfficientNets and ResNets have different keys for the same two layers.</remarks>
internal sealed class SqueezeExcite : Module<Tensor, Tensor>
{
    private readonly Activation _activation;
    private readonly Module<Tensor, Tensor> _reduce;
    private readonly Module<Tensor, Tensor> _expand;

    /// <param name="channels">Channels of the map.</param>
    /// <param name="squeezed">Channels between the two layers.</param>
    /// <param name="activation">Non-linearity between the two layers.</param>
    /// <param name="reduceKey">Key of the first layer.</param>
    /// <param name="expandKey">Key of the second layer.</param>
    internal SqueezeExcite(
        int channels,
        int squeezed,
        Activation activation,
        string reduceKey = "conv_reduce",
        string expandKey = "conv_expand"
    )
    {
        _activation = activation;
        _reduce = register_module(reduceKey, nn.Conv2d(channels, squeezed, 1));
        _expand = register_module(expandKey, nn.Conv2d(squeezed, channels, 1));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) // (B, C, H, W)
    {
        var gate = x.mean([2, 3], keepdim: true); // (B, C, 1, 1)
        gate = _activation.Apply(_reduce.call(gate));
        return x * _expand.call(gate).sigmoid();
    }

    internal static void Count(CostTally tally, int channels, int squeezed)
    {
        tally.Conv(channels, squeezed, kernel: 1, side: 1, bias: true);
        tally.Conv(squeezed, channels, kernel: 1, side: 1, bias: true);
    }
}
