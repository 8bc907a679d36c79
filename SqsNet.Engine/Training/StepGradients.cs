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
    private bool _records = model.parameters().First().device.type == DeviceType.CUDA;

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
        StepLosses losses;
        using (autocast(model.parameters().First().device.type, bfloat16, training.Precision == Precision.Bf16))
            losses = loss.Compute(batch);
        losses.Total.backward();
        return losses;
    }

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
