using System.Text.RegularExpressions;
using SqsNet.Engine.Models;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Sweeps;

/// <summary>The rules of a single trial: a range for every number, and what must fit together.</summary>
/// <remarks>
/// Ranges are wide: they refuse what can only be a slip (a temperature of 0, a learning rate of 10, a batch without
/// room for a pair), never what somebody could want to know. NaN is in no range.
/// </remarks>
public static partial class TrialSpecValidation
{
    /// <summary>Smallest temperature: with features of length 1, S = exp(-4 / 0.001) is already 0 for any difference.</summary>
    public const double SmallestTau = 1e-3;

    /// <summary>Every problem of a trial's specification, each with its path; empty when it can be trained.</summary>
    public static IReadOnlyList<ConfigError> Validate(this TrialSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var errors = new List<ConfigError>();
        CheckDataset(spec.Dataset, new(errors));
        CheckModel(spec.Model, errors);
        CheckTraining(spec.Training, new(errors));
        CheckSqs(spec.Sqs, new(errors));
        CheckQuads(spec, new(errors));
        ObjectiveRules.Check(spec.Objective, new(errors));
        return errors;
    }

    private static void CheckDataset(string dataset, SpecRange range)
    {
        if (!DatasetName().IsMatch(dataset))
            range.Add(
                "dataset",
                "must be the name of a registered dataset: 1 to 100 lower-case letters, digits, '-' and '_'"
            );
    }

    private static void CheckModel(ModelSpec model, List<ConfigError> errors)
    {
        if (model.Pretrained is { } pretrained)
            new SpecRange(errors).Text("model.pretrained", pretrained, 1_000);
        errors.AddRange(ModelRegistry.Validate(model));
    }

    private static void CheckTraining(TrainingSpec training, SpecRange range)
    {
        range.Between("training.epochs", training.Epochs, 1, 10_000);
        range.Between("training.batchSize", training.BatchSize, 2, 8_192);
        range.Between("training.learningRate", training.LearningRate, 1e-9, 1);
        range.Between("training.minLearningRate", training.MinLearningRate, 0, 1);
        if (training.MinLearningRate > training.LearningRate)
            range.Add(
                "training.minLearningRate",
                $"must not be above the learning rate {SpecRange.Show(training.LearningRate)}; it is {SpecRange.Show(training.MinLearningRate)}"
            );
        if (training.TrunkLearningRate is { } trunk)
            range.Between("training.trunkLearningRate", trunk, 1e-9, 1);
        if (training.EmaDecay is { } decay)
            range.Between("training.emaDecay", decay, 0.5, 0.99999);
        range.Between("training.accumulate", training.Accumulate, 1, 1_000);
        range.Between("training.weightDecay", training.WeightDecay, 0, 1);
        range.Between("training.schedule.period", training.Schedule.Period, 1, 10_000);
        range.Between("training.schedule.periodMultiplier", training.Schedule.PeriodMultiplier, 1, 10);
        range.Below("training.warmup", training.Warmup, 0, 1);
        if (training.ClipGradNorm is { } norm)
            range.Between("training.clipGradNorm", norm, 1e-6, 1e6);
        range.ZeroOr("training.mixup", training.Mixup, 1e-2, 100);
        range.ZeroOr("training.cutmix", training.Cutmix, 1e-2, 100);
        range.Between("training.mixProbability", training.MixProbability, 0, 1);
        range.Between("training.randomErasing", training.RandomErasing, 0, 1);
        range.Below("training.labelSmoothing", training.LabelSmoothing, 0, 1);
        range.Between("training.distillation.weight", training.Distillation.Weight, 0, 1_000);
        range.Between("training.distillation.temperature", training.Distillation.Temperature, 1e-2, 1_000);
        if (training.EarlyStopping is { } stopping)
            range.Between("training.earlyStopping.patience", stopping.Patience, 1, 10_000);
        if (training.Tta is not (1 or 5))
            range.Add("training.tta", $"must be 1 (the face alone) or 5 views; it is {training.Tta}");
        range.Between("training.checkpointEvery", training.CheckpointEvery, 1, 10_000);
        if (training.KeepEvery is { } keep)
            range.Between("training.keepEvery", keep, 1, 10_000);
        range.Between("training.validationFraction", training.ValidationFraction, 0, 0.5);
        if (training.FacesPerEpoch is { } faces && faces < training.BatchSize)
            range.Add(
                "training.facesPerEpoch",
                $"must be at least the batch size {training.BatchSize}; it is {faces}. Leave it out to take all"
            );
    }

    private static void CheckSqs(SqsSpec sqs, SpecRange range)
    {
        range.Between("sqs.tau", sqs.Tau, SmallestTau, 1e6);
        range.Between("sqs.alpha", sqs.Alpha, 0, 100);
        range.Between("sqs.beta", sqs.Beta, 0, 100);
        range.Between("sqs.gamma", sqs.Gamma, 0, 100);
        range.Between("sqs.margin", sqs.Margin, 0, 10);
        range.Between("sqs.lambda", sqs.Lambda, 0, 1_000);
    }

    // A batch has two faces of each class that it has: below four that is one class, and no quad ever.
    private static void CheckQuads(TrialSpec spec, SpecRange range)
    {
        var training = spec.Training;
        if (
            training is { Quads: QuadMode.InBatch, Sampling: not Sampling.Weighted, BatchSize: 2 or 3 }
            && ModelRegistry.Resolve(spec.Model).SqsModule
        )
            range.Add(
                "training.batchSize",
                $"must be 4 or more, or there are no quads within the batch; it is {training.BatchSize}. Smaller batches need training.quads \"explicit\""
            );
    }

    [GeneratedRegex("^[a-z0-9_-]{1,100}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DatasetName();
}
