namespace SqsNet.Engine.Data;

/// <summary>How many faces of a split a collection's authors tell of.</summary>
/// <param name="Split">The split.</param>
/// <param name="Total">Faces in all.</param>
/// <param name="Classes">Faces of each class, in the dataset's order; empty where only the total is known.</param>
internal sealed record PublishedCount(DatasetSplit Split, int Total, IReadOnlyList<int> Classes)
{
    public PublishedCount(DatasetSplit split, params IReadOnlyList<int> classes)
        : this(split, classes.Sum(), classes) { }

    /// <summary>What differs, in words; null where nothing does.</summary>
    /// <param name="found">Faces of each class that were found.</param>
    /// <param name="classes">Class names.</param>
    public string? Compare(IReadOnlyList<int> found, IReadOnlyList<string> classes)
    {
        var different = Enumerable
            .Range(0, Classes.Count)
            .Where(k => found[k] != Classes[k])
            .Select(k => $"{classes[k]} {found[k]:N0} instead of {Classes[k]:N0}")
            .ToList();
        if (found.Sum() == Total && different.Count == 0)
            return null;
        var name = Split.ToString().ToLowerInvariant();
        var which = different.Count == 0 ? "" : $" ({string.Join(", ", different)})";
        return $"The {name} split has {found.Sum():N0} faces; {Total:N0} were published{which}. Results are not comparable until the missing or extra files are found.";
    }
}
