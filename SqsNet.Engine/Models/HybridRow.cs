using SqsNet.Engine.Layers;
using SqsNet.Engine.Layers.Fusion;

namespace SqsNet.Engine.Models;

/// <summary>Two branches and how they meet: SQSNet, or a plain hybrid.</summary>
public sealed record HybridRow
{
    /// <summary>Its name in the registry.</summary>
    public required string Name { get; init; }

    /// <summary>One line for people.</summary>
    public required string Description { get; init; }

    /// <summary>The CNN branch.</summary>
    public required BackboneRow Cnn { get; init; }

    /// <summary>The transformer branch.</summary>
    public required BackboneRow Transformer { get; init; }

    /// <summary>How the branches meet.</summary>
    public required FusionSpec Fusion { get; init; }

    /// <summary>Channels of the fused map.</summary>
    public required int Width { get; init; }

    /// <summary>Side of the images, in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Dropout before the heads, 0 to 1 exclusive.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether it is an SQSNet, with the SQS module and the enhanced head for training; false for a plain hybrid.</summary>
    public bool HasSqsModule { get; init; } = true;

    /// <summary>How images are scaled, where both branches want the same; null where each is given them its own way.</summary>
    public InputNormalization? Normalization =>
        Cnn.Normalization == Transformer.Normalization ? Cnn.Normalization : null;

    /// <summary>Side of the fused map, in locations: the CNN's.</summary>
    public int GridSize => Cnn.GridSize(ImageSize);

    /// <summary>Trainable numbers of the two branches alone.</summary>
    public long CountTrunks() =>
        Cnn.Count(ImageSize, classes: 0).Parameters + Transformer.Count(ImageSize, classes: 0).Parameters;

    /// <summary>Size and arithmetic at inference, which does without the SQS module and the enhanced head.</summary>
    /// <remarks>The enhanced head's parameters are counted: they are trained and saved.</remarks>
    public ModelCost Count(int classes)
    {
        var tally = new CostTally();
        tally.Add(Cnn.Count(ImageSize, classes: 0));
        tally.Add(Transformer.Count(ImageSize, classes: 0));
        var locations = (long)GridSize * GridSize;
        var transformerGrid = (long)Transformer.GridSize(ImageSize);
        if (Fusion.Kind == FusionKind.Concat)
            ConcatFusion.Count(tally, Cnn.Features, Transformer.Features, Width, locations);
        else
            CrossAttentionFusion.Count(
                tally,
                Cnn.Features,
                Transformer.Features,
                Width,
                Fusion,
                locations,
                transformerGrid * transformerGrid
            );
        tally.Linear(Width, classes);
        if (HasSqsModule)
            tally.Linear(Width, classes, tokens: 0);
        return tally.Total;
    }
}
