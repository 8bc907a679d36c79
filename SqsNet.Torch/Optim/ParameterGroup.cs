namespace SqsNet.Torch;

/// <summary>Parameters that share their hyperparameters; those may change between steps.</summary>
public sealed class ParameterGroup
{
    /// <summary>A group.</summary>
    /// <param name="parameters">Its parameters, each in one group only.</param>
    public ParameterGroup(IEnumerable<Tensor> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        this.parameters = [.. parameters];
    }

    /// <summary>The parameters in order.</summary>
    public IReadOnlyList<Tensor> parameters { get; }

    /// <summary>Step size; where it is null at construction the optimizer's own.</summary>
    public double? lr { get; set; }

    /// <summary>Part of a weight that is taken away each step, times the step size; null as for <see cref="lr"/>.</summary>
    public double? weight_decay { get; set; }
}
