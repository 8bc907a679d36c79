namespace SqsNet.Torch;

/// <summary>Normalises over the last dimensions of every single example.</summary>
/// <remarks>Ba, Kiros and Hinton 2016.</remarks>
public sealed class LayerNorm : Module<Tensor, Tensor>
{
    private readonly long[] _shape;
    private readonly double _eps;

    internal LayerNorm(ReadOnlySpan<long> normalizedShape, double eps, bool elementwiseAffine)
    {
        (_shape, _eps) = (normalizedShape.ToArray(), eps);
        if (elementwiseAffine)
        {
            weight = register_parameter("weight", torch.ones(normalizedShape));
            bias = register_parameter("bias", torch.zeros(normalizedShape));
        }
    }

    /// <summary>Scale, in the normalised shape, or null.</summary>
    public Tensor? weight { get; }

    /// <summary>Shift, in the normalised shape, or null.</summary>
    public Tensor? bias { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => torch.nn.functional.layer_norm(input, _shape, weight, bias, _eps);
}

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Layer normalisation over the last dimension.</summary>
        /// <param name="normalizedShape">Size of the last dimension.</param>
        /// <param name="eps">Added to the variance.</param>
        /// <param name="elementwiseAffine">Whether scale and shift are learned.</param>
        public static LayerNorm LayerNorm(long normalizedShape, double eps = 1e-5, bool elementwiseAffine = true) =>
            new([normalizedShape], eps, elementwiseAffine);

        /// <summary>Layer normalisation over the last dimensions.</summary>
        /// <param name="normalizedShape">Their sizes.</param>
        /// <param name="eps">Added to the variance.</param>
        /// <param name="elementwiseAffine">Whether scale and shift are learned.</param>
        public static LayerNorm LayerNorm(
            ReadOnlySpan<long> normalizedShape,
            double eps = 1e-5,
            bool elementwiseAffine = true
        ) => new(normalizedShape, eps, elementwiseAffine);
    }
}
