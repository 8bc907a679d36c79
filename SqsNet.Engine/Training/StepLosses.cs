using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Training;

/// <summary>Losses and accuracy of one step, each a scalar tensor on the training device; absent parts are null.</summary>
/// <param name="Total">What is minimised.</param>
/// <param name="Classification">Its cross-entropy part.</param>
/// <param name="Similarity">Quad loss, not weighted; null on a batch without quads.</param>
/// <param name="Distillation">Distillation, not weighted; null on a batch without quads.</param>
/// <param name="Accuracy">Share of anchors whose likeliest class is that of their target.</param>
/// <param name="Images">Images that went through the network.</param>
internal sealed record StepLosses(
    Tensor Total,
    Tensor Classification,
    Tensor? Similarity,
    Tensor? Distillation,
    Tensor Accuracy,
    int Images
)
{
    /// <summary>The tensors that are there.</summary>
    public IEnumerable<Tensor> Present =>
        new[] { Total, Classification, Similarity, Distillation, Accuracy }.OfType<Tensor>();

    /// <summary>The same with each tensor changed.</summary>
    public StepLosses Map(Func<Tensor, Tensor> change) =>
        new(
            change(Total),
            change(Classification),
            Similarity is null ? null : change(Similarity),
            Distillation is null ? null : change(Distillation),
            change(Accuracy),
            Images
        );

    /// <summary>Means over the batches of a step; those of quads over the batches that have them.</summary>
    public static StepLosses Mean(IReadOnlyList<StepLosses> batches)
    {
        return new(
            Of(batch => batch.Total)!,
            Of(batch => batch.Classification)!,
            Of(batch => batch.Similarity),
            Of(batch => batch.Distillation),
            Of(batch => batch.Accuracy)!,
            batches.Sum(batch => batch.Images)
        );

        Tensor? Of(Func<StepLosses, Tensor?> part) =>
            batches.Select(part).OfType<Tensor>().ToList() is { Count: > 0 } values ? stack([.. values]).mean() : null;
    }
}
