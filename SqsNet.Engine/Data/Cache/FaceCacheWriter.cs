using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace SqsNet.Engine.Data;

/// <summary>Writes a face cache, one face after the other. The file is whole only after <see cref="Complete"/>.</summary>
internal sealed class FaceCacheWriter : IDisposable
{
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<uint> _checksums = [];
    private readonly List<int> _nameEnds = [];
    private readonly List<float> _targets = [];
    private readonly List<ushort> _labels = [];
    private readonly List<byte> _splits = [];
    private readonly List<UInt128> _digests = [];
    private readonly HashSet<UInt128> _leftOut = [];
    private readonly MemoryStream _names = new();
    private readonly FaceShape _shape;
    private readonly byte[] _record;

    /// <summary>Opens a cache that an earlier attempt may have begun; see <see cref="TakeOver"/>.</summary>
    public FaceCacheWriter(string path, FaceShape shape)
    {
        _shape = shape;
        _record = new byte[shape.PixelBytes + shape.MaskBytes];
        // Without a buffer of its own: what is journalled as written has been written, and closing writes nothing more.
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        _file.Position = FaceCacheHeader.RecordsOffset;
    }

    public int Count => _labels.Count;

    public IReadOnlyList<ushort> Labels => _labels;

    public IReadOnlyList<byte> Splits => _splits;

    /// <summary>Name of a face.</summary>
    public string Name(int index)
    {
        var start = index == 0 ? 0 : _nameEnds[index - 1];
        return Encoding.UTF8.GetString(_names.GetBuffer(), start, _nameEnds[index] - start);
    }

    /// <summary>Appends a face.</summary>
    /// <returns>Checksum of its record.</returns>
    public uint Add(Face face)
    {
        if (face.Pixels.Length != _shape.PixelBytes || face.Mask.Length != _shape.MaskBytes)
            throw new ArgumentException(
                $"face {face.Name} has {face.Pixels.Length} + {face.Mask.Length} bytes, not {_shape.PixelBytes} + {_shape.MaskBytes}",
                nameof(face)
            );
        if (face.Target.Length != (_shape.HasTargets ? _shape.Classes : 0))
            throw new ArgumentException($"face {face.Name} has {face.Target.Length} targets", nameof(face));
        face.Pixels.CopyTo(_record, 0);
        face.Mask.CopyTo(_record, face.Pixels.Length);
        _file.Write(_record);
        var checksum = Crc32C.Compute(_record);
        Note(face, checksum, face.Pixels);
        return checksum;
    }

    /// <summary>Takes over the next face that an earlier attempt has written.</summary>
    /// <param name="face">The face without pixels.</param>
    /// <param name="checksum">Checksum that was written down for its record.</param>
    /// <returns>False where the bytes on the disk are not those, which ends the taking over.</returns>
    public bool TakeOver(Face face, uint checksum)
    {
        var start = _file.Position;
        if (
            _file.ReadAtLeast(_record, _record.Length, throwOnEndOfStream: false) == _record.Length
            && Crc32C.Compute(_record) == checksum
        )
        {
            Note(face, checksum, _record.AsSpan(0, _shape.PixelBytes));
            return true;
        }
        _file.Position = start;
        return false;
    }

    /// <summary>Cuts off what an earlier attempt left behind the faces that were taken over.</summary>
    public void CutRest() => _file.SetLength(_file.Position);

    /// <summary>Notes a training face that is not stored, so that copies of it in other splits are found.</summary>
    /// <returns>Its digest.</returns>
    public UInt128 Remember(byte[] pixels)
    {
        var digest = Digest(pixels);
        _leftOut.Add(digest);
        return digest;
    }

    /// <summary>Notes such a face again that an earlier attempt has seen.</summary>
    public void Remember(UInt128 digest) => _leftOut.Add(digest);

    /// <summary>Writes index and header and waits until all is on the disk.</summary>
    /// <returns>The content hash in lower-case hexadecimal.</returns>
    public string Complete()
    {
        var index = new FaceCacheIndex
        {
            Checksums = [.. _checksums],
            NameEnds = [.. _nameEnds],
            Targets = [.. _targets],
            Labels = [.. _labels],
            Splits = [.. _splits],
            Repeats = FindRepeats(),
            Names = _names.ToArray(),
        };
        var indexBytes = index.ToBytes();
        _hash.AppendData(MemoryMarshal.AsBytes<ushort>(index.Labels));
        _hash.AppendData(index.Splits);
        _hash.AppendData(MemoryMarshal.AsBytes<float>(index.Targets));
        var header = new FaceCacheHeader
        {
            Count = Count,
            Classes = _shape.Classes,
            Width = _shape.Width,
            Height = _shape.Height,
            Channels = _shape.Channels,
            HasMasks = _shape.HasMasks,
            HasTargets = _shape.HasTargets,
            IndexLength = indexBytes.Length,
            IndexChecksum = Crc32C.Compute(indexBytes),
            ContentHash = _hash.GetHashAndReset(),
        };
        _file.Write(indexBytes);
        _file.Flush(flushToDisk: true);
        _file.Position = 0;
        _file.Write(header.ToBytes());
        _file.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(header.ContentHash);
    }

    /// <summary>1 for each validation or test face that is, to the last pixel, also a training face.</summary>
    public byte[] FindRepeats()
    {
        var training = Enumerable.Range(0, Count).Where(i => _splits[i] == 0).Select(i => _digests[i]).ToHashSet();
        training.UnionWith(_leftOut);
        return [.. _splits.Select((split, i) => (byte)(split != 0 && training.Contains(_digests[i]) ? 1 : 0))];
    }

    private void Note(Face face, uint checksum, ReadOnlySpan<byte> pixels)
    {
        _hash.AppendData(_record);
        _checksums.Add(checksum);
        _digests.Add(Digest(pixels));
        _labels.Add(checked((ushort)face.Label));
        _splits.Add((byte)face.Split);
        _targets.AddRange(face.Target);
        _names.Write(Encoding.UTF8.GetBytes(face.Name));
        _nameEnds.Add(checked((int)_names.Length));
    }

    private static UInt128 Digest(ReadOnlySpan<byte> pixels) => MemoryMarshal.Read<UInt128>(SHA256.HashData(pixels));

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
        _names.Dispose();
    }
}

/// <summary>What all faces of a cache have in common.</summary>
internal sealed record FaceShape(int Width, int Height, int Channels, int Classes)
{
    public bool HasMasks { get; init; }
    public bool HasTargets { get; init; }
    public int PixelBytes => Width * Height * Channels;
    public int MaskBytes => HasMasks ? Width * Height : 0;
}

/// <summary>One face on its way into a cache.</summary>
/// <param name="Name">File name, for people.</param>
/// <param name="Label">Class number.</param>
/// <param name="Split">Split.</param>
/// <param name="Pixels">Pixels, HWC.</param>
internal sealed record Face(string Name, int Label, DatasetSplit Split, byte[] Pixels)
{
    /// <summary>Mask, H×W, or empty.</summary>
    public byte[] Mask { get; init; } = [];

    /// <summary>Soft target, one number a class, or empty.</summary>
    public float[] Target { get; init; } = [];
}
