using SqsNet.Engine.Data;
using SqsNet.Engine.Losses;
using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Sweeps;
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
);

/// <summary>The forward pass and the losses of one batch.</summary>
/// <remarks>
/// A batch is either mixed (Mixup or CutMix, soft targets, the base head alone) or clean. A mixed face has two classes
/// and CutMix breaks the correspondence of places, so only a clean batch has quads.
/// </remarks>
/// <param name="model">The network.</param>
/// <param name="spec">Protocol, SQS module, and whether it takes part.</param>
/// <param name="batches">Makes images of faces.</param>
/// <param name="pool">The training faces, for explicit quads.</param>
/// <param name="targetUse">How the dataset's soft targets are learned from.</param>
internal sealed class StepLoss(
    ImageModel model,
    TrialSpec spec,
    BatchBuilder batches,
    FacePool pool,
    TargetUse targetUse = TargetUse.Shares
)
{
    private readonly TrainingSpec _training = spec.Training;
    private readonly Augmentation _augmentation = new();

    /// <summary>Losses of a batch.</summary>
    /// <param name="anchors">The faces.</param>
    /// <param name="rng">The step's own stream.</param>
    public StepLosses Compute(IReadOnlyList<int> anchors, Rng rng)
    {
        var targets = Targets(anchors, rng);
        if (rng.NextBool(_training.MixProbability) && DrawMixing(rng) is { } mixing)
            return Mixed(mixing, anchors, targets, rng);
        if (model is not SqsNetModel network || !spec.Model.SqsModule)
            return Plain(Images(anchors, GeometrySharing.PerFace, rng), targets);
        return _training.Quads == QuadMode.InBatch
            ? QuadsInBatch(network, anchors, targets, rng)
            : QuadsExplicit(network, anchors, targets, rng);
    }

    private StepLosses Mixed(Mixing mixing, IReadOnlyList<int> anchors, StepTargets targets, Rng rng) =>
        Plain(mixing.Apply(Images(anchors, GeometrySharing.PerFace, rng)), targets.Mix(mixing));

    private StepLosses Plain(Tensor images, StepTargets targets)
    {
        var logits = model.call(images); // (B, K)
        var right = targets.For(logits); // (B, K)
        var loss = SoftTargetCrossEntropy.Compute(logits, right);
        return new(loss, loss, null, null, Accuracy(logits, right), (int)images.size(0));
    }

    /// <summary>One forward pass over B faces gives B quads.</summary>
    private StepLosses QuadsInBatch(SqsNetModel network, IReadOnlyList<int> anchors, StepTargets targets, Rng rng)
    {
        int[] labels = [.. anchors.Select(pool.Label)];
        var quads = QuadSampler.InBatch(labels, spec.Sqs.Negatives, rng);
        var images = Images(anchors, GeometrySharing.WholeBatch, rng);
        if (quads is null)
            return Plain(images, targets);
        var map = network.ForwardMap(images); // (B, D, H, W)
        return Quads(
            network,
            [map, At(quads.Positive), At(quads.Negative1), At(quads.Negative2)],
            targets,
            anchors.Count
        );

        Tensor At(int[] positions) =>
            map.index_select(0, tensor<long>(Array.ConvertAll(positions, p => (long)p), map.device));
    }

    /// <summary>Four images for each anchor, the literal way; only the anchor is erased from.</summary>
    private StepLosses QuadsExplicit(SqsNetModel network, IReadOnlyList<int> anchors, StepTargets targets, Rng rng)
    {
        var quads = QuadSampler.Explicit(anchors, pool, spec.Sqs.Negatives, rng);
        if (quads is null)
            return Plain(Images(anchors, GeometrySharing.PerFace, rng), targets);
        int[] faces = [.. quads.Anchor, .. quads.Positive, .. quads.Negative1, .. quads.Negative2];
        var images = batches.Images(faces, _augmentation, GeometrySharing.PerQuad, rng); // (4B, 3, S, S)
        var erased = RandomErasing.Apply(images.narrow(0, 0, anchors.Count), _training.RandomErasing, rng);
        images = cat([erased, images.narrow(0, anchors.Count, 3L * anchors.Count)]);
        return Quads(network, network.ForwardMap(images).chunk(4), targets, faces.Length);
    }

    private StepLosses Quads(SqsNetModel network, Tensor[] maps, StepTargets targets, int images)
    {
        var output = network.ForwardQuads(maps[0], maps[1], maps[2], maps[3], spec.Sqs);
        var right = targets.For(output.Base); // (B, K)
        var loss = SqsNetLoss.Compute(output, right, spec.Sqs, _training.Distillation, targets.For(output.Enhanced));
        return new(
            loss.Total,
            loss.Classification,
            loss.Similarity,
            loss.Distillation,
            Accuracy(output.Base, right),
            images
        );
    }

    // Classes that are drawn anew each time take a stream of their own, so that nothing else of the step depends on it.
    private StepTargets Targets(IReadOnlyList<int> anchors, Rng rng) =>
        targetUse == TargetUse.Any
            ? new(batches.Targets(anchors, 0), targetUse, _training.LabelSmoothing)
            : new(
                batches.Targets(
                    anchors,
                    _training.LabelSmoothing,
                    targetUse == TargetUse.Drawn ? rng.Derive("targets") : null
                ),
                targetUse,
                _training.LabelSmoothing
            );

    private Tensor Images(IReadOnlyList<int> faces, GeometrySharing sharing, Rng rng) =>
        RandomErasing.Apply(batches.Images(faces, _augmentation, sharing, rng), _training.RandomErasing, rng);

    private Mixing? DrawMixing(Rng rng) =>
        Mixing.Draw(_training.Mixup, _training.Cutmix, model.ImageSize, model.ImageSize, rng);

    private static Tensor Accuracy(Tensor logits, Tensor targets) =>
        logits.detach().argmax(1).eq(targets.argmax(1)).to(float32).mean();
}
