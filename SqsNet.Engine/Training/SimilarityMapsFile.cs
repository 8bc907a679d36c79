using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SqsNet.Engine.Data;

namespace SqsNet.Engine.Training;

/// <summary>The similarity maps of a trial's inspected quads at one epoch, as a compact binary file.</summary>
/// <remarks>
/// Little-endian: "SQSM", version (int32, 2), number of quads (int32); for each quad height and width (int32 each), the four
/// maps (float32, row by row), and twice, for norms and attention, a number of faces (int32, 0 or 4) with height, width and
/// values of each; last a CRC-32C of everything before it. Version 1 had the four maps alone.
/// </remarks>
public static class SimilarityMapsFile
{
    private const int Version = 2;
    private const int Faces = 4;
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
            WriteFaces(content, quad.Norms);
            WriteFaces(content, quad.Attention);
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
        if (version is < 1 or > Version)
            throw new InvalidDataException(
                $"{path} has version {version}; this program reads up to version {Version}."
            );
        var body = content.AsSpan(0, content.Length - 4);
        if (Crc32C.Compute(body) != BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(body.Length)))
            throw new InvalidDataException($"{path} is damaged: its checksum does not match.");
        var reader = new Reader(body, path) { At = 8 };
        var quads = new SimilarityMaps[reader.Int(MaxQuads)];
        for (var q = 0; q < quads.Length; q++)
        {
            var (height, width) = (reader.Int(MaxSide), reader.Int(MaxSide));
            var cells = height * width;
            quads[q] = new(height, width, reader.Map(cells), reader.Map(cells), reader.Map(cells), reader.Map(cells));
            if (version > 1)
                quads[q] = quads[q] with { Norms = reader.FaceMaps(), Attention = reader.FaceMaps() };
        }
        return reader.At == body.Length
            ? quads
            : throw new InvalidDataException($"{path} has {body.Length - reader.At} bytes after its last quad.");
    }

    private static void WriteFaces(MemoryStream content, IReadOnlyList<FaceMap> faces)
    {
        WriteInt(content, faces.Count);
        foreach (var (height, width, values) in faces)
        {
            WriteInt(content, height);
            WriteInt(content, width);
            content.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        }
    }

    private static void WriteInt(MemoryStream content, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        content.Write(bytes);
    }

    /// <summary>Reads one value after the other.</summary>
    private ref struct Reader(ReadOnlySpan<byte> body, string path)
    {
        private readonly ReadOnlySpan<byte> _body = body;

        public int At { get; set; }

        /// <summary>A number from 0 to a largest.</summary>
        public int Int(int largest)
        {
            var value = BinaryPrimitives.ReadInt32LittleEndian(Take(4));
            return value >= 0 && value <= largest
                ? value
                : throw new InvalidDataException($"{path} names {value} where at most {largest} can be.");
        }

        /// <summary>A map of so many cells.</summary>
        public float[] Map(int cells) => MemoryMarshal.Cast<byte, float>(Take(4 * cells)).ToArray();

        /// <summary>A map of each face, or none.</summary>
        public FaceMap[] FaceMaps()
        {
            var maps = new FaceMap[Int(Faces)];
            for (var i = 0; i < maps.Length; i++)
            {
                var (height, width) = (Int(MaxSide), Int(MaxSide));
                maps[i] = new(height, width, Map(height * width));
            }
            return maps;
        }

        private ReadOnlySpan<byte> Take(int bytes)
        {
            if (_body.Length - At < bytes)
                throw new InvalidDataException($"{path} ends too early.");
            At += bytes;
            return _body.Slice(At - bytes, bytes);
        }
    }
}
