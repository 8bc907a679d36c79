using SqsNet.Engine.Data;
using SqsNet.Engine.Evaluation;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Sweeps;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Training;

/// <content>What the loop is made of: building, resuming, saving.</content>
internal sealed partial class Trainer
{
    private const string ModelPrefix = "model.";
    private const string OptimizerPrefix = "optimizer.";
    private const string AveragePrefix = "average.";

    /// <summary>Builds the network and everything around it, and goes on from a checkpoint in the plan's folder.</summary>
    /// <exception cref="InvalidDataException">Every checkpoint is damaged.</exception>
    /// <exception cref="StateDictException">The checkpoint is of another network.</exception>
    /// <exception cref="FileNotFoundException">There are no pretrained weights of the name that is given.</exception>
    public Trainer(
        TrialPlan plan,
        FaceDataset dataset,
        Device device,
        string weightsDirectory,
        TrialReporter reporter,
        TrialControl control
    )
    {
        var spec = plan.Spec;
        Directory.CreateDirectory(plan.Folder);
        _plan = plan;
        _training = spec.Training;
        _dataset = dataset;
        _device = device;
        _reporter = reporter;
        _control = control;
        if (ObjectiveRules.Problem(spec.Objective, dataset.Info) is { } problem)
            throw new InvalidSpecException([new("objective.metric", problem)]);
        _rng = new Rng(spec.Seed, "training");
        _splits = TrialSplits.Of(dataset, _training.ValidationFraction);
        var pool = new FacePool(_splits.Train, dataset.Label);
        _sampler = new BatchSampler(pool, _training.BatchSize, spec.Seed, _training.FacesPerEpoch, _training.Sampling);
        _checkpoints = new CheckpointStore(Path.Combine(plan.Folder, CheckpointStore.FolderName), _training.KeepEvery);

        _model = ModelRegistry.Create(spec.Model, spec.Sqs, dataset.Info.Classes.Count, new Rng(spec.Seed, "weights"));
        _model.to(device);
        if (device.type == DeviceType.CUDA)
            _model.to(channels_last); // the order in which a GPU's matrix units take convolutions
        _optimizer = CreateOptimizer();
        _batches = new BatchBuilder(dataset, _model.ImageSize, device, _model.Normalization);
        if (device.type == DeviceType.CUDA && !_batches.MakeResident())
            _reporter.Info(
                "The faces would take more than a quarter of the GPU's free memory: batches are gathered from the mapped file."
            );
        _meter = new StepMeter(reporter, _training, device, () => _batches.Elapsed);
        _stepBatches = new StepBatchBuilder(_model, spec, _batches, pool, dataset.Info.TargetUse);
        _gradients = new StepGradients(_model, new StepLoss(_model, spec), _optimizer, _training, reporter.Warn);
        if (_training.EmaDecay is { } decay)
            _average = new WeightAverage(_model, decay);

        _position = Resume();
        var stepsPerEpoch = Math.DivRem(_sampler.BatchesPerEpoch - 1, _training.Accumulate).Quotient + 1;
        _schedule = new LrSchedule(_training, stepsPerEpoch, _position.Warmup);
        _meter.Sums = _position.Sums;
        _stopping = new EarlyStopping(
            spec.Objective,
            _splits.Validation.Count > 0 ? _training.EarlyStopping?.Patience : null,
            _position.Best
        );
        if (_position.Step == 0 && spec.Model.Pretrained is { } pretrained)
            foreach (var loaded in PretrainedWeights.Load(_model, weightsDirectory, pretrained))
                _reporter.Info(loaded.Describe());
        // From the weights that training starts with, which are known only now.
        if (_average is not null && _position.Step == 0)
        {
            using var scope = NewDisposeScope();
            _average.Load(_model.state_dict());
        }
        _maps = ChooseQuads();
        if (_splits.Validation.Count == 0 && _position.Step == 0)
            _reporter.Warn(
                "There are no validation faces: the last epoch's weights are kept, and nothing ends training early."
            );
    }

    /// <summary>The end of an attempt that was asked to halt.</summary>
    public static TrialOutcome Outcome(ControlRequest request) =>
        new(
            request switch
            {
                ControlRequest.Stop => TrialState.Stopped,
                ControlRequest.Prune => TrialState.Pruned,
                _ => TrialState.Paused,
            }
        );

    private string BestPath => Path.Combine(_plan.Folder, BestWeights.FileName);

