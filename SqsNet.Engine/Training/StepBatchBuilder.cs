using SqsNet.Engine.Data;
using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Sweeps;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Training;

/// <summary>Makes what one step learns from: images, targets and quads.</summary>
/// <remarks>
/// A batch is either mixed (Mixup or CutMix, soft targets, the base head alone) or clean. A mixed face has two classes
/// and CutMix breaks the correspondence of places, so only a clean batch has quads.
/// </remarks>
/// <param name="model">The network.</param>
/// <param name="spec">Protocol, SQS module, and whether it takes part.</param>
/// <param name="batches">Makes images of faces.</param>
/// <param name="pool">The training faces, for explicit quads.</param>
/// <param name="targetUse">How the dataset's soft targets are learned from.</param>
internal sealed class StepBatchBuilder(
    ImageModel model,
    TrialSpec spec,
    BatchBuilder batches,
    FacePool pool,
    TargetUse targetUse = TargetUse.Shares
)
{
    private readonly TrainingSpec _training = spec.Training;
    private readonly Augmentation _augmentation = new();

    /// <summary>The batch of a step. Belongs outside of autocast: places of pixels need single precision.</summary>
    /// <param name="anchors">The faces.</param>
    /// <param name="rng">The step's own stream.</param>
    public StepBatch Build(IReadOnlyList<int> anchors, Rng rng)
    {
        var targets = Targets(anchors, rng);
        if (rng.NextBool(_training.MixProbability) && DrawMixing(rng) is { } mixing)
            return new(
                mixing.Apply(Images(anchors, GeometrySharing.PerFace, rng)),
                targets.Mix(mixing),
                QuadLayout.None
            );
        if (model is not SqsNetModel || !spec.Model.SqsModule)
            return new(Images(anchors, GeometrySharing.PerFace, rng), targets, QuadLayout.None);
        return _training.Quads == QuadMode.InBatch
            ? QuadsInBatch(anchors, targets, rng)
            : QuadsInBlocks(anchors, targets, rng);
    }

    private StepBatch QuadsInBatch(IReadOnlyList<int> anchors, StepTargets targets, Rng rng)
    {
        int[] labels = [.. anchors.Select(pool.Label)];
        var quads = QuadSampler.InBatch(labels, spec.Sqs.Negatives, rng);
        var images = Images(anchors, GeometrySharing.WholeBatch, rng);
        if (quads is null)
            return new(images, targets, QuadLayout.None);
        long[] others = [.. quads.Positive, .. quads.Negative1, .. quads.Negative2];
        return new(images, targets, QuadLayout.InBatch, tensor<long>(others, [3, anchors.Count], images.device));
    }

    /// <summary>Four images for each anchor, the literal way; only the anchor is erased from.</summary>
    private StepBatch QuadsInBlocks(IReadOnlyList<int> anchors, StepTargets targets, Rng rng)
    {
        var quads = QuadSampler.Explicit(anchors, pool, spec.Sqs.Negatives, rng);
        if (quads is null)
            return new(Images(anchors, GeometrySharing.PerFace, rng), targets, QuadLayout.None);
        int[] faces = [.. quads.Anchor, .. quads.Positive, .. quads.Negative1, .. quads.Negative2];
        var images = batches.Images(faces, _augmentation, GeometrySharing.PerQuad, rng); // (4B, 3, S, S)
        var erased = RandomErasing.Apply(images.narrow(0, 0, anchors.Count), _training.RandomErasing, rng);
        images = cat([erased, images.narrow(0, anchors.Count, 3L * anchors.Count)]);
        return new(images, targets, QuadLayout.Blocks);
    }

    // Classes that are drawn anew each time take a stream of their own, another for each batch of a step, so that nothing
    // else of the step depends on it.
    private StepTargets Targets(IReadOnlyList<int> anchors, Rng rng) =>
        targetUse == TargetUse.Any
            ? new(batches.Targets(anchors, 0), targetUse, _training.LabelSmoothing)
            : new(
                batches.Targets(
                    anchors,
                    _training.LabelSmoothing,
                    targetUse == TargetUse.Drawn ? rng.Derive("targets", (long)rng.Position) : null
                ),
                targetUse,
                _training.LabelSmoothing
            );

    private Tensor Images(IReadOnlyList<int> faces, GeometrySharing sharing, Rng rng) =>
        RandomErasing.Apply(batches.Images(faces, _augmentation, sharing, rng), _training.RandomErasing, rng);

    private Mixing? DrawMixing(Rng rng) =>
        Mixing.Draw(_training.Mixup, _training.Cutmix, model.ImageSize, model.ImageSize, rng);
}
