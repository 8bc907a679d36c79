using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Training;

/// <summary>One kind of step as a CUDA graph, with the memory that it reads and writes.</summary>
internal sealed class RecordedStep : IDisposable
{
    // While one thread records, no other may give memory back or begin to record: libtorch keeps the state of recordings for
    // the whole process.
    private static readonly Lock s_recording = new();

    private readonly CudaGraph _graph;
    private readonly StepBatch _inputs;
    private readonly StepLosses _losses;
    private readonly Tensor?[] _gradients;

    private RecordedStep(CudaGraph graph, StepBatch inputs, StepLosses losses, Tensor?[] gradients) =>
        (_graph, _inputs, _losses, _gradients) = (graph, inputs, losses, gradients);

    /// <summary>Records a step; nothing of it runs yet.</summary>
    /// <param name="batch">A batch of the kind to record, with targets that are fixed.</param>
    /// <param name="step">Forward and backward pass.</param>
    /// <param name="parameters">What gets gradients.</param>
    /// <param name="sharing">Another recording of the same trial, with which memory is shared.</param>
    /// <exception cref="TorchException">Something in the step cannot be recorded, or memory is exhausted.</exception>
    public static RecordedStep Record(
        StepBatch batch,
        Func<StepBatch, StepLosses> step,
        IReadOnlyList<Tensor> parameters,
        RecordedStep? sharing
    )
    {
        using var scope = NewDisposeScope();
        var inputs = batch with
        {
            Images = batch.Images.clone().DetachFromDisposeScope(),
            Targets = batch.Targets.Over(batch.Targets.Fixed!.clone().DetachFromDisposeScope()),
            Others = batch.Others?.clone().DetachFromDisposeScope(),
        };
        lock (s_recording)
            return RecordAlone(inputs, step, parameters, sharing?._graph);
    }

    private static RecordedStep RecordAlone(
        StepBatch inputs,
        Func<StepBatch, StepLosses> step,
        IReadOnlyList<Tensor> parameters,
        CudaGraph? sharing
    )
    {
        // The recording has memory of its own: what earlier steps left cached would be missing there.
        cuda.synchronize();
        cuda.empty_cache();
        var graph = new CudaGraph();
        try
        {
            graph.Begin(sharing);
            StepLosses losses;
            try
            {
                // The values alone: with them the step's operations would be kept.
                losses = step(inputs).Map(loss => loss.detach().DetachFromDisposeScope());
            }
            finally
            {
                graph.End();
            }
            return new(
                graph,
                inputs,
                losses,
                [.. parameters.Select(parameter => parameter.grad?.DetachFromDisposeScope())]
            );
        }
        catch
        {
            graph.Dispose();
            Free(inputs);
            throw;
        }
    }

    /// <summary>Makes the recording's gradients those of the parameters; a parameter it does not reach has none.</summary>
    /// <param name="parameters">The parameters it was recorded with.</param>
    public void LendGradients(IReadOnlyList<Tensor> parameters)
    {
        for (var i = 0; i < _gradients.Length; i++)
            parameters[i].grad = _gradients[i];
    }

    /// <summary>Runs the step on another batch of its kind.</summary>
    /// <returns>Losses in the recording's own memory: the next replay overwrites them.</returns>
    public StepLosses Replay(StepBatch batch)
    {
        using var noGrad = no_grad();
        _inputs.Images.copy_(batch.Images);
        _inputs.Targets.Fixed!.copy_(batch.Targets.Fixed!);
        _inputs.Others?.copy_(batch.Others!);
        _graph.Replay();
        return _losses;
    }

    public void Dispose()
    {
        cuda.synchronize();
        lock (s_recording)
            _graph.Dispose();
        Free(_inputs);
        foreach (var tensor in _gradients.Concat(_losses.Present))
            tensor?.Dispose();
    }

    private static void Free(StepBatch inputs)
    {
        inputs.Images.Dispose();
        inputs.Targets.Fixed!.Dispose();
        inputs.Others?.Dispose();
    }
}