    private TrainingPosition Resume()
    {
        using var scope = NewDisposeScope();
        if (_checkpoints.Load(_reporter.Warn) is not { } checkpoint)
        {
            if (_plan.Attempt > 1)
                _reporter.Info("There is no checkpoint to go on from: trains from the start.");
            return new();
        }
        if (checkpoint.Position.DatasetHash is { Length: > 0 } hash && hash != _dataset.Info.Hash)
            throw new DatasetException(
                $"The dataset '{_dataset.Info.Name}' has other faces, labels or splits than when this trial was trained on it: what it has learned from may be among its validation and test faces now. Import the old one again under this name, or start a new trial."
            );
        _model.load_state_dict(Named(checkpoint, ModelPrefix));
        _optimizer.load_state_dict(Named(checkpoint, OptimizerPrefix));
        // A fork that begins to average starts from the weights of its parent.
        var averaged = Named(checkpoint, AveragePrefix);
        _average?.Load(averaged.Count > 0 ? averaged : Named(checkpoint, ModelPrefix));
        _reporter.SecondsBefore = checkpoint.Position.Seconds;
        _reporter.Info(
            $"Goes on from the checkpoint of step {checkpoint.Position.Step} (epoch {checkpoint.Position.Epoch})."
        );
        return checkpoint.Position;

        static Dictionary<string, Tensor> Named(Checkpoint checkpoint, string prefix) =>
            checkpoint
                .Tensors.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);
    }

    private TrialOutcome Halt()
    {
        _meter.Flush();
        SaveCheckpoint();
        return Outcome(_control.Request);
    }

    private void SaveCheckpoint()
    {
        using var scope = NewDisposeScope();
        var tensors = _model
            .state_dict()
            .Select(pair => (ModelPrefix + pair.Key, pair.Value))
            .Concat(_optimizer.state_dict().Select(pair => (OptimizerPrefix + pair.Key, pair.Value)))
            .Concat(
                (_average?.Weights ?? new Dictionary<string, Tensor>()).Select(pair =>
                    (AveragePrefix + pair.Key, pair.Value)
                )
            );
        _position = _position with
        {
            Seconds = _reporter.Seconds,
            Sums = _meter.Sums,
            DatasetHash = _dataset.Info.Hash,
            Warmup = _schedule.WarmupBehind(_position.Epoch, _position.StepInEpoch),
        };
        _checkpoints.Save(_position, tensors);
    }

    private void SaveBest(int epoch) => SaveWeights(BestPath, epoch, _stopping.State.BestValue);

    private void SaveWeights(string path, int epoch, double? value)
    {
        var info = new WeightsInfo
        {
            Model = ModelRegistry.Resolve(_plan.Spec.Model),
            Sqs = _plan.Spec.Sqs,
            Dataset = _dataset.Info.Name,
            DatasetHash = _dataset.Info.Hash,
            FaceWidth = _dataset.Info.Width,
            FaceHeight = _dataset.Info.Height,
            FaceChannels = _dataset.Info.Channels,
            Classes = _dataset.Info.Classes,
            ValidationFraction = _training.ValidationFraction,
            Epoch = epoch,
            Step = _position.Step,
            Metric = _plan.Spec.Objective.Metric,
            Value = value,
        };
        var bytes = BestWeights.Save(path, _model, info);
        _reporter.Report(new ArtifactSaved("weights", epoch, Path.GetFileName(path), bytes));
    }

    /// <summary>One group of parameters, or trunks and the rest where the trunks have a rate of their own.</summary>
    private AdamW CreateOptimizer()
    {
        if (_training.TrunkLearningRate is not { } trunk)
            return optim.AdamW(_model.parameters(), _training.LearningRate, weight_decay: _training.WeightDecay);
        var parts = _model.named_parameters().ToLookup(pair => _model.IsTrunk(pair.name), pair => pair.parameter);
        return optim.AdamW(
            [new ParameterGroup(parts[true]) { lr = trunk }, new ParameterGroup(parts[false])],
            _training.LearningRate,
            weight_decay: _training.WeightDecay
        );
    }

    private MapRecorder? ChooseQuads()
    {
        if (_model is not SqsNetModel network)
            return null;
        var faces = _splits.Validation.Count > 0 ? _splits.Validation : _splits.Train;
        var quads = InspectedQuads.Choose(faces, _dataset.Label);
        if (quads.Count == 0)
            return null;
        // A fork starts past step 0, and its quads have not been told before.
        if (_position.Step == 0 || _plan.Attempt == 1)
            _reporter.Report(new QuadsChosen(_dataset.Info.Name, quads));
        return new MapRecorder(network, _dataset, _batches, quads, _plan.Spec.Sqs, _plan.Folder);
    }

    /// <summary>Keeps the maps of the inspected quads; tells how well R finds the masks of faces that have some.</summary>
    private double? RecordMaps(int epoch)
    {
        if (_maps is null)
            return null;
        var (file, maskAuc) = _maps.Record(epoch);
        _reporter.Report(file);
        return maskAuc;
    }

    private EvaluationResult? Evaluate(IReadOnlyList<int> faces, int views = 1) =>
        Evaluator.Evaluate(_model, _batches, faces, views, () => _control.Request != ControlRequest.None);

    private Dictionary<string, double> EpochMetrics(EvaluationResult validation)
    {
        var metrics = new Dictionary<string, double>();
        if (_splits.Validation.Count > 0)
        {
            foreach (
                var (name, value) in SplitMetrics.Of(
                    "val",
                    validation.Confusion,
                    validation.Loss,
                    _dataset.Info.Classes
                )
            )
                metrics[name] = value;
        }
        // The curves of training metrics have a point per step; the mean of the epoch stands beside them only where it
        // decides which epoch is best.
        var objective = _plan.Spec.Objective.Metric;
        if (_meter.Sums.Means().TryGetValue(objective, out var mean))
            metrics[objective] = mean;
        // Of the device, not of the trial: trials that run side by side share it.
        metrics["system/memory_bytes"] =
            _device.type == DeviceType.CPU
                ? TorchRuntime.CpuBytesPeak
                : cuda.memory_stats(Math.Max(_device.index, 0)).PeakAllocated;
        return metrics;
    }

    private ConfusionReported Confusion(string split, int epoch, EvaluationResult result) =>
        new(split, epoch, _dataset.Info.Classes, result.Confusion.ToCounts());
}
