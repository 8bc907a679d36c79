namespace SqsNet.Engine.Data;

/// <summary>The images of a folder of class folders, or of split folders of class folders, and what else lies there.</summary>
internal sealed class ImageFolderFiles
{
    // An ending says that a file is meant as an image; what it holds decides whether and how it is read.
    private static readonly HashSet<string> s_imageEndings = new(StringComparer.OrdinalIgnoreCase)
    {
        ".avif",
        ".bmp",
        ".dib",
        ".gif",
        ".heic",
        ".heif",
        ".jfif",
        ".jp2",
        ".jpe",
        ".jpeg",
        ".jpg",
        ".pgm",
        ".png",
        ".ppm",
        ".tif",
        ".tiff",
        ".webp",
    };

    private static readonly Dictionary<string, DatasetSplit> s_splits = new(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = DatasetSplit.Train,
        ["training"] = DatasetSplit.Train,
        ["val"] = DatasetSplit.Validation,
        ["valid"] = DatasetSplit.Validation,
        ["validation"] = DatasetSplit.Validation,
        ["test"] = DatasetSplit.Test,
        ["testing"] = DatasetSplit.Test,
    };

    private readonly string _root;
    private readonly List<ImageFile> _images = [];
    private readonly SortedDictionary<string, int> _otherEndings = new(StringComparer.OrdinalIgnoreCase);

    private ImageFolderFiles(string root) => _root = root;

    /// <summary>The images, split by split and class by class, by name.</summary>
    public IReadOnlyList<ImageFile> Images => _images;

    /// <summary>Folders that lie beside the split folders, and with them are no classes.</summary>
    public IReadOnlyList<string> OtherFolders { get; private set; } = [];

    /// <summary>How many files of each ending are not meant as images: "12 .txt, 1 .db"; empty where there are none.</summary>
    public string OtherFiles => string.Join(", ", _otherEndings.Select(e => $"{e.Value} {e.Key}"));

    /// <summary>Looks through a folder; hidden files and folders, and those that macOS packs beside them, do not count.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static ImageFolderFiles Of(string root, CancellationToken cancellationToken)
    {
        var found = new ImageFolderFiles(root);
        var folders = Subfolders(root);
        var splits = folders.Where(s_splits.ContainsKey).ToList();
        // A class may be called "test": folders are splits where all of them are, or where one trains and another does not.
        var areSplits =
            splits.Count > 0
            && (
                splits.Count == folders.Count
                || splits.Select(s => s_splits[s] == DatasetSplit.Train).Distinct().Count() == 2
            );
        if (areSplits)
            found.OtherFolders = [.. folders.Except(splits)];
        foreach (var (folder, split) in areSplits ? splits.Select(s => (s, s_splits[s])) : [("", DatasetSplit.Train)])
        {
            foreach (var name in Subfolders(Path.Combine(root, folder)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                found.AddClass(Path.Combine(root, folder, name), name, split);
            }
        }
        return found;
    }

    private void AddClass(string folder, string name, DatasetSplit split)
    {
        var files = Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(folder, f).Split(Path.DirectorySeparatorChar).Any(IsHidden));
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            var ending = Path.GetExtension(file) is { Length: > 0 } given ? given : "without one";
            if (s_imageEndings.Contains(ending))
                _images.Add(new(Path.GetRelativePath(_root, file), name, split));
            else
                _otherEndings[ending] = _otherEndings.GetValueOrDefault(ending) + 1;
        }
    }

    private static List<string> Subfolders(string path) =>
        [
            .. Directory
                .EnumerateDirectories(path)
                .Where(p => !IsHidden(p))
                .Select(p => Path.GetFileName(p))
                .Order(StringComparer.Ordinal),
        ];

    private static bool IsHidden(string path) => Path.GetFileName(path) is ['.', ..] or "__MACOSX";

    /// <summary>An image's name within the folder, its class as its folder spells it, and its split.</summary>
    public sealed record ImageFile(string Name, string Class, DatasetSplit Split);
}
