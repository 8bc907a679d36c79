namespace SqsNet.Engine.Training;

/// <summary>What the SQS module computes for one quad: three similarity maps and the refinement map, row by row.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="SAP">Similarity of anchor and positive at each location, 0 to 1 (equation 6).</param>
/// <param name="SAN1">Similarity of anchor and first negative.</param>
/// <param name="SAN2">Similarity of anchor and second negative.</param>
/// <param name="R">The refinement map (equation 7); signed.</param>
public sealed record SimilarityMaps(int Height, int Width, float[] SAP, float[] SAN1, float[] SAN2, float[] R)
{
    /// <summary>Lengths of the fused features at each location, of A, P, N1 and N2; empty where they were not kept.</summary>
    public IReadOnlyList<FaceMap> Norms { get; init; } = [];

    /// <summary>
    /// How much the CNN's locations look at each of the transformer's, of A, P, N1 and N2: 1 is an even look. Empty without
    /// cross-attention, or where it was not kept.
    /// </summary>
    public IReadOnlyList<FaceMap> Attention { get; init; } = [];
}

/// <summary>A map of one face.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Values">One number for each location, row by row.</param>
public sealed record FaceMap(int Height, int Width, float[] Values);
