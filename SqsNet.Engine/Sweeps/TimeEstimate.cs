using SqsNet.Engine.Data;
using SqsNet.Engine.Models;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Sweeps;

/// <summary>A measured speed of training.</summary>
/// <param name="Model">The network that was trained.</param>
/// <param name="ImagesPerSecond">Faces per second of one trial, forward and backward.</param>
public readonly record struct TrainingSpeed(ModelSpec Model, double ImagesPerSecond);

/// <summary>How long a sweep will take, said before it starts.</summary>
/// <param name="Trials">Number of trials.</param>
/// <param name="SecondsPerTrial">Seconds of an average trial that trains every epoch.</param>
/// <param name="Seconds">Seconds of the whole sweep.</param>
/// <param name="IsMeasured">Whether it follows from trials on this machine; otherwise from arithmetic alone, and may be off by a factor of three.</param>
public sealed record TimeEstimate(int Trials, double SecondsPerTrial, double Seconds, bool IsMeasured)
{
    /// <summary>
    /// Multiply-accumulates of inference per second of training on one processor core, where nothing has been measured.
    /// </summary>
    /// <remarks>
    /// Small networks spend their time on memory, not on products: on two cores of an AMD EPYC (Zen 3) the light
    /// network trained 20 faces a second at 0.18 GMACs, the paper's 0.73 at 12.3 GMACs, that is 1.8 and 4.5 GMACs per second and core.
    /// </remarks>
    public const double MacsPerSecondAndCore = 2.5e9;

    // A pass over validation is a forward pass without gradients: about a third of a training step.
    private const double EvaluationShare = 1.0 / 3;

    /// <summary>Estimates a valid specification's time.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="dataset">Its dataset.</param>
    /// <param name="speeds">What recent trials of this machine reached (train/images_per_second), newest first; may be empty.</param>
    /// <param name="cores">Processor cores.</param>
    /// <remarks>
    /// A measured speed counts for its own model as it is, and for others by the ratio of multiply-accumulates. Early
    /// stopping and pruning are not foreseen, so the estimate is the longest the sweep will take. Parallel trials share
    /// the processor: they do not shorten it. Of adaptive strategies the sweep's own values stand for all configurations.
    /// </remarks>
    public static TimeEstimate Of(SweepSpec spec, DatasetInfo dataset, IReadOnlyList<TrainingSpeed> speeds, int cores)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cores, 1);
        var configurations = SweepPlan.CountConfigurations(spec);
        var trials = SweepPlan.CountTrials(spec);
        var preview = SweepPlan.Preview(spec);
        var perTrial =
            preview.Count > 0
                ? preview.Average(assignment => Trial(SpecPath.Trial(spec, assignment, spec.Seeds[0])))
                : Trial(SpecPath.Base(spec, spec.Seeds[0]));
        return new(trials, perTrial, perTrial * configurations * spec.Seeds.Count, speeds.Count > 0);

        double Trial(TrialSpec trial) => Images(trial, dataset) / Speed(trial.Model, dataset, speeds, cores);
    }

    /// <summary>Faces that a trial passes through the network, evaluations counted by their cost.</summary>
    private static double Images(TrialSpec trial, DatasetInfo dataset)
    {
        var training = trial.Training;
        var all = dataset.Total(DatasetSplit.Train);
        var validation = (double)dataset.Total(DatasetSplit.Validation);
        if (validation == 0)
            (validation, all) = (all * training.ValidationFraction, (int)(all * (1 - training.ValidationFraction)));
        var faces = Math.Min(training.FacesPerEpoch ?? int.MaxValue, all);
        var loaded = training.Quads == QuadMode.Explicit ? 4.0 * faces : faces;
        var final = dataset.Total(DatasetSplit.Test) * training.Tta;
        return (training.Epochs * (loaded + (EvaluationShare * validation))) + (EvaluationShare * final);
    }

    private static double Speed(ModelSpec model, DatasetInfo dataset, IReadOnlyList<TrainingSpeed> speeds, int cores)
    {
        var macs = Macs(model, dataset);
        foreach (var speed in speeds)
            if (Macs(speed.Model, dataset) == macs)
                return speed.ImagesPerSecond;
        return speeds.Count > 0
            ? speeds[0].ImagesPerSecond * Macs(speeds[0].Model, dataset) / macs
            : MacsPerSecondAndCore * cores / macs;
    }

    private static double Macs(ModelSpec model, DatasetInfo dataset) =>
        ModelRegistry.Count(model, dataset.Classes.Count).Macs;
}
