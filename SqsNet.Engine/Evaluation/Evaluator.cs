using SqsNet.Engine.Data;
using SqsNet.Engine.Models;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Evaluation;

/// <summary>What a model made of a list of faces.</summary>
/// <param name="Confusion">Counts of true against predicted classes.</param>
/// <param name="Loss">Mean cross-entropy of the base head against the hard labels, in nats.</param>
/// <param name="Predictions">The likeliest class of each face, in the order of the list.</param>
public sealed record EvaluationResult(ConfusionMatrix Confusion, double Loss, IReadOnlyList<int> Predictions);

/// <summary>Runs a model over faces without learning from them.</summary>
/// <remarks>Only the base head is used: the enhanced head and the SQS module exist for training alone.</remarks>
internal static class Evaluator
{
    // Pixels of a batch: large enough to keep every core busy, small enough for the activations of the widest model.
    private const long CpuPixels = 128L * 64 * 64;
    private const long GpuPixels = 256L * 224 * 224;
    private const int LargestBatch = 512;

    /// <summary>Evaluates a model on faces, in evaluation mode and without gradients; its mode is restored.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batches">Makes normalised images of faces.</param>
    /// <param name="faces">Indices into the dataset.</param>
    /// <param name="views">1, or 5 for test-time augmentation.</param>
    /// <param name="interrupted">Asked before each batch; true gives up.</param>
    /// <returns>The result; null when interrupted.</returns>
    public static EvaluationResult? Evaluate(
        ImageModel model,
        BatchBuilder batches,
        IReadOnlyList<int> faces,
        int views = 1,
        Func<bool>? interrupted = null
    )
    {
        var confusion = new ConfusionMatrix(model.Classes);
        var all = new List<int>(faces.Count);
        var loss = 0.0;
        var training = model.training;
        model.eval();
        try
        {
            using var noGrad = no_grad();
            var size = BatchSize(model.ImageSize, model.parameters().First().device);
            foreach (var chunk in faces.Chunk(size))
            {
                if (interrupted?.Invoke() == true)
                    return null;
                using var scope = NewDisposeScope();
                var images = batches.Images(chunk); // (B, 3, S, S)
                var labels = batches.Labels(chunk); // (B)
                var logProbabilities = LogProbabilities(model, images, views); // (B, K)
                loss += nn.functional.nll_loss(logProbabilities, labels, reduction: Reduction.Sum).ToDouble();
                var truths = labels.ToArray<long>();
                var predictions = logProbabilities.argmax(1).ToArray<long>();
                for (var i = 0; i < truths.Length; i++)
                {
                    confusion.Add((int)truths[i], (int)predictions[i]);
                    all.Add((int)predictions[i]);
                }
            }
        }
        finally
        {
            model.train(training);
        }
        return new(confusion, faces.Count == 0 ? double.NaN : loss / faces.Count, all);
    }

    private static Tensor LogProbabilities(ImageModel model, Tensor images, int views)
    {
        var logits = TestTimeAugmentation.Views(images, views).Select(model.call).ToArray();
        return views == 1 ? nn.functional.log_softmax(logits[0], -1) : TestTimeAugmentation.Average(logits).log();
    }

    private static int BatchSize(int imageSize, Device device)
    {
        var pixels = device.type == DeviceType.CPU ? CpuPixels : GpuPixels;
        return (int)Math.Clamp(pixels / ((long)imageSize * imageSize), 1, LargestBatch);
    }
}
