using SqsNet.Engine.Data;
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
    /// <summary>The splits of a dataset.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="validationFraction">Share of each class held out where there is no validation split, 0 to 0.5.</param>
    public static TrialSplits Of(FaceDataset dataset, double validationFraction)
    {
        var train = dataset.Indices(DatasetSplit.Train);
        var validation = dataset.Indices(DatasetSplit.Validation);
        var test = dataset.Indices(DatasetSplit.Test);
        if (validation.Count > 0 || validationFraction <= 0)
            return new(train, validation, test);
        var (kept, held) = HoldOut(train, dataset.Label, validationFraction, new Rng(0, "validation split"));
        return new(kept, held, test);
    }

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
