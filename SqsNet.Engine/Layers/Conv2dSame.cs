using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Layers;

/// <summary>A convolution without bias that pads as TensorFlow does: what does not divide evenly goes to the right and below.</summary>
/// <remarks>Weights trained in TensorFlow ("tf_efficientnet_*") need it; at stride 2 every pixel would be off by one otherwise.</remarks>
internal sealed class Conv2dSame : Module<Tensor, Tensor>
{
    private readonly int _kernel;
    private readonly int _stride;
    private readonly int _groups;

    internal Conv2dSame(int input, int output, int kernel, int stride, int groups)
    {
        _kernel = kernel;
        _stride = stride;
        _groups = groups;
        Weight = register_parameter("weight", zeros([output, input / groups, kernel, kernel]));
    }

    /// <summary>Shape (output, input / groups, kernel, kernel); zero until it is drawn.</summary>
    internal Tensor Weight { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) // (B, C, H, W)
    {
        var (above, below) = Padding(x.shape[2]);
        var (left, right) = Padding(x.shape[3]);
        var padded = nn.functional.pad(x, [left, right, above, below]);
        return nn.functional.conv2d(padded, Weight, stride: _stride, groups: _groups);
    }

    private (long Before, long After) Padding(long side)
    {
        var outputs = (side + _stride - 1) / _stride;
        var total = Math.Max(0, ((outputs - 1) * _stride) + _kernel - side);
        return (total / 2, total - (total / 2));
    }
}
