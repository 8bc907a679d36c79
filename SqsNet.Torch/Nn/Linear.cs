namespace SqsNet.Torch;

/// <summary>x @ weight.T + bias over the last dimension.</summary>
public sealed class Linear : Module<Tensor, Tensor>
{
    internal Linear(long inFeatures, long outFeatures, bool bias)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inFeatures);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outFeatures);
        weight = register_parameter("weight", torch.empty([outFeatures, inFeatures]));
        this.bias = bias ? register_parameter("bias", torch.empty([outFeatures])) : null;
        torch.nn.init.DefaultWeights(weight, this.bias);
    }

    /// <summary>Shape (out, in).</summary>
    public Tensor weight { get; }

    /// <summary>Shape (out), or null.</summary>
    public Tensor? bias { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => torch.nn.functional.linear(input, weight, bias);
}

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A linear layer, initialised as PyTorch does.</summary>
        /// <param name="inFeatures">Size of the last dimension of the input.</param>
        /// <param name="outFeatures">Size of the last dimension of the output.</param>
        /// <param name="bias">Whether a bias is added.</param>
        /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
        public static Linear Linear(long inFeatures, long outFeatures, bool bias = true) =>
            new(inFeatures, outFeatures, bias);
    }
}
