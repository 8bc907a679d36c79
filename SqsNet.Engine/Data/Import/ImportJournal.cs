using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SqsNet.Engine.Data;

/// <summary>What became of a face.</summary>
internal enum FaceOutcome : byte
{
    /// <summary>Its pixels stand in the cache.</summary>
    Stored,

    /// <summary>It is left out; its digest is kept to find copies of it.</summary>
    Remembered,

    /// <summary>It cannot be used.</summary>
    Problem,
}

/// <summary>What became of one face, and which it was.</summary>
/// <param name="Key">See <see cref="ImportJournal.KeyOf(FaceSource)"/>.</param>
/// <param name="Outcome">What became of it.</param>
internal sealed record JournalEntry(UInt128 Key, FaceOutcome Outcome)
{
    /// <summary>Checksum of a stored face's record.</summary>
    public uint Checksum { get; init; }

    /// <summary>Digest of a remembered face's pixels.</summary>
    public UInt128 Digest { get; init; }

    /// <summary>Why it cannot be used.</summary>
    public ImportProblem? Problem { get; init; }
}

/// <summary>The faces that an import is done with, so that an interrupted one can go on where it was.</summary>
/// <remarks>
/// A file of blocks (length, CRC-32C, entries); a block that was cut short or damaged ends it. The first 16 bytes tell the
/// plan: another request, other label files or another build of the program start anew.
/// </remarks>
internal sealed class ImportJournal : IDisposable
{
    private const int BlockHead = 8;

    private readonly FileStream _file;

    /// <summary>Starts a journal over, keeping entries of an earlier one; the old one stays until the new one is whole.</summary>
    public ImportJournal(string path, UInt128 plan, IReadOnlyList<JournalEntry> kept)
    {
        var aside = path + ".new";
        _file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete, 0);
        _file.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(ref plan)));
        Append(kept);
        File.Move(aside, path, overwrite: true);
    }

    /// <summary>Adds a batch.</summary>
    public void Append(IReadOnlyList<JournalEntry> entries)
    {
        if (entries.Count == 0)
            return;
        using var block = new MemoryStream();
        using var writer = new BinaryWriter(block);
        writer.Write(0L); // length and checksum come when they are known
        foreach (var entry in entries)
            Write(writer, entry);
        var bytes = block.ToArray();
        var content = bytes.AsSpan(BlockHead);
        BitConverter.TryWriteBytes(bytes, content.Length);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), Crc32C.Compute(content));
        _file.Write(bytes);
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Entries of an earlier attempt at the same plan, oldest first; none where there was none.</summary>
    public static List<JournalEntry> Read(string path, UInt128 plan)
    {
        var entries = new List<JournalEntry>();
        if (!File.Exists(path))
            return entries;
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        if (rest.Length < 16 || MemoryMarshal.Read<UInt128>(rest) != plan)
            return entries;
        rest = rest[16..];
        while (rest.Length >= BlockHead)
        {
            var length = BitConverter.ToInt32(rest);
            if (length < 0 || length > rest.Length - BlockHead)
                break;
            var content = rest.Slice(BlockHead, length);
            if (Crc32C.Compute(content) != BitConverter.ToUInt32(rest[4..]))
                break;
            using var reader = new BinaryReader(new MemoryStream(content.ToArray()));
            while (reader.BaseStream.Position < length)
                entries.Add(Read(reader));
            rest = rest[(BlockHead + length)..];
        }
        return entries;
    }

    /// <summary>What tells a plan from another: the request, the label files and the build of the program.</summary>
    public static UInt128 KeyOf(ImportRequest request, ImportPlan plan)
    {
        var text = new StringBuilder(JsonSerializer.Serialize(request with { Replace = false }, DatasetFolder.Json));
        text.Append(plan.Shape).Append(typeof(ImportJournal).Module.ModuleVersionId);
        foreach (var file in plan.LabelFiles)
            text.Append(Stamp(file));
        return Digest(text.ToString());
    }

    /// <summary>What tells a face from another: its place in the dataset, and the file's length and time.</summary>
    public static UInt128 KeyOf(FaceSource source) =>
        Digest(
            $"{source.Name}|{source.Label}|{source.Split}|{source.IsLeftOut}|{string.Join(',', source.Target)}|{(source.File is null ? "" : Stamp(source.File))}"
        );

    private static string Stamp(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? $"{path}|{file.Length}|{file.LastWriteTimeUtc.Ticks}|" : $"{path}|absent|";
    }

    private static UInt128 Digest(string text) =>
        MemoryMarshal.Read<UInt128>(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static void Write(BinaryWriter writer, JournalEntry entry)
    {
        Write(writer, entry.Key);
        writer.Write((byte)entry.Outcome);
        switch (entry.Outcome)
        {
            case FaceOutcome.Stored:
                writer.Write(entry.Checksum);
                break;
            case FaceOutcome.Remembered:
                Write(writer, entry.Digest);
                break;
            default:
                var problem = entry.Problem ?? throw new InvalidOperationException("a problem without words");
                writer.Write(problem.Item);
                writer.Write((byte)problem.Kind);
                writer.Write(problem.Message);
                break;
        }
    }

    private static JournalEntry Read(BinaryReader reader)
    {
        var entry = new JournalEntry(ReadNumber(reader), (FaceOutcome)reader.ReadByte());
        return entry.Outcome switch
        {
            FaceOutcome.Stored => entry with { Checksum = reader.ReadUInt32() },
            FaceOutcome.Remembered => entry with { Digest = ReadNumber(reader) },
            _ => entry with
            {
                Problem = new(reader.ReadString(), (ImportProblemKind)reader.ReadByte(), reader.ReadString()),
            },
        };
    }

    private static void Write(BinaryWriter writer, UInt128 number) =>
        writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(ref number)));

    private static UInt128 ReadNumber(BinaryReader reader) => MemoryMarshal.Read<UInt128>(reader.ReadBytes(16));
}
