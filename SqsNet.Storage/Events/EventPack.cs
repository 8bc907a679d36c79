using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace SqsNet.Storage;

/// <summary>The bytes of a few hundred events.</summary>
/// <remarks>Brotli over: per event its sequence number (4 bytes, little-endian), the length of its JSON (4 bytes) and the JSON in UTF-8.</remarks>
internal static class EventPack
{
    /// <summary>Largest number of events in one pack: reading one event unpacks them all.</summary>
    internal const int Capacity = 256;

    // Quality 4 of 11: below it the repetition over several lines is not found, above it the time is not worth it.
    private const int Quality = 4;
    private const int Window = 18;
    private const int HeaderBytes = 8;

    /// <summary>Gathers events and gives their bytes.</summary>
    internal sealed class Builder
    {
        private readonly ArrayBufferWriter<byte> _plain = new();

        internal int Count { get; private set; }
        internal long FirstSeq { get; private set; }
        internal long LastSeq { get; private set; }

        internal void Add(long seq, ReadOnlySpan<byte> json)
        {
            var header = _plain.GetSpan(HeaderBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)seq);
            BinaryPrimitives.WriteInt32LittleEndian(header[4..], json.Length);
            _plain.Advance(HeaderBytes);
            _plain.Write(json);
            FirstSeq = Count++ == 0 ? seq : FirstSeq;
            LastSeq = seq;
        }

        /// <summary>The pack; the builder is empty afterwards.</summary>
        internal byte[] Take()
        {
            var packed = new byte[sizeof(int) + BrotliEncoder.GetMaxCompressedLength(_plain.WrittenCount)];
            BinaryPrimitives.WriteInt32LittleEndian(packed, _plain.WrittenCount);
            if (
                !BrotliEncoder.TryCompress(
                    _plain.WrittenSpan,
                    packed.AsSpan(sizeof(int)),
                    out var written,
                    Quality,
                    Window
                )
            )
                throw new InvalidOperationException($"{_plain.WrittenCount} bytes of events could not be compressed.");
            _plain.ResetWrittenCount();
            Count = 0;
            return packed[..(sizeof(int) + written)];
        }
    }

    /// <summary>The events of a pack, in order.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a pack.</exception>
    internal static IEnumerable<(long Seq, ReadOnlyMemory<byte> Json)> Read(ReadOnlySpan<byte> packed)
    {
        if (packed.Length < sizeof(int))
            throw Broken();
        var plain = new byte[BinaryPrimitives.ReadInt32LittleEndian(packed)];
        if (!BrotliDecoder.TryDecompress(packed[sizeof(int)..], plain, out var written) || written != plain.Length)
            throw Broken();
        return Split(plain);
    }

    private static IEnumerable<(long Seq, ReadOnlyMemory<byte> Json)> Split(byte[] plain)
    {
        for (var position = 0; position < plain.Length; )
        {
            if (position + HeaderBytes > plain.Length)
                throw Broken();
            var seq = BinaryPrimitives.ReadUInt32LittleEndian(plain.AsSpan(position));
            var length = BinaryPrimitives.ReadInt32LittleEndian(plain.AsSpan(position + 4));
            position += HeaderBytes;
            if (length < 0 || position + length > plain.Length)
                throw Broken();
            yield return (seq, plain.AsMemory(position, length));
            position += length;
        }
    }

    private static InvalidDataException Broken() => new("The bytes are not a pack of events.");
}
