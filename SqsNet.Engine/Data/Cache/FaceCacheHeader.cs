using System.Buffers.Binary;

namespace SqsNet.Engine.Data;

/// <summary>The fixed first bytes of a face cache, and where its parts lie.</summary>
/// <remarks>
/// Little-endian. The records (pixels in HWC order, then the mask) start at <see cref="RecordsOffset"/>, one after the
/// other; the index (see <see cref="FaceCacheIndex"/>) follows the last record and ends the file. The header is written
/// last, so a file that was cut short never looks whole.
/// </remarks>
internal sealed record FaceCacheHeader
{
    public const int Size = 128;
    public const int RecordsOffset = 4096;
    public const uint CurrentVersion = 1;

    private const uint MasksFlag = 1;
    private const uint TargetsFlag = 2;
    private const int ChecksumOffset = 112;

    private static ReadOnlySpan<byte> Magic => "SQSFACES"u8;

    public required int Count { get; init; }
    public required int Classes { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }
    public required int Channels { get; init; }
    public required bool HasMasks { get; init; }
    public required bool HasTargets { get; init; }
    public required long IndexLength { get; init; }
    public required uint IndexChecksum { get; init; }

    /// <summary>SHA-256 of everything a trial can see: pixels, masks, labels, splits, targets.</summary>
    public required byte[] ContentHash { get; init; }

    public int PixelBytes => Width * Height * Channels;
    public int MaskBytes => HasMasks ? Width * Height : 0;
    public int RecordBytes => PixelBytes + MaskBytes;
    public long IndexOffset => RecordsOffset + ((long)Count * RecordBytes);
    public long FileLength => IndexOffset + IndexLength;

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        Magic.CopyTo(bytes);
        Write(bytes, 8, CurrentVersion);
        Write(bytes, 12, (HasMasks ? MasksFlag : 0) | (HasTargets ? TargetsFlag : 0));
        Write(bytes, 16, (uint)Count);
        Write(bytes, 20, (uint)Classes);
        Write(bytes, 24, (uint)Width);
        Write(bytes, 28, (uint)Height);
        Write(bytes, 32, (uint)Channels);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(40), IndexLength);
        Write(bytes, 48, IndexChecksum);
        ContentHash.CopyTo(bytes, 64);
        Write(bytes, ChecksumOffset, Crc32C.Compute(bytes.AsSpan(0, ChecksumOffset)));
        return bytes;
    }

    /// <summary>Reads a header, or says in <paramref name="fault"/> what is wrong with it.</summary>
    public static FaceCacheHeader? Parse(ReadOnlySpan<byte> bytes, out string fault)
    {
        fault = "";
        if (bytes.Length < Size || !bytes[..Magic.Length].SequenceEqual(Magic))
            fault = "it is not a face cache, or its first bytes are lost";
        else if (Read(bytes, 8) != CurrentVersion)
            fault = $"it has format version {Read(bytes, 8)}; this program reads version {CurrentVersion}";
        else if (Read(bytes, ChecksumOffset) != Crc32C.Compute(bytes[..ChecksumOffset]))
            fault = "its header does not match its checksum";
        if (fault.Length > 0)
            return null;
        var flags = Read(bytes, 12);
        return new()
        {
            Count = (int)Read(bytes, 16),
            Classes = (int)Read(bytes, 20),
            Width = (int)Read(bytes, 24),
            Height = (int)Read(bytes, 28),
            Channels = (int)Read(bytes, 32),
            HasMasks = (flags & MasksFlag) != 0,
            HasTargets = (flags & TargetsFlag) != 0,
            IndexLength = BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            IndexChecksum = Read(bytes, 48),
            ContentHash = bytes[64..96].ToArray(),
        };
    }

    private static void Write(byte[] bytes, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);

    private static uint Read(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
