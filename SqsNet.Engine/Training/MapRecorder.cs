using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Models;
using SqsNet.Engine.Similarity;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Training;

/// <summary>Writes the similarity maps of the inspected quads.</summary>
/// <param name="model">The network; the fused map is what quads are compared on.</param>
/// <param name="dataset">The faces, with their masks where there are any.</param>
/// <param name="batches">Makes normalised images of faces.</param>
/// <param name="quads">The quads, one or more.</param>
/// <param name="sqs">The SQS module's hyperparameters.</param>
/// <param name="folder">The trial's folder.</param>
internal sealed class MapRecorder(
    SqsNetModel model,
    FaceDataset dataset,
    BatchBuilder batches,
    IReadOnlyList<InspectedQuad> quads,
    SqsSpec sqs,
    string folder
)
{
    /// <summary>Computes and writes the maps as they are now, in evaluation mode.</summary>
    /// <param name="epoch">1-based epoch; 0 is before training.</param>
    /// <returns>The file, and where faces have masks how well R finds them: the mean AUC over the quads.</returns>
    public (ArtifactSaved File, double? MaskAuc) Record(int epoch)
    {
        var relative = SimilarityMapsFile.RelativePath(epoch);
        var path = Path.Combine(folder, relative);
        var maps = Compute();
        SimilarityMapsFile.Write(path, maps);
        return (new("maps", epoch, relative, new FileInfo(path).Length), dataset.Info.HasMasks ? MaskAuc(maps) : null);
    }

    private double? MaskAuc(IReadOnlyList<SimilarityMaps> maps)
    {
        var (height, width) = (dataset.Info.Height, dataset.Info.Width);
        return quads
            .Select(
                (quad, q) =>
                    MaskOverlap.Auc(maps[q].R, maps[q].Height, maps[q].Width, dataset.Mask(quad.Anchor), height, width)
            )
            .Average();
    }

    private IReadOnlyList<SimilarityMaps> Compute()
    {
        using var scope = NewDisposeScope();
        int[] faces =
        [
            .. quads.Select(q => q.Anchor),
            .. quads.Select(q => q.Positive),
            .. quads.Select(q => q.Negative1),
            .. quads.Select(q => q.Negative2),
        ];
        return QuadMaps.Compute(model, batches.Images(faces), sqs);
    }
}
