using System.IO.Compression;

namespace SqsNet.Engine.Data;

/// <summary>Where an image's bytes come from.</summary>
/// <param name="Read">Reads them; called from any thread.</param>
/// <param name="File">The file or archive on the disk.</param>
internal sealed record ImageBytes(Func<byte[]> Read, string File)
{
    public static ImageBytes Of(string file) => new(() => System.IO.File.ReadAllBytes(file), file);
}

/// <summary>Image files by name, from a folder or from a ZIP archive that is never unpacked. Safe for several threads.</summary>
internal sealed class ImageStore : IDisposable
{
    // No face is larger; an entry that claims to be would only fill the memory.
    private const long LargestFile = 64L << 20;

    private readonly string _path;
    private readonly ZipArchive? _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly List<ImportProblem> _problems = [];
    private readonly Lock _reading = new();

    private ImageStore(string path)
    {
        _path = path;
        if (Directory.Exists(path))
        {
            foreach (var file in Directory.EnumerateFiles(path).Order(StringComparer.Ordinal))
                _files[Path.GetFileName(file)] = file;
            return;
        }
        try
        {
            _archive = ZipFile.OpenRead(path);
            foreach (var entry in _archive.Entries)
                Add(entry, path);
        }
        catch (InvalidDataException e)
        {
            _archive?.Dispose();
            throw new DatasetException($"{path} is not a whole ZIP archive: {e.Message} Get it again.", e);
        }
    }

    /// <summary>Names of the files, without folders.</summary>
    public IEnumerable<string> Names => _archive is null ? _files.Keys : _entries.Keys;

    /// <summary>Entries that were passed over.</summary>
    public IReadOnlyList<ImportProblem> Problems => _problems;

    /// <summary>Opens the first of the paths that is a folder or a file; null when none is.</summary>
    /// <exception cref="DatasetException">It is a file, but not a ZIP archive.</exception>
    public static ImageStore? TryOpen(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (Directory.Exists(path) || File.Exists(path))
                return new(path);
        }
        return null;
    }

    /// <summary>The file with that name, or null where there is none.</summary>
    public ImageBytes? Find(string name)
    {
        if (_files.TryGetValue(name, out var file))
            return ImageBytes.Of(file);
        return _entries.TryGetValue(name, out var entry) ? new(() => Read(entry), _path) : null;
    }

    public void Dispose() => _archive?.Dispose();

    private void Add(ZipArchiveEntry entry, string path)
    {
        // Nothing is ever written under an entry's name; a name like this still means that the archive is not to be trusted.
        var parts = entry.FullName.Split('/', '\\');
        if (parts.Contains("..") || parts[0].Length == 0 || parts[0].Contains(':'))
            _problems.Add(
                new(
                    $"{Path.GetFileName(path)}: {entry.FullName}",
                    ImportProblemKind.UnsafeName,
                    "The entry's name points outside of the archive; it was not read."
                )
            );
        else if (entry.Name.Length > 0)
            _entries.TryAdd(entry.Name, entry);
    }

    private byte[] Read(ZipArchiveEntry entry)
    {
        if (entry.Length > LargestFile)
            throw new FaceProblemException(
                ImportProblemKind.ImageTooLarge,
                $"the archive's entry has {entry.Length} bytes"
            );
        // An archive is one stream: threads take turns here and decode side by side.
        lock (_reading)
        {
            using var stream = entry.Open();
            var bytes = new byte[entry.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }
}
