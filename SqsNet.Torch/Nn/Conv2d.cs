namespace SqsNet.Torch;

/// <summary>Two-dimensional convolution of images (B, C, H, W).</summary>
public sealed class Conv2d : Module<Tensor, Tensor>
{
    private readonly Size2 _stride;
    private readonly Size2 _padding;
    private readonly Size2 _dilation;
    private readonly long _groups;

    internal Conv2d(
        long inChannels,
        long outChannels,
        Size2 kernelSize,
        Size2 stride,
        Size2 padding,
        Size2 dilation,
        long groups,
        bool bias
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inChannels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outChannels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        if (inChannels % groups != 0 || outChannels % groups != 0)
        {
            throw new ArgumentException(
                $"{groups} groups do not divide {inChannels} and {outChannels} channels.",
                nameof(groups)
            );
        }
        (_stride, _padding, _dilation, _groups) = (stride, padding, dilation, groups);
        weight = register_parameter(
            "weight",
            torch.empty([outChannels, inChannels / groups, kernelSize.height, kernelSize.width])
        );
        this.bias = bias ? register_parameter("bias", torch.empty([outChannels])) : null;
        torch.nn.init.DefaultWeights(weight, this.bias);
    }

    /// <summary>Shape (out, in / groups, kernel height, kernel width).</summary>
    public Tensor weight { get; }

    /// <summary>Shape (out), or null.</summary>
    public Tensor? bias { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) =>
        torch.nn.functional.conv2d(input, weight, bias, _stride, _padding, _dilation, _groups);
}

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A convolution, initialised as PyTorch does.</summary>
        /// <param name="inChannels">Channels of the input, divisible by the groups.</param>
        /// <param name="outChannels">Channels of the output, divisible by the groups.</param>
        /// <param name="kernelSize">Size of the window.</param>
        /// <param name="stride">Step of the window.</param>
        /// <param name="padding">Zeros added at every border.</param>
        /// <param name="dilation">Distance between the window's taps.</param>
        /// <param name="groups">Parts that do not see each other; as many as channels for a depthwise convolution.</param>
        /// <param name="bias">Whether a bias is added.</param>
        /// <exception cref="ArgumentException">A number is not positive, or the groups do not divide the channels.</exception>
        public static Conv2d Conv2d(
            long inChannels,
            long outChannels,
            Size2 kernelSize,
            Size2? stride = null,
            Size2? padding = null,
            Size2? dilation = null,
            long groups = 1,
            bool bias = true
        ) => new(inChannels, outChannels, kernelSize, stride ?? 1, padding ?? 0, dilation ?? 1, groups, bias);
    }
}
