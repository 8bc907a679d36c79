namespace SqsNet.Engine.Data;

/// <summary>The three parts of a dataset.</summary>
public enum DatasetSplit
{
    /// <summary>Learned from.</summary>
    Train,

    /// <summary>Chosen by.</summary>
    Validation,

    /// <summary>Looked at once.</summary>
    Test,
}

/// <summary>How soft targets are learned from.</summary>
public enum TargetUse
{
    /// <summary>Cross-entropy against the shares, as they are.</summary>
    Shares,

    /// <summary>One class is drawn by the shares each time a face is seen.</summary>
    Drawn,

    /// <summary>Each class with a share is right: the one that the network says most counts.</summary>
    Any,
}

/// <summary>What a registered dataset is, without its pixels.</summary>
public sealed record DatasetInfo
{
    /// <summary>Its name: lower-case letters, digits, '-' and '_'.</summary>
    public required string Name { get; init; }

    /// <summary>How it came to be: "synthetic", "imagefolder", "ferplus".</summary>
    public required string Kind { get; init; }

    /// <summary>Class names in order; a face's label is an index into this list.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Width of every stored face, in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height of every stored face, in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Channels of every stored face: 1 (gray) or 3 (RGB).</summary>
    public required int Channels { get; init; }

    /// <summary>Number of faces of each class in each split.</summary>
    public required IReadOnlyDictionary<DatasetSplit, IReadOnlyList<int>> Counts { get; init; }

    /// <summary>Whether each face has a mask of the regions that make its expression (synthetic faces have).</summary>
    public bool HasMasks { get; init; }

    /// <summary>Where it came from and what was dropped, for people.</summary>
    public string Notes { get; init; } = "";

    /// <summary>What is odd about it: counts that differ from the published ones, lists that do not fit.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>How its soft targets are learned from; means nothing where it has only labels.</summary>
    public TargetUse TargetUse { get; init; }

    /// <summary>Named parts of the test split that are also judged by themselves ("pose30"), with their numbers of faces.</summary>
    public IReadOnlyDictionary<string, int> TestParts { get; init; } = new Dictionary<string, int>();

    /// <summary>Validation and test faces that are, to the last pixel, also training faces.</summary>
    public IReadOnlyDictionary<DatasetSplit, int> Copies { get; init; } = new Dictionary<DatasetSplit, int>();

    /// <summary>CRC-32C or SHA-256 of its pixels and labels, for the record of each trial.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Number of faces in a split.</summary>
    public int Total(DatasetSplit split) => Counts.TryGetValue(split, out var counts) ? counts.Sum() : 0;
}
