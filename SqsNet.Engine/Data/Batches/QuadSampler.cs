using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;

namespace SqsNet.Engine.Data;

/// <summary>Quads: anchor i goes with positive i and negatives i.</summary>
/// <param name="Anchor">The anchors.</param>
/// <param name="Positive">A face of the anchor's class for each.</param>
/// <param name="Negative1">A face of another class for each.</param>
/// <param name="Negative2">A face of another class for each.</param>
public sealed record QuadIndices(int[] Anchor, int[] Positive, int[] Negative1, int[] Negative2)
{
    /// <summary>Number of quads.</summary>
    public int Count => Anchor.Length;
}

/// <summary>Finds a positive and two negatives for every anchor.</summary>
/// <remarks>
/// The class of a negative is drawn first, then the face, so that common classes are not most of the negatives
/// (<see cref="NegativeChoice.Any"/> draws the face alone). Where what is asked for does not exist, the nearest thing that
/// does is taken: an anchor without another face of its class is its own positive; two negatives come from one class where
/// there is only one other; they are the same face where it is the only one. Without any other class there are no quads.
/// </remarks>
public static class QuadSampler
{
    /// <summary>Quads within a batch: every face is an anchor once.</summary>
    /// <param name="labels">Class numbers of the batch's faces.</param>
    /// <param name="negatives">Which classes the negatives come from.</param>
    /// <param name="rng">The stream to draw from.</param>
    /// <returns>Positions in the batch, or null where the batch has fewer than two classes.</returns>
    public static QuadIndices? InBatch(IReadOnlyList<int> labels, NegativeChoice negatives, Rng rng)
    {
        var positions = Enumerable.Range(0, labels.Count).ToArray();
        return Explicit(positions, new FacePool(positions, i => labels[i]), negatives, rng);
    }

    /// <summary>Quads over all training faces.</summary>
    /// <param name="anchors">The anchors: faces of the pool.</param>
    /// <param name="pool">The training faces.</param>
    /// <param name="negatives">Which classes the negatives come from.</param>
    /// <param name="rng">The stream to draw from.</param>
    /// <returns>Faces of the pool, or null where it has fewer than two classes.</returns>
    /// <exception cref="KeyNotFoundException">An anchor is not in the pool.</exception>
    public static QuadIndices? Explicit(IReadOnlyList<int> anchors, FacePool pool, NegativeChoice negatives, Rng rng)
    {
        if (pool.Classes.Count < 2)
            return null;
        var quads = new QuadIndices(
            [.. anchors],
            new int[anchors.Count],
            new int[anchors.Count],
            new int[anchors.Count]
        );
        for (var i = 0; i < anchors.Count; i++)
        {
            var label = pool.Label(anchors[i]);
            quads.Positive[i] = PickOther(pool.Of(label), anchors[i], rng);
            (quads.Negative1[i], quads.Negative2[i]) = PickNegatives(pool, label, negatives, rng);
        }
        return quads;
    }

    private static (int First, int Second) PickNegatives(FacePool pool, int label, NegativeChoice choice, Rng rng)
    {
        if (choice == NegativeChoice.Any)
        {
            var first = PickOutside(pool, label, rng);
            // Another face if there is one: draw again, now and then several times.
            var second = first;
            for (var tries = 0; second == first && tries < 8; tries++)
                second = PickOutside(pool, label, rng);
            return (first, second);
        }
        var class1 = PickClass(pool, label, label, rng);
        var negative1 = rng.Pick(pool.Of(class1));
        if (choice == NegativeChoice.Distinct && PickClass(pool, label, class1, rng) is var class2 && class2 != class1)
            return (negative1, rng.Pick(pool.Of(class2)));
        return (negative1, PickOther(pool.Of(class1), negative1, rng));
    }

    /// <summary>A class that is neither of the two; where there is none, the second.</summary>
    private static int PickClass(FacePool pool, int label, int other, Rng rng)
    {
        var excluded = label == other ? 1 : 2;
        if (pool.Classes.Count <= excluded)
            return other;
        // Counting over the excluded ones needs no list.
        var pick = rng.NextInt(pool.Classes.Count - excluded);
        foreach (var candidate in pool.Classes)
        {
            if (candidate != label && candidate != other && pick-- == 0)
                return candidate;
        }
        throw new InvalidOperationException("unreachable: fewer classes than counted");
    }

    private static int PickOutside(FacePool pool, int label, Rng rng)
    {
        var pick = rng.NextInt(pool.Count - pool.Of(label).Count);
        foreach (var candidate in pool.Classes.Where(c => c != label))
        {
            var faces = pool.Of(candidate);
            if (pick < faces.Count)
                return faces[pick];
            pick -= faces.Count;
        }
        throw new InvalidOperationException("unreachable: fewer faces than counted");
    }

    private static int PickOther(IReadOnlyList<int> faces, int face, Rng rng)
    {
        if (faces.Count == 1)
            return faces[0];
        // The last face stands in for the excluded one, so that each other face is as likely as the next.
        var pick = faces[rng.NextInt(faces.Count - 1)];
        return pick == face ? faces[^1] : pick;
    }
}
