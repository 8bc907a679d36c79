namespace SqsNet.Torch;

/// <summary>Normalises over groups of channels of every single example.</summary>
/// <remarks>Wu and He 2018.</remarks>
public sealed class GroupNorm : Module<Tensor, Tensor>
{
    private readonly long _groups;
    private readonly double _eps;

    internal GroupNorm(long numGroups, long numChannels, double eps)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numGroups);
        (_groups, _eps) = (numGroups, eps);
        weight = register_parameter("weight", torch.ones(numChannels));
        bias = register_parameter("bias", torch.zeros(numChannels));
    }

    /// <summary>Scale of each channel, shape (C).</summary>
    public Tensor weight { get; }

    /// <summary>Shift of each channel, shape (C).</summary>
    public Tensor bias { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => torch.nn.functional.group_norm(input, _groups, weight, bias, _eps);
}

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Group normalisation.</summary>
        /// <param name="numGroups">Groups, which divide the channels.</param>
        /// <param name="numChannels">Channels.</param>
        /// <param name="eps">Added to the variance.</param>
        public static GroupNorm GroupNorm(long numGroups, long numChannels, double eps = 1e-5) =>
            new(numGroups, numChannels, eps);
    }
}
