using SqsNet.Torch;
using static SqsNet.Torch.torch.nn;

namespace SqsNet.Engine.Layers;

/// <summary>The element-wise non-linearities that the architectures of the zoo use.</summary>
public enum Activation
{
    /// <summary>x * sigmoid(x), also called swish.</summary>
    Silu,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>min(max(x, 0), 6).</summary>
    Relu6,
}

/// <summary>Applies an <see cref="Activation"/>.</summary>
internal static class ActivationExtensions
{
    /// <summary>The activated values, same shape. ReLU overwrites its input, which nothing else needs.</summary>
    internal static Tensor Apply(this Activation activation, Tensor x) =>
        activation switch
        {
            Activation.Silu => functional.silu(x),
            Activation.Relu => x.relu_(),
            Activation.Relu6 => functional.hardtanh_(x, 0, 6),
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, null),
        };
}
