using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Layers;

/// <summary>Square convolutions whose output has ceil(side / stride) places, in the two ways that published weights use.</summary>
internal static class Convolution
{
    /// <summary>A convolution without bias.</summary>
    /// <param name="input">Channels of the input.</param>
    /// <param name="output">Channels of the output.</param>
    /// <param name="kernel">Side of the kernel, odd.</param>
    /// <param name="stride">1 or 2.</param>
    /// <param name="groups">Groups of channels; <paramref name="input"/> for a depthwise convolution.</param>
    /// <param name="samePadding">TensorFlow's padding, which is asymmetric at stride 2; false pads both sides alike.</param>
    internal static Module<Tensor, Tensor> Create(
        int input,
        int output,
        int kernel,
        int stride = 1,
        int groups = 1,
        bool samePadding = false
    ) =>
        samePadding && stride > 1
            ? new Conv2dSame(input, output, kernel, stride, groups)
            : nn.Conv2d(input, output, kernel, stride: stride, padding: (kernel - 1) / 2, groups: groups, bias: false);

    /// <summary>Side of the output.</summary>
    internal static int OutputSide(int side, int stride) => (side + stride - 1) / stride;
}
