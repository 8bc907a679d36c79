namespace SqsNet.Torch;

/// <summary>Means of windows chosen so that the output has a given size.</summary>
public sealed class AdaptiveAvgPool2d : Module<Tensor, Tensor>
{
    private readonly Size2 _outputSize;

    internal AdaptiveAvgPool2d(Size2 outputSize) => _outputSize = outputSize;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => torch.nn.functional.adaptive_avg_pool2d(input, _outputSize);
}

/// <summary>The mean of each window.</summary>
public sealed class AvgPool2d : Module<Tensor, Tensor>
{
    private readonly Size2 _kernelSize;
    private readonly Size2 _stride;
    private readonly Size2 _padding;

    internal AvgPool2d(Size2 kernelSize, Size2? stride, Size2 padding) =>
        (_kernelSize, _stride, _padding) = (kernelSize, stride ?? kernelSize, padding);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) =>
        torch.nn.functional.avg_pool2d(input, _kernelSize, _stride, _padding);
}

/// <summary>The largest value of each window.</summary>
public sealed class MaxPool2d : Module<Tensor, Tensor>
{
    private readonly Size2 _kernelSize;
    private readonly Size2 _stride;
    private readonly Size2 _padding;

    internal MaxPool2d(Size2 kernelSize, Size2? stride, Size2 padding) =>
        (_kernelSize, _stride, _padding) = (kernelSize, stride ?? kernelSize, padding);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) =>
        torch.nn.functional.max_pool2d(input, _kernelSize, _stride, _padding);
}

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Means of windows chosen so that the output has a given size.</summary>
        /// <param name="outputSize">Height and width of the output.</param>
        public static AdaptiveAvgPool2d AdaptiveAvgPool2d(Size2 outputSize) => new(outputSize);

        /// <summary>The mean of each window.</summary>
        /// <param name="kernelSize">Size of the window.</param>
        /// <param name="stride">Step of the window; the window's size where none is given.</param>
        /// <param name="padding">Zeros added at every border.</param>
        public static AvgPool2d AvgPool2d(Size2 kernelSize, Size2? stride = null, Size2? padding = null) =>
            new(kernelSize, stride, padding ?? 0);

        /// <summary>The largest value of each window.</summary>
        /// <param name="kernelSize">Size of the window.</param>
        /// <param name="stride">Step of the window; the window's size where none is given.</param>
        /// <param name="padding">Border that no value wins against.</param>
        public static MaxPool2d MaxPool2d(Size2 kernelSize, Size2? stride = null, Size2? padding = null) =>
            new(kernelSize, stride, padding ?? 0);
    }
}
