using SqsNet.Engine.Models;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Training;

/// <summary>The exponential moving average of a model's weights and running statistics.</summary>
/// <remarks>
/// Polyak and Juditsky 1992 with exponential weights: average = d * average + (1 - d) * weights after each step. The decay
/// grows with the steps, min(decay, (1 + step) / (10 + step)), so that the first weights are soon forgotten; being a function
/// of the step, it needs no state of its own. Counters are copied.
/// </remarks>
internal sealed class WeightAverage : IDisposable
{
    private readonly double _decay;
    private readonly OrderedDictionary<string, Tensor> _weights = [];

    /// <summary>Starts from the model's weights as they are.</summary>
    /// <param name="model">The model.</param>
    /// <param name="decay">Share of the average that each step keeps, 0 to 1 exclusive.</param>
    public WeightAverage(ImageModel model, double decay)
    {
        _decay = decay;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, tensor) in model.state_dict())
            _weights.Add(name, tensor.clone().DetachFromDisposeScope());
    }

    /// <summary>The average by the model's names; the tensors stay this one's own.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights => _weights;

    /// <summary>Takes a step's weights in.</summary>
    /// <param name="model">The model.</param>
    /// <param name="step">Steps so far, 1 or more.</param>
    public void Update(ImageModel model, long step)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var kept = Math.Min(_decay, (1.0 + step) / (10.0 + step));
        var weights = model.state_dict();
        optim.average_([.. weights.Keys.Select(name => _weights[name])], [.. weights.Values], kept);
    }

    /// <summary>Takes an average over that was kept in a checkpoint.</summary>
    /// <param name="weights">By the model's names; one that is missing stays as it is.</param>
    public void Load(IReadOnlyDictionary<string, Tensor> weights)
    {
        using var noGrad = no_grad();
        foreach (var (name, tensor) in weights)
            _weights[name].copy_(tensor);
    }

    public void Dispose()
    {
        foreach (var tensor in _weights.Values)
            tensor.Dispose();
    }
}
