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

    /// <summary>CRC-32C or SHA-256 of its pixels and labels, for the record of each trial.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Number of faces in a split.</summary>
    public int Total(DatasetSplit split) => Counts.TryGetValue(split, out var counts) ? counts.Sum() : 0;
}
