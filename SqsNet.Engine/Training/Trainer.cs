using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Training;

/// <summary>Trains one attempt of a trial: <see cref="Fit"/> is the whole loop, top to bottom.</summary>
/// <remarks>
/// Every random draw is a function of the seed, the epoch and the step, libtorch's own generator included. So an attempt
/// that goes on from a checkpoint takes the very steps that an undisturbed one would take: on a CPU bit for bit.
/// </remarks>
internal sealed partial class Trainer : IDisposable
{
    private readonly TrialPlan _plan;
    private readonly TrainingSpec _training;
    private readonly FaceDataset _dataset;
    private readonly Device _device;
    private readonly TrialReporter _reporter;
    private readonly TrialControl _control;
    private readonly Rng _rng;
    private readonly TrialSplits _splits;
    private readonly ImageModel _model;
    private readonly AdamW _optimizer;
    private readonly BatchSampler _sampler;
    private readonly LrSchedule _schedule;
    private readonly StepBatchBuilder _stepBatches;
    private readonly StepGradients _gradients;
    private readonly StepMeter _meter;
    private readonly BatchBuilder _batches;
    private readonly EarlyStopping _stopping;
    private readonly CheckpointStore _checkpoints;
    private readonly MapRecorder? _maps;
    private readonly WeightAverage? _average;
    private TrainingPosition _position;

    /// <summary>Whether every epoch is over, by number or by early stopping.</summary>
    private bool Ended => _position.Epoch > _training.Epochs || _stopping.ShouldStop;

    /// <summary>Trains to the end, to a pause or to a stop.</summary>
    /// <exception cref="TrainingDivergedException">The loss stopped being a number.</exception>
    public TrialOutcome Fit()
    {
        if (_position.Step == 0)
            RecordMaps(epoch: 0);

        while (!Ended)
        {
            var steps = _sampler.Epoch(_position.Epoch).Chunk(_training.Accumulate).ToList();
            _meter.Restart();
            while (_position.StepInEpoch < steps.Count)
            {
                TakeStep(steps[_position.StepInEpoch]);
                if (_control.Request != ControlRequest.None)
                    return Halt();
            }
            if (!EndEpoch())
                return Halt();
        }
        return Finish();
    }

    /// <summary>Frees the model and the optimizer's state.</summary>
    public void Dispose()
    {
        _meter.Dispose();
        _gradients.Dispose();
        _batches.Dispose();
        _average?.Dispose();
        _optimizer.Dispose();
        _model.Dispose();
    }

    /// <summary>One optimizer step: rate, batches, losses and gradients, clip, step, report.</summary>
    private void TakeStep(IReadOnlyList<IReadOnlyList<int>> batches)
    {
        using var scope = NewDisposeScope();
        var draws = _rng.Derive("step", _position.Epoch, _position.StepInEpoch);
        random.manual_seed(unchecked((long)draws.NextUInt64())); // for dropout and drop-path

        var rate = _schedule.Rate(_position.Epoch, _position.StepInEpoch);
        _optimizer.lr = rate;
        if (_training.TrunkLearningRate is { } trunk)
            _optimizer.param_groups[0].lr = rate * trunk / _training.LearningRate;

        var losses = _gradients.Compute(batches.Count, i => _stepBatches.Build(batches[i], draws));
        if (_training.ClipGradNorm is { } largest)
            nn.utils.clip_grad_norm_(_model.parameters(), largest);
        _optimizer.step();

        _position = _position with { StepInEpoch = _position.StepInEpoch + 1, Step = _position.Step + 1 };
        _average?.Update(_model, _position.Step);
        _meter.Add(_position, rate, losses);
    }

    /// <summary>Evaluates, reports, keeps the best weights and a checkpoint, and moves on to the next epoch.</summary>
    /// <returns>False when interrupted: the evaluation is taken up again by the next attempt.</returns>
    private bool EndEpoch()
    {
        _meter.Flush();
        var epoch = _position.Epoch;
        var validation = Evaluate(_splits.Validation);
        if (validation is null)
            return false;

        var metrics = EpochMetrics(validation);
        if (RecordMaps(epoch) is { } maskAuc)
            metrics["val/mask_auc"] = maskAuc;
        var isBest = _stopping.Update(epoch, metrics.GetValueOrDefault(_plan.Spec.Objective.Metric, double.NaN));
        _reporter.Report(new MetricsReported(MetricScope.Epoch, _position.Step, epoch, metrics, isBest));
        if (_splits.Validation.Count > 0)
            _reporter.Report(Confusion("val", epoch, validation));
        if (isBest)
            SaveBest(epoch);

        _meter.Sums = new();
        _position = _position with { Epoch = epoch + 1, StepInEpoch = 0, Best = _stopping.State };
        if (Ended || epoch % _training.CheckpointEvery == 0 || (_training.KeepEvery is { } keep && epoch % keep == 0))
            SaveCheckpoint();
        return true;
    }
}
