namespace SqsNet.Torch;

/// <summary>
/// Normalises each channel of images (B, C, H, W) over batch and place; in evaluation by the running statistics.
/// </summary>
/// <remarks>Ioffe and Szegedy 2015. The running variance is the unbiased one, as in PyTorch.</remarks>
public sealed class BatchNorm2d : Module<Tensor, Tensor>
{
    private readonly double _eps;
    private readonly double _momentum;

    internal BatchNorm2d(long numFeatures, double eps, double momentum, bool affine)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numFeatures);
        (_eps, _momentum) = (eps, momentum);
        if (affine)
        {
            weight = register_parameter("weight", torch.ones(numFeatures));
            bias = register_parameter("bias", torch.zeros(numFeatures));
        }
        running_mean = register_buffer("running_mean", torch.zeros(numFeatures));
        running_var = register_buffer("running_var", torch.ones(numFeatures));
        num_batches_tracked = register_buffer("num_batches_tracked", torch.tensor(0L));
    }

    /// <summary>Scale of each channel, shape (C), or null.</summary>
    public Tensor? weight { get; }

    /// <summary>Shift of each channel, shape (C), or null.</summary>
    public Tensor? bias { get; }

    /// <summary>Mean of each channel over the batches seen, shape (C).</summary>
    public Tensor running_mean { get; }

    /// <summary>Variance of each channel over the batches seen, shape (C).</summary>
    public Tensor running_var { get; }

    /// <summary>How many batches were seen in training, without dimensions.</summary>
    public Tensor num_batches_tracked { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.ndim != 4)
        {
            throw new ArgumentException($"Batch normalisation needs images (B, C, H, W), not {input}.", nameof(input));
        }
        // The statistics of a batch that is computed a second time are counted already.
        var counted = training && ActivationCheckpoints.Recomputes;
        if (training && !counted)
        {
            num_batches_tracked.add_(1);
        }
        return torch.nn.functional.batch_norm(
            input,
            counted ? null : running_mean,
            counted ? null : running_var,
            weight,
            bias,
            training,
            _momentum,
            _eps
        );
    }
}

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Batch normalisation of images.</summary>
        /// <param name="numFeatures">Channels.</param>
        /// <param name="eps">Added to the variance.</param>
        /// <param name="momentum">Weight of a new batch in the running statistics, 0 to 1.</param>
        /// <param name="affine">Whether scale and shift are learned.</param>
        /// <exception cref="ArgumentOutOfRangeException">The number of channels is not positive.</exception>
        public static BatchNorm2d BatchNorm2d(
            long numFeatures,
            double eps = 1e-5,
            double momentum = 0.1,
            bool affine = true
        ) => new(numFeatures, eps, momentum, affine);
    }
}
