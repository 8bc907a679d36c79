namespace SqsNet.Engine.Explain;

/// <summary>Where the faces of two classes are alike and where they differ, as a trial's best weights see it.</summary>
/// <param name="Epoch">Epoch of the weights.</param>
/// <param name="Classes">Class names.</param>
/// <param name="Faces">Faces of each class that were looked at.</param>
/// <param name="Height">Rows of a map.</param>
/// <param name="Width">Columns of a map.</param>
/// <param name="Pairs">For each two classes, and each with itself, the mean similarity map.</param>
public sealed record ClassMaps(
    int Epoch,
    IReadOnlyList<string> Classes,
    IReadOnlyList<int> Faces,
    int Height,
    int Width,
    IReadOnlyList<ClassPairMap> Pairs
);

/// <summary>The mean similarity of faces of two classes.</summary>
/// <param name="A">The first class.</param>
/// <param name="B">The second class, not less than the first.</param>
/// <param name="Pairs">Pairs of faces that the mean is of.</param>
/// <param name="Similarity">Mean of S (equation 6) at each location, row by row.</param>
public sealed record ClassPairMap(int A, int B, int Pairs, IReadOnlyList<float[]> Similarity);
