namespace SqsNet.Torch;

/// <summary>In training zeroes elements at random and scales the rest, so that the mean stays.</summary>
/// <remarks>Srivastava et al. 2014. Draws come from the calling thread's generator.</remarks>
public sealed class Dropout : Module<Tensor, Tensor>
{
    private readonly double _p;
    private readonly bool _wholeChannels;

    internal Dropout(double p, bool wholeChannels)
    {
        if (!(p is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies in 0..1.");
        }
        (_p, _wholeChannels) = (p, wholeChannels);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) =>
        !training || _p == 0 ? input
        : _wholeChannels ? torch.nn.functional.dropout2d(input, _p)
        : torch.nn.functional.dropout(input, _p);
}

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Dropout of elements.</summary>
        /// <param name="p">Probability of zero, 0 to 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">The probability is outside of 0..1.</exception>
        public static Dropout Dropout(double p = 0.5) => new(p, false);

        /// <summary>Dropout of whole channels of images (B, C, H, W).</summary>
        /// <param name="p">Probability of zero, 0 to 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">The probability is outside of 0..1.</exception>
        public static Dropout Dropout2d(double p = 0.5) => new(p, true);
    }
}
