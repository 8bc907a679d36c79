using SqsNet.Engine.Data;
using SqsNet.Engine.Models;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;

namespace SqsNet.Web.Forms;

/// <summary>How long a sweep may take at most, and where the number comes from.</summary>
/// <param name="Time">Time until the last trial has trained every epoch; early stopping makes it shorter.</param>
/// <param name="Basis">Where the rate comes from, for people.</param>
public sealed record TimeEstimate(TimeSpan Time, string Basis)
{
    // A pass backward costs about twice the pass forward.
    private const double PassesPerTrainedFace = 3;

    // Multiply-accumulates of inference per second of training on one core, where nothing has been measured: networks
    // from the light to the paper's reached 1.8e9 to 4.5e9 on an AMD EPYC. Says "minutes" or "days" beforehand, no more.
    private const double AssumedMacsPerSecondAndCore = 2.5e9;

    /// <summary>Estimates the time of a valid specification.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="trials">How many trials it makes.</param>
    /// <param name="dataset">Its dataset; null when unknown.</param>
    /// <param name="model">Its model; null when unknown.</param>
    /// <param name="measured">Images per second of earlier trials of this model; null when there are none.</param>
    /// <returns>Null when nothing is known to estimate from.</returns>
    public static TimeEstimate? Of(SweepSpec spec, int trials, DatasetInfo? dataset, ModelInfo? model, double? measured)
    {
        if (dataset is null || (measured is null or <= 0 && model is null))
            return null;
        var (rate, basis) = measured is > 0 and var known
            ? (known, $"at {known:0} images per second, as earlier trials of this model")
            : (Guess(spec, model!), "a rough guess from the model's size; the first trial will tell");
        var faces = Math.Min(dataset.Total(DatasetSplit.Train), spec.Training.FacesPerEpoch ?? int.MaxValue);
        var trained = faces * (spec.Training.Quads == QuadMode.Explicit && spec.Model.SqsModule ? 4.0 : 1.0);
        var evaluated = dataset.Total(DatasetSplit.Validation) / PassesPerTrainedFace;
        var tested = dataset.Total(DatasetSplit.Test) * (1 + spec.Training.Tta) / PassesPerTrainedFace;
        var perTrial = (spec.Training.Epochs * (trained + evaluated) + tested) / rate;
        // Trials at once share the processor: they do not shorten the whole.
        return new(TimeSpan.FromSeconds(Math.Min(perTrial * trials, TimeSpan.MaxValue.TotalSeconds / 2)), basis);
    }

    private static double Guess(SweepSpec spec, ModelInfo model)
    {
        var side = (double)(spec.Model.ImageSize ?? model.DefaultImageSize) / model.DefaultImageSize;
        return AssumedMacsPerSecondAndCore * Environment.ProcessorCount / (Math.Max(1, model.Macs) * side * side);
    }
}
