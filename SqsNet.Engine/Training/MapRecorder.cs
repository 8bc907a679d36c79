using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Models;
using SqsNet.Engine.Similarity;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Training;

/// <summary>Writes the similarity maps of the inspected quads.</summary>
/// <param name="model">The network; the fused map is what quads are compared on.</param>
/// <param name="batches">Makes normalised images of faces.</param>
/// <param name="quads">The quads, one or more.</param>
/// <param name="sqs">The SQS module's hyperparameters.</param>
/// <param name="folder">The trial's folder.</param>
internal sealed class MapRecorder(
    SqsNetModel model,
    BatchBuilder batches,
    IReadOnlyList<InspectedQuad> quads,
    SqsSpec sqs,
    string folder
)
{
    /// <summary>Computes and writes the maps as they are now, in evaluation mode.</summary>
    /// <param name="epoch">1-based epoch; 0 is before training.</param>
    public ArtifactSaved Record(int epoch)
    {
        var relative = SimilarityMapsFile.RelativePath(epoch);
        var path = Path.Combine(folder, relative);
        SimilarityMapsFile.Write(path, Compute());
        return new("maps", epoch, relative, new FileInfo(path).Length);
    }

    private SimilarityMaps[] Compute()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var training = model.training;
        model.eval();
        try
        {
            int[] faces =
            [
                .. quads.Select(q => q.Anchor),
                .. quads.Select(q => q.Positive),
                .. quads.Select(q => q.Negative1),
                .. quads.Select(q => q.Negative2),
            ];
            var maps = model.ForwardMap(batches.Images(faces)).chunk(4); // four of (Q, D, H, W)
            var output = model.ForwardQuads(maps[0], maps[1], maps[2], maps[3], sqs);
            var (height, width) = ((int)output.R.size(1), (int)output.R.size(2));
            return
            [
                .. Enumerable
                    .Range(0, quads.Count)
                    .Select(q => new SimilarityMaps(
                        height,
                        width,
                        output.SAP.select(0, q).ToArray<float>(),
                        output.SAN1.select(0, q).ToArray<float>(),
                        output.SAN2.select(0, q).ToArray<float>(),
                        output.R.select(0, q).ToArray<float>()
                    )),
            ];
        }
        finally
        {
            model.train(training);
        }
    }
}
