using System.IO.MemoryMappedFiles;

namespace SqsNet.Engine.Data;

/// <summary>
/// The faces of a registered dataset, read from a memory-mapped file: opening costs milliseconds whatever the size, and
/// several trials share the same memory. Safe for several threads, until it is disposed.
/// </summary>
public sealed unsafe class FaceDataset : IDisposable
{
    private readonly string _path;
    private readonly FaceCacheHeader _header;
    private readonly FaceCacheIndex _index;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly bool[] _checked;
    private readonly int[][] _indices;
    private bool _disposed;

    private FaceDataset(
        DatasetInfo info,
        string path,
        MemoryMappedFile file,
        FaceCacheHeader header,
        IReadOnlyDictionary<string, int[]> testParts
    )
    {
        TestParts = testParts;
        Info = info;
        _path = path;
        _header = header;
        _file = file;
        _view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _checked = new bool[header.Count];
        try
        {
            _index = ReadIndex();
        }
        catch
        {
            Dispose();
            throw;
        }
        _indices =
        [
            .. Enum.GetValues<DatasetSplit>()
                .Select(split => Enumerable.Range(0, Count).Where(i => _index.Splits[i] == (byte)split).ToArray()),
        ];
    }

    /// <summary>What the dataset is.</summary>
    public DatasetInfo Info { get; }

    /// <summary>Number of faces over all splits.</summary>
    public int Count => _header.Count;

    /// <summary>Whether each face has a soft target (FERPlus by votes).</summary>
    public bool HasTargets => _header.HasTargets;

    /// <summary>Class number of a face.</summary>
    /// <param name="index">Face, 0 to Count - 1.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such face.</exception>
    public int Label(int index) => _index.Labels[index];

    /// <summary>Split of a face.</summary>
    /// <param name="index">Face, 0 to Count - 1.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such face.</exception>
    public DatasetSplit Split(int index) => (DatasetSplit)_index.Splits[index];

    /// <summary>Whether a validation or test face is, to the last pixel, also a training face (or one that was left out).</summary>
    /// <param name="index">Face, 0 to Count - 1.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such face.</exception>
    public bool RepeatsTraining(int index) => _index.Repeats[index] != 0;

    /// <summary>Named parts of the test split that are also judged by themselves, each with its faces, ascending.</summary>
    public IReadOnlyDictionary<string, int[]> TestParts { get; }

    /// <summary>Faces of a split, ascending.</summary>
    public IReadOnlyList<int> Indices(DatasetSplit split) => _indices[(int)split];

    /// <summary>Name of the file that a face came from, relative to the imported folder.</summary>
    /// <param name="index">Face, 0 to Count - 1.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such face.</exception>
    public string FileName(int index) => _index.Name(index);

    /// <summary>Pixels of a face, HWC, 0..255; valid until the dataset is disposed.</summary>
    /// <param name="index">Face, 0 to Count - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such face.</exception>
    /// <exception cref="ObjectDisposedException">The dataset was disposed.</exception>
    /// <exception cref="DatasetException">The bytes on the disk are not those that were written.</exception>
    public ReadOnlySpan<byte> Pixels(int index) => Record(index)[.._header.PixelBytes];

    /// <summary>
    /// Mask of a face, H×W, 0..255: the region in which its expression differs from its own neutral face. Empty where
    /// the dataset has no masks.
    /// </summary>
    /// <inheritdoc cref="Pixels" path="/exception"/>
    /// <param name="index">Face, 0 to Count - 1.</param>
    public ReadOnlySpan<byte> Mask(int index) => Record(index)[_header.PixelBytes..];

    /// <summary>Soft target of a face, one share a class, summing to 1; empty where the dataset has only labels.</summary>
    /// <param name="index">Face, 0 to Count - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such face.</exception>
    public ReadOnlySpan<float> Target(int index) =>
        HasTargets ? _index.Targets.AsSpan(index * _header.Classes, _header.Classes) : [];

    /// <summary>Opens a face cache.</summary>
    /// <param name="info">What it is.</param>
    /// <param name="path">The cache file.</param>
    /// <param name="testParts">Faces of each named part of the test split.</param>
    /// <exception cref="DatasetException">The file is absent, cut short or changed; the message says what to do.</exception>
    internal static FaceDataset Open(
        DatasetInfo info,
        string path,
        IReadOnlyDictionary<string, int[]>? testParts = null
    )
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (IOException e)
        {
            throw new DatasetException($"{path} cannot be read: {e.Message} {Remedy(info)}", e);
        }
        try
        {
            var head = new byte[FaceCacheHeader.Size];
            var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            var header = FaceCacheHeader.Parse(head.AsSpan(0, read), out var fault) ?? throw Damaged(info, path, fault);
            if (stream.Length != header.FileLength)
                throw Damaged(info, path, $"it has {stream.Length} bytes instead of {header.FileLength}");
            if (!Fits(info, header))
                throw Damaged(info, path, "it is not the cache that dataset.json beside it describes");
            var file = MemoryMappedFile.CreateFromFile(
                stream,
                mapName: null,
                capacity: 0,
                MemoryMappedFileAccess.Read,
                HandleInheritability.None,
                leaveOpen: false
            );
            return new(info, path, file, header, testParts ?? new Dictionary<string, int[]>());
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads every face once and compares it with its checksum.</summary>
    /// <exception cref="DatasetException">A face's bytes are not those that were written.</exception>
    public void Verify()
    {
        Array.Clear(_checked);
        for (var i = 0; i < Count; i++)
            Record(i);
    }

    /// <summary>Unmaps the file. Spans that were handed out must no longer be used.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private ReadOnlySpan<byte> Record(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var offset = FaceCacheHeader.RecordsOffset + ((long)index * _header.RecordBytes);
        var record = new ReadOnlySpan<byte>(_start + offset, _header.RecordBytes);
        // Once per face and opening: it costs a microsecond then and finds a bad sector before training does.
        if (!_checked[index])
        {
            if (Crc32C.Compute(record) != _index.Checksums[index])
                throw Damaged(Info, _path, $"face {index} ({FileName(index)}) does not match its checksum");
            _checked[index] = true;
        }
        return record;
    }

    private FaceCacheIndex ReadIndex()
    {
        var bytes = new ReadOnlySpan<byte>(_start + _header.IndexOffset, checked((int)_header.IndexLength));
        if (Crc32C.Compute(bytes) != _header.IndexChecksum)
            throw Damaged(Info, _path, "its index does not match its checksum");
        return FaceCacheIndex.Parse(bytes, _header)
            ?? throw Damaged(Info, _path, "its index does not have the length that its header tells");
    }

    private static bool Fits(DatasetInfo info, FaceCacheHeader header) =>
        (header.Width, header.Height, header.Channels, header.Classes, header.HasMasks)
            == (info.Width, info.Height, info.Channels, info.Classes.Count, info.HasMasks)
        && string.Equals(Convert.ToHexStringLower(header.ContentHash), info.Hash, StringComparison.Ordinal);

    private static DatasetException Damaged(DatasetInfo info, string path, string fault) =>
        new($"{path} cannot be used: {fault}. {Remedy(info)}");

    private static string Remedy(DatasetInfo info) =>
        $"Delete the dataset '{info.Name}' and import it again; its source files are not touched.";
}
