namespace SqsNet.Engine.Explain;

/// <summary>Which quads are looked for.</summary>
/// <param name="Anchor">Class of anchor and positive; null for any.</param>
/// <param name="Negative1">Class of the first negative; null for any other.</param>
/// <param name="Negative2">Class of the second negative; null for any other.</param>
/// <param name="Draw">Number of the draw: another number finds others.</param>
public sealed record QuadSearch(int? Anchor = null, int? Negative1 = null, int? Negative2 = null, int Draw = 0);

/// <summary>A quad, and how hard it is for the network.</summary>
/// <param name="Faces">Indices of A, P, N1 and N2 in the dataset.</param>
/// <param name="Labels">Their classes.</param>
/// <param name="Loss">The quad's loss (equation 10) with the trial's hyperparameters.</param>
public sealed record FoundQuad(IReadOnlyList<int> Faces, IReadOnlyList<int> Labels, double Loss);
