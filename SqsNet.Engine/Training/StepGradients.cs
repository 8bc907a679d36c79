using SqsNet.Engine.Models;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Training;

/// <summary>Forward pass, losses and backward pass of a batch: fills the gradients of the model's parameters.</summary>
/// <remarks>
/// A step launches thousands of kernels, and for small faces a GPU is done with each before the host has launched the next.
/// So on a GPU the first batches of each kind run as they are, by which the libraries settle on their algorithms; then
/// one is recorded, and from then on a single launch replays it.
/// </remarks>
/// <param name="model">The network.</param>
/// <param name="loss">Its losses.</param>
/// <param name="optimizer">Forgets old gradients.</param>
/// <param name="training">The protocol.</param>
/// <param name="warn">Told why recording is given up, once.</param>
internal sealed class StepGradients(
    ImageModel model,
    StepLoss loss,
    AdamW optimizer,
    TrainingSpec training,
    Action<string> warn
) : IDisposable
{
    private const int StepsBeforeRecording = 3;

    private readonly IReadOnlyList<Tensor> _parameters = [.. model.parameters()];
    private readonly Dictionary<(QuadLayout, long Images), int> _seen = [];
    private readonly Dictionary<(QuadLayout, long Images), RecordedStep> _recorded = [];
    private RecordedStep? _last;

    // A recording cannot set random generators back, as blocks that are computed again must.
    private bool _records =
        model.parameters().First().device.type == DeviceType.CUDA && !training.ActivationCheckpointing;

    /// <summary>Computes the losses of the batches of a step, one after the other, and the mean of their gradients.</summary>
    /// <param name="count">How many batches, 1 or more.</param>
    /// <param name="batch">Makes a batch; called in order, each batch gone before the next comes.</param>
    /// <returns>Means of the losses, valid until the next call.</returns>
    public StepLosses Compute(int count, Func<int, StepBatch> batch)
    {
        if (count == 1)
            return Compute(batch(0));
        var sums = new Tensor?[_parameters.Count];
        var losses = new List<StepLosses>(count);
        using (no_grad())
        {
            for (var i = 0; i < count; i++)
            {
                using var scope = NewDisposeScope();
                using (enable_grad())
                    losses.Add(Compute(batch(i)).Map(loss => loss.detach().clone().MoveToOuterDisposeScope()));
                for (var p = 0; p < sums.Length; p++)
                {
                    // A recorded step writes its gradients where it has them: they are added up elsewhere.
                    if (_parameters[p].grad is not { } gradient)
                        continue;
                    if (sums[p] is { } sum)
                        sum.add_(gradient, 1.0 / count);
                    else
                        sums[p] = (gradient / count).MoveToOuterDisposeScope();
                }
            }
        }
        for (var p = 0; p < sums.Length; p++)
            _parameters[p].grad = sums[p];
        _last = null;
        return StepLosses.Mean(losses);
    }

    /// <summary>Computes the losses of a batch and their gradients.</summary>
    /// <returns>Losses, valid until the next call.</returns>
    public StepLosses Compute(StepBatch batch)
    {
        if (!_records || batch.Targets.Fixed is null)
            return Run(batch);
        var kind = (batch.Layout, batch.Images.size(0));
        if (!_recorded.TryGetValue(kind, out var recorded))
        {
            var seen = _seen[kind] = _seen.GetValueOrDefault(kind) + 1;
            if (seen <= StepsBeforeRecording || (recorded = TryRecord(batch)) is null)
                return Run(batch);
            _recorded.Add(kind, recorded);
        }
        if (!ReferenceEquals(recorded, _last))
            recorded.LendGradients(_parameters);
        _last = recorded;
        return recorded.Replay(batch);
    }

    /// <summary>Frees the recordings.</summary>
    public void Dispose()
    {
        foreach (var recorded in _recorded.Values)
            recorded.Dispose();
    }

    private StepLosses Run(StepBatch batch)
    {
        _last = null;
        optimizer.zero_grad();
        using var checkpoints = training.ActivationCheckpointing ? ActivationCheckpoints.Begin() : null;
        StepLosses losses;
        using (Arithmetic())
            losses = loss.Compute(batch);
        losses.Total.backward();
        checkpoints?.Backward(Arithmetic);
        return losses;
    }

    private IDisposable Arithmetic() =>
        autocast(model.parameters().First().device.type, bfloat16, training.Precision == Precision.Bf16);

    private RecordedStep? TryRecord(StepBatch batch)
    {
        try
        {
            return RecordedStep.Record(batch, Run, _parameters, _recorded.Values.FirstOrDefault());
        }
        catch (TorchException error)
        {
            _records = false;
            warn($"Steps are not recorded as CUDA graphs, which is slower: {error.Message}");
            return null;
        }
    }
}
