using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SqsNet.Engine.Data;

namespace SqsNet.Engine.Training;

/// <summary>What the SQS module computes for one quad: three similarity maps and the refinement map, row by row.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="SAP">Similarity of anchor and positive at each location, 0 to 1 (equation 6).</param>
/// <param name="SAN1">Similarity of anchor and first negative.</param>
/// <param name="SAN2">Similarity of anchor and second negative.</param>
/// <param name="R">The refinement map (equation 7); signed.</param>
public sealed record SimilarityMaps(int Height, int Width, float[] SAP, float[] SAN1, float[] SAN2, float[] R);

/// <summary>The similarity maps of a trial's inspected quads at one epoch, as a compact binary file.</summary>
/// <remarks>
/// Little-endian: "SQSM", version (int32, 1), number of quads (int32); for each quad height and width (int32 each) and the
/// four maps (float32, row by row); last a CRC-32C of everything before it.
/// </remarks>
public static class SimilarityMapsFile
{
    private const int Version = 1;
    private const int MaxQuads = 4096;
    private const int MaxSide = 4096;

    private static ReadOnlySpan<byte> Magic => "SQSM"u8;

    /// <summary>Path of an epoch's file, relative to the trial's folder, with forward slashes.</summary>
    /// <param name="epoch">1-based epoch; 0 is before training.</param>
    public static string RelativePath(int epoch) => $"maps/epoch-{epoch:D4}.maps";

    /// <summary>Writes the maps; the file appears whole or not at all.</summary>
    /// <exception cref="ArgumentException">A map does not have height times width values.</exception>
    public static void Write(string path, IReadOnlyList<SimilarityMaps> quads)
    {
        if (quads.Count > MaxQuads)
            throw new ArgumentException($"{quads.Count} quads are too many; at most {MaxQuads}.", nameof(quads));
        using var content = new MemoryStream();
        content.Write(Magic);
        WriteInt(content, Version);
        WriteInt(content, quads.Count);
        foreach (var quad in quads)
        {
            WriteInt(content, quad.Height);
            WriteInt(content, quad.Width);
            foreach (var map in (ReadOnlySpan<float[]>)[quad.SAP, quad.SAN1, quad.SAN2, quad.R])
            {
                if (map.Length != quad.Height * quad.Width)
                    throw new ArgumentException(
                        $"A map has {map.Length} values; {quad.Height}x{quad.Width} need {quad.Height * quad.Width}.",
                        nameof(quads)
                    );
                content.Write(MemoryMarshal.AsBytes(map.AsSpan()));
            }
        }
        WriteInt(content, unchecked((int)Crc32C.Compute(content.GetBuffer().AsSpan(0, (int)content.Length))));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        DurableFile.Write(path, content.ToArray());
    }

    /// <summary>Reads the maps.</summary>
    /// <exception cref="InvalidDataException">The file is not of this kind, of a newer version, or damaged.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyList<SimilarityMaps> Read(string path)
    {
        var content = File.ReadAllBytes(path);
        if (content.Length < 16 || !content.AsSpan(0, 4).SequenceEqual(Magic))
            throw new InvalidDataException($"{path} is not a file of similarity maps.");
        var version = BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(4));
        if (version != Version)
            throw new InvalidDataException($"{path} has version {version}; this program reads version {Version}.");
        var body = content.AsSpan(0, content.Length - 4);
        if (Crc32C.Compute(body) != BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(body.Length)))
            throw new InvalidDataException($"{path} is damaged: its checksum does not match.");
        var at = 8;
        var quads = new SimilarityMaps[ReadInt(content, ref at, MaxQuads, path)];
        for (var q = 0; q < quads.Length; q++)
        {
            var height = ReadInt(content, ref at, MaxSide, path);
            var width = ReadInt(content, ref at, MaxSide, path);
            var cells = height * width;
            if (body.Length - at < 4L * 4 * cells)
                throw new InvalidDataException($"{path} ends within quad {q}.");
            quads[q] = new(
                height,
                width,
                ReadMap(content, ref at, cells),
                ReadMap(content, ref at, cells),
                ReadMap(content, ref at, cells),
                ReadMap(content, ref at, cells)
            );
        }
        return at == body.Length
            ? quads
            : throw new InvalidDataException($"{path} has {body.Length - at} bytes after its last quad.");
    }

    private static void WriteInt(MemoryStream content, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        content.Write(bytes);
    }

    private static int ReadInt(ReadOnlySpan<byte> content, ref int at, int largest, string path)
    {
        if (content.Length - 4 - at < 4)
            throw new InvalidDataException($"{path} ends too early.");
        var value = BinaryPrimitives.ReadInt32LittleEndian(content[at..]);
        at += 4;
        return value >= 0 && value <= largest
            ? value
            : throw new InvalidDataException($"{path} names {value} where at most {largest} can be.");
    }

    private static float[] ReadMap(ReadOnlySpan<byte> content, ref int at, int cells)
    {
        var map = MemoryMarshal.Cast<byte, float>(content.Slice(at, 4 * cells)).ToArray();
        at += 4 * cells;
        return map;
    }
}
