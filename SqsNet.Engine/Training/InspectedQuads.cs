using SqsNet.Engine.Events;
using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Training;

/// <summary>Chooses the quads whose similarity maps are kept every epoch.</summary>
/// <remarks>
/// A function of the dataset's validation faces alone, not of the seed: every trial of a sweep keeps the same quads, so
/// that their maps can be laid side by side over epochs, seeds and values of a hyperparameter.
/// </remarks>
internal static class InspectedQuads
{
    /// <summary>How many quads are kept.</summary>
    public const int Count = 8;

    private const int Attempts = 64;

    /// <summary>Chooses quads of as many different class triples as there are.</summary>
    /// <param name="faces">Faces to choose from.</param>
    /// <param name="label">Class number of a face.</param>
    /// <returns>
    /// At most <see cref="Count"/> quads; fewer where the faces allow no more, none without a class of two faces and a
    /// second class.
    /// </returns>
    public static IReadOnlyList<InspectedQuad> Choose(IReadOnlyList<int> faces, Func<int, int> label)
    {
        var byClass = faces.GroupBy(label).OrderBy(group => group.Key).ToDictionary(g => g.Key, g => g.ToArray());
        var anchors = byClass.Keys.Where(k => byClass[k].Length >= 2).ToArray();
        if (anchors.Length == 0 || byClass.Count < 2)
            return [];
        var rng = new Rng(0, "inspected quads");
        var quads = new List<InspectedQuad>();
        var triples = new HashSet<(int, int, int)>();
        for (var attempt = 0; attempt < Attempts && quads.Count < Count; attempt++)
        {
            var ofAnchor = anchors[quads.Count % anchors.Length];
            var others = byClass.Keys.Where(k => k != ofAnchor).ToArray();
            rng.Shuffle<int>(others);
            var (first, second) = (others[0], others[^1]);
            if (!triples.Add((ofAnchor, Math.Min(first, second), Math.Max(first, second))))
                continue;
            var own = byClass[ofAnchor].ToArray();
            rng.Shuffle<int>(own);
            quads.Add(
                new(
                    own[0],
                    own[1],
                    rng.Pick(byClass[first]),
                    rng.Pick(byClass[second]),
                    [ofAnchor, ofAnchor, first, second]
                )
            );
        }
        return quads;
    }
}
