using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Training;

/// <summary>The faces that a trial learns from, chooses by and is judged by, as indices into its dataset.</summary>
/// <remarks>
/// A dataset without a validation split gives a stratified share of its training faces. The share is drawn once for the
/// dataset, not per seed: trials of different seeds are then chosen by the same faces, and weights of any trial can be
/// evaluated on faces that it did not learn from.
/// </remarks>
/// <param name="Train">Faces to learn from.</param>
/// <param name="Validation">Faces to choose the epoch by; empty when the dataset has none and the fraction is 0.</param>
/// <param name="Test">Faces that are looked at once, at the end; may be empty.</param>
public sealed record TrialSplits(IReadOnlyList<int> Train, IReadOnlyList<int> Validation, IReadOnlyList<int> Test)
{
    /// <summary>Takes a share of each class out of a list of faces; both parts keep the order of the list.</summary>
    /// <remarks>A class of two or more gives at least one face and keeps at least one; a class of one keeps it.</remarks>
    internal static (IReadOnlyList<int> Kept, IReadOnlyList<int> Held) HoldOut(
        IReadOnlyList<int> faces,
        Func<int, int> label,
        double fraction,
        Rng rng
    )
    {
        var held = new HashSet<int>();
        foreach (var ofClass in faces.GroupBy(label).OrderBy(group => group.Key))
        {
            var members = ofClass.ToArray();
            if (members.Length < 2)
                continue;
            rng.Derive("class", ofClass.Key).Shuffle<int>(members);
            var count = Math.Clamp((int)Math.Round(fraction * members.Length), 1, members.Length - 1);
            held.UnionWith(members.AsSpan(0, count).ToArray());
        }
        return ([.. faces.Where(face => !held.Contains(face))], [.. faces.Where(held.Contains)]);
    }
}
