using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Fixtures;

/// <summary>
/// Tests of networks with up to a hundred million parameters, whose training step takes five gigabytes: each runs alone,
/// or they need more memory together than a small machine has.
/// </summary>
[CollectionDefinition(nameof(BigModels), DisableParallelization = true)]
public sealed class BigModels;

/// <summary>A dispose scope that also frees a network, and gives back the memory that was kept for its next step.</summary>
internal sealed class BigModelScope : IDisposable
{
    private readonly DisposeScope _tensors = torch.NewDisposeScope();
    private readonly List<Module> _models = [];

    /// <summary>Makes a network part of the scope.</summary>
    internal T Add<T>(T model)
        where T : Module
    {
        _models.Add(model);
        return model;
    }

    public void Dispose()
    {
        foreach (var model in _models)
            model.Dispose();
        _tensors.Dispose();
        // The allocator keeps half more than was ever needed at once: the next network is another one.
        TorchRuntime.EmptyCpuCache();
        TorchRuntime.ResetCpuPeak();
    }
}
