namespace SqsNet.Engine.Data;

/// <summary>A face that an importer has found and not yet read.</summary>
/// <param name="Name">File name relative to the imported folder, for people.</param>
/// <param name="Label">Class number.</param>
/// <param name="Split">Split.</param>
internal sealed record FaceSource(string Name, int Label, DatasetSplit Split)
{
    /// <summary>Makes pixels and mask; called once, from any thread.</summary>
    /// <remarks>Throws <see cref="FaceProblemException"/> when the face cannot be used.</remarks>
    public required Func<FacePixels> Make { get; init; }

    /// <summary>The image or archive on the disk, which tells whether the face is still the same; null where there is none.</summary>
    public string? File { get; init; }

    /// <summary>Soft target, or empty.</summary>
    public float[] Target { get; init; } = [];

    /// <summary>Whether the face is left out and only looked at to find copies of it in the other splits.</summary>
    public bool IsLeftOut { get; init; }
}

/// <summary>Pixels (HWC) and mask (H×W, or empty) of a face.</summary>
internal readonly record struct FacePixels(byte[] Pixels, byte[] Mask);

/// <summary>All that an importer found, before any image is read.</summary>
internal sealed record ImportPlan : IDisposable
{
    /// <summary>Class names in order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>What the stored faces have in common.</summary>
    public required FaceShape Shape { get; init; }

    /// <summary>The faces, in the order in which they are stored.</summary>
    public required IReadOnlyList<FaceSource> Faces { get; init; }

    /// <summary>What could not even be planned.</summary>
    public IReadOnlyList<ImportProblem> Problems { get; init; } = [];

    /// <summary>Faces that the protocol leaves out, by reason.</summary>
    public IReadOnlyDictionary<string, int> LeftOut { get; init; } = new Dictionary<string, int>();

    /// <summary>Where the faces come from, for people.</summary>
    public required string Notes { get; init; }

    /// <summary>What is odd about the source itself, for people.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>How many faces were published, where the source is a published collection.</summary>
    public IReadOnlyList<PublishedCount> Published { get; init; } = [];

    /// <summary>Named parts of the test split that are also judged by themselves: stems of file names by part.</summary>
    public IReadOnlyList<TestPart> Parts { get; init; } = [];

    /// <summary>How soft targets are learned from.</summary>
    public TargetUse TargetUse { get; init; }

    /// <summary>Files that labels, boxes and parts were read from: when one changes, an interrupted import starts anew.</summary>
    public IReadOnlyList<string> LabelFiles { get; init; } = [];

    /// <summary>Archives that must stay open until every face is made.</summary>
    public IReadOnlyList<IDisposable> Archives { get; init; } = [];

    /// <summary>Closes the archives.</summary>
    public void Dispose()
    {
        foreach (var archive in Archives)
            archive.Dispose();
    }
}

/// <summary>A face cannot be used; the import goes on without it.</summary>
internal sealed class FaceProblemException(ImportProblemKind kind, string message) : Exception(message)
{
    public ImportProblemKind Kind { get; } = kind;
}

/// <summary>Finds the faces of one kind of source.</summary>
internal interface IImporter
{
    /// <summary>Name of the kind, as in <see cref="ImportRequest.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>Finds classes and faces. Reads label files, no pixels beyond a few headers.</summary>
    /// <exception cref="DatasetException">The source is not of this kind; the message says what was looked for.</exception>
    ImportPlan Plan(ImportRequest request, CancellationToken cancellationToken);
}
