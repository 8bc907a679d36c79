using SqsNet.Engine.Models;
using SqsNet.Engine.Similarity;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Training;

/// <summary>Computes the maps of quads.</summary>
internal static class QuadMaps
{
    /// <summary>The maps of quads as the network sees them now, in evaluation mode.</summary>
    /// <param name="model">The network.</param>
    /// <param name="images">Normalised faces, shape (4Q, 3, S, S): the anchors, the positives, the first and the second negatives.</param>
    /// <param name="sqs">The SQS module's hyperparameters.</param>
    /// <returns>Q quads.</returns>
    public static IReadOnlyList<SimilarityMaps> Compute(SqsNetModel model, Tensor images, SqsSpec sqs)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var training = model.training;
        model.eval();
        try
        {
            var (map, attention) = model.ForwardMapAndAttention(images);
            var maps = map.chunk(4); // four of (Q, D, H, W)
            var output = model.ForwardQuads(maps[0], maps[1], maps[2], maps[3], sqs);
            var norms = map.square().sum(1).sqrt(); // (4Q, H, W)
            var (height, width) = ((int)output.R.size(1), (int)output.R.size(2));
            return
            [
                .. Enumerable
                    .Range(0, (int)images.size(0) / 4)
                    .Select(q => new SimilarityMaps(
                        height,
                        width,
                        Values(output.SAP, q),
                        Values(output.SAN1, q),
                        Values(output.SAN2, q),
                        Values(output.R, q)
                    )
                    {
                        Norms = OfFaces(norms, q),
                        Attention = attention is null ? [] : OfFaces(attention, q),
                    }),
            ];
        }
        finally
        {
            model.train(training);
        }
    }

    private static float[] Values(Tensor maps, int at) => maps.select(0, at).to(float32).ToArray<float>();

    /// <summary>A quad's four of (4Q, H, W).</summary>
    private static FaceMap[] OfFaces(Tensor maps, int quad)
    {
        var quads = (int)maps.size(0) / 4;
        return
        [
            .. Enumerable
                .Range(0, 4)
                .Select(role => new FaceMap((int)maps.size(1), (int)maps.size(2), Values(maps, (role * quads) + quad))),
        ];
    }
}
