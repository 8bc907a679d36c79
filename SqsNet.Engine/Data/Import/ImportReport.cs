namespace SqsNet.Engine.Data;

/// <summary>What an import made and what it could not use.</summary>
/// <param name="Dataset">The dataset that was made.</param>
/// <param name="Problems">Every file or row that could not be used, by name, in order.</param>
public sealed record ImportReport(DatasetInfo Dataset, IReadOnlyList<ImportProblem> Problems)
{
    /// <summary>Number of problems of each kind.</summary>
    public IReadOnlyDictionary<ImportProblemKind, int> ProblemCounts =>
        Problems.GroupBy(p => p.Kind).OrderBy(g => g.Key).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>Faces that the dataset's own protocol leaves out, by reason. These are not problems.</summary>
    public IReadOnlyDictionary<string, int> LeftOut { get; init; } = new Dictionary<string, int>();

    /// <summary>Faces that an interrupted import had already read.</summary>
    public int TakenOver { get; init; }

    /// <summary>Duration of the import, in seconds.</summary>
    public double Seconds { get; init; }
}

/// <summary>Why something could not be used.</summary>
public enum ImportProblemKind
{
    /// <summary>An image's bytes are damaged or cut short.</summary>
    BrokenImage,

    /// <summary>A file is of a kind that is not read, whatever its name says.</summary>
    UnsupportedFormat,

    /// <summary>An image claims to be larger than anything that is read.</summary>
    ImageTooLarge,

    /// <summary>A label names an image that is not there.</summary>
    MissingImage,

    /// <summary>A file cannot be read from the disk.</summary>
    UnreadableFile,

    /// <summary>A row of a label file is not as it should be.</summary>
    BadRow,

    /// <summary>An image has no label.</summary>
    MissingLabel,

    /// <summary>An archive's entry has a name that points outside of it.</summary>
    UnsafeName,
}

/// <summary>One file or row that could not be used.</summary>
/// <param name="Item">The file, or the label file and the row's number.</param>
/// <param name="Kind">Why.</param>
/// <param name="Message">Why, in words.</param>
public sealed record ImportProblem(string Item, ImportProblemKind Kind, string Message);

/// <summary>How far an import is.</summary>
/// <param name="Done">Faces looked at.</param>
/// <param name="Total">Faces in all.</param>
/// <param name="Problems">Problems so far.</param>
public readonly record struct ImportProgress(int Done, int Total, int Problems);
