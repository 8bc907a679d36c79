using System.Runtime.InteropServices;
using System.Text;

namespace SqsNet.Engine.Data;

/// <summary>What a face cache knows of each face besides its pixels.</summary>
/// <remarks>
/// In the file: checksum of each record (uint32), end of each name in the text (int32), soft targets (float32, classes
/// per face, where the cache has them), labels (uint16), splits (byte), repeats (byte, 1 where the same
/// record also stands in the training split), then the names as one UTF-8 text.
/// </remarks>
internal sealed class FaceCacheIndex
{
    public required uint[] Checksums { get; init; }
    public required int[] NameEnds { get; init; }
    public required float[] Targets { get; init; }
    public required ushort[] Labels { get; init; }
    public required byte[] Splits { get; init; }
    public required byte[] Repeats { get; init; }
    public required byte[] Names { get; init; }

    public string Name(int index)
    {
        var start = index == 0 ? 0 : NameEnds[index - 1];
        return Encoding.UTF8.GetString(Names, start, NameEnds[index] - start);
    }

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        stream.Write(MemoryMarshal.AsBytes<uint>(Checksums));
        stream.Write(MemoryMarshal.AsBytes<int>(NameEnds));
        stream.Write(MemoryMarshal.AsBytes<float>(Targets));
        stream.Write(MemoryMarshal.AsBytes<ushort>(Labels));
        stream.Write(Splits);
        stream.Write(Repeats);
        stream.Write(Names);
        return stream.ToArray();
    }

    /// <summary>Reads an index whose checksum is known to match; null when its lengths do not add up.</summary>
    public static FaceCacheIndex? Parse(ReadOnlySpan<byte> bytes, FaceCacheHeader header)
    {
        var targets = header.HasTargets ? (long)header.Count * header.Classes : 0;
        var fixedBytes = ((long)header.Count * (4 + 4 + 2 + 1 + 1)) + (targets * 4);
        if (bytes.Length < fixedBytes)
            return null;
        var rest = bytes;
        var index = new FaceCacheIndex
        {
            Checksums = Take<uint>(ref rest, header.Count),
            NameEnds = Take<int>(ref rest, header.Count),
            Targets = Take<float>(ref rest, (int)targets),
            Labels = Take<ushort>(ref rest, header.Count),
            Splits = Take<byte>(ref rest, header.Count),
            Repeats = Take<byte>(ref rest, header.Count),
            Names = rest.ToArray(),
        };
        var end = header.Count == 0 ? 0 : index.NameEnds[^1];
        return end == index.Names.Length ? index : null;
    }

    private static T[] Take<T>(ref ReadOnlySpan<byte> bytes, int count)
        where T : unmanaged
    {
        var items = new T[count];
        var size = MemoryMarshal.AsBytes(items.AsSpan()).Length;
        bytes[..size].CopyTo(MemoryMarshal.AsBytes(items.AsSpan()));
        bytes = bytes[size..];
        return items;
    }
}
