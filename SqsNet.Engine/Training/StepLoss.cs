using SqsNet.Engine.Losses;
using SqsNet.Engine.Models;
using SqsNet.Engine.Sweeps;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Training;

/// <summary>The forward pass and the losses of one batch. Nothing here waits for the device or draws on the host.</summary>
/// <param name="model">The network.</param>
/// <param name="spec">Protocol and SQS module.</param>
internal sealed class StepLoss(ImageModel model, TrialSpec spec)
{
    /// <summary>Losses of a batch.</summary>
    public StepLosses Compute(StepBatch batch)
    {
        if (batch.Layout == QuadLayout.None || model is not SqsNetModel network)
            return Plain(batch);
        var map = network.ForwardMap(batch.Images); // (N, D, H, W)
        return Quads(network, batch.Others is null ? map.chunk(4) : [map, Other(0), Other(1), Other(2)], batch);

        Tensor Other(int row) => map.index_select(0, batch.Others[row]); // (B, D, H, W)
    }

    private StepLosses Plain(StepBatch batch)
    {
        var logits = model.call(batch.Images); // (B, K)
        var right = batch.Targets.For(logits); // (B, K)
        var loss = SoftTargetCrossEntropy.Compute(logits, right);
        return new(loss, loss, null, null, Accuracy(logits, right), (int)batch.Images.size(0));
    }

    private StepLosses Quads(SqsNetModel network, Tensor[] maps, StepBatch batch)
    {
        var output = network.ForwardQuads(maps[0], maps[1], maps[2], maps[3], spec.Sqs);
        var right = batch.Targets.For(output.Base); // (B, K)
        var loss = SqsNetLoss.Compute(
            output,
            right,
            spec.Sqs,
            spec.Training.Distillation,
            batch.Targets.For(output.Enhanced)
        );
        return new(
            loss.Total,
            loss.Classification,
            loss.Similarity,
            loss.Distillation,
            Accuracy(output.Base, right),
            (int)batch.Images.size(0)
        );
    }

    private static Tensor Accuracy(Tensor logits, Tensor targets) =>
        logits.detach().argmax(1).eq(targets.argmax(1)).to(float32).mean();
}
