namespace SqsNet.Engine.Data;

/// <summary>Asks for a dataset to be made.</summary>
/// <param name="Kind">"imagefolder", "ferplus", "rafdb", "affectnet" or "synthetic".</param>
/// <param name="Path">Folder that holds the faces; null for "synthetic".</param>
/// <param name="Name">Name to register it under: lower-case letters, digits, '-' and '_', at most 64.</param>
public sealed record ImportRequest(string Kind, string? Path, string Name)
{
    /// <summary>Side of the stored square faces in pixels, 8 to 512; null takes the kind's own.</summary>
    public int? Size { get; init; }

    /// <summary>Channels of the stored faces, 1 or 3; null takes the source's own.</summary>
    public int? Channels { get; init; }

    /// <summary>Seed of every draw: splits of an image folder, synthetic faces.</summary>
    public long Seed { get; init; }

    /// <summary>Share of the faces that becomes the validation split where the source has none, 0 to 0.5.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Share of the faces that becomes the test split where the source has none, 0 to 0.5.</summary>
    public double TestFraction { get; init; } = 0.1;

    /// <summary>Whether a dataset of that name is replaced; otherwise it is an error.</summary>
    public bool Replace { get; init; }

    /// <summary>Numbers of synthetic faces in each split.</summary>
    public SyntheticCounts Synthetic { get; init; } = new();

    /// <summary>How FERPlus' votes become labels.</summary>
    public FerPlusRule FerPlusRule { get; init; } = FerPlusRule.Majority;

    /// <summary>Classes of FERPlus and AffectNet: 7 leaves contempt out, 8 keeps it; null takes all 8.</summary>
    public int? Classes { get; init; }

    /// <summary>Folder with lists of test faces in difficult poses and behind something; null looks beside the faces.</summary>
    public string? Lists { get; init; }

    /// <summary>
    /// Names of an image folder's classes, in the order of its folders (by number where all are numbers); null takes the
    /// folders' own names.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; init; }
}

/// <summary>Numbers of synthetic faces.</summary>
/// <param name="Train">Faces to learn from, 7 or more.</param>
/// <param name="Validation">Faces to choose by, 7 or more.</param>
/// <param name="Test">Faces to look at once, 7 or more.</param>
public sealed record SyntheticCounts(int Train = 2000, int Validation = 400, int Test = 400);

/// <summary>How FERPlus' ten votes a face become a label (modes of the official trainer).</summary>
/// <remarks>
/// Barsoum et al. 2016, "Training deep networks for facial expression recognition with crowd-sourced label
/// distribution". Validation and test always take the majority rule.
/// </remarks>
public enum FerPlusRule
{
    /// <summary>The class with more than half of the votes; faces without one are left out.</summary>
    Majority,

    /// <summary>The shares of the leading classes as a soft target; the label is the first of them.</summary>
    CrossEntropy,

    /// <summary>One class drawn by the same shares each time a face is seen.</summary>
    Probability,

    /// <summary>
    /// Every class with at least three tenths of the votes is right, whichever of them the network says most; the label
    /// is the first of them.
    /// </summary>
    MultiTarget,
}
