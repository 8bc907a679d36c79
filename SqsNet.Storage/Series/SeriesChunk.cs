using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SqsNet.Storage;

/// <summary>A point with the number of the event that reported it.</summary>
internal readonly record struct LoggedPoint(long Seq, SeriesPoint Point);

/// <summary>The bytes of up to 1,000 points.</summary>
/// <remarks>
/// Little-endian: format (1 byte, 1), bytes per value (1 byte, 4 or 8), count (2 bytes); then seconds as float64, then
/// values as float32 when each of them is one exactly and as float64 otherwise, then per point the growth of the
/// sequence number and of the step (zigzag) as variable-length integers, the first one from 0. Nothing is rounded.
/// </remarks>
internal static class SeriesChunk
{
    internal const int Capacity = 1000;

    private const int HeaderBytes = 4;
    private const byte Format = 1;

    /// <summary>Writes 1 to 1,000 points, in order of their sequence numbers.</summary>
    internal static byte[] Encode(ReadOnlySpan<LoggedPoint> points)
    {
        if (points.Length is 0 or > Capacity)
            throw new ArgumentException($"A chunk has 1 to {Capacity} points, not {points.Length}.", nameof(points));
        var width = IsSingle(points) ? sizeof(float) : sizeof(double);
        // A variable-length integer of 64 bits takes at most ten bytes.
        var bytes = new byte[HeaderBytes + points.Length * (sizeof(double) + width + 20)];
        bytes[0] = Format;
        bytes[1] = (byte)width;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), (ushort)points.Length);
        var seconds = MemoryMarshal.Cast<byte, double>(bytes.AsSpan(HeaderBytes, points.Length * sizeof(double)));
        var values = bytes.AsSpan(HeaderBytes + points.Length * sizeof(double), points.Length * width);
        var position = HeaderBytes + points.Length * (sizeof(double) + width);
        long seq = 0;
        long step = 0;
        for (var i = 0; i < points.Length; i++)
        {
            var (pointSeq, point) = points[i];
            seconds[i] = point.Seconds;
            if (width == sizeof(float))
                MemoryMarshal.Cast<byte, float>(values)[i] = (float)point.Value;
            else
                MemoryMarshal.Cast<byte, double>(values)[i] = point.Value;
            WriteVarint(bytes, ref position, (ulong)(pointSeq - seq));
            WriteVarint(bytes, ref position, ZigZag(point.Step - step));
            (seq, step) = (pointSeq, point.Step);
        }
        return bytes[..position];
    }

    /// <summary>Appends a chunk's points to a list.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a chunk.</exception>
    internal static void Decode(ReadOnlySpan<byte> bytes, List<LoggedPoint> into)
    {
        if (bytes.Length < HeaderBytes || bytes[0] != Format || bytes[1] is not (sizeof(float) or sizeof(double)))
            throw new InvalidDataException("The bytes are not a chunk of a series.");
        var width = bytes[1];
        var count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        var position = HeaderBytes + count * (sizeof(double) + width);
        if (count == 0 || bytes.Length < position)
            throw new InvalidDataException("The chunk of a series is cut off.");
        var seconds = MemoryMarshal.Cast<byte, double>(bytes.Slice(HeaderBytes, count * sizeof(double)));
        var values = bytes.Slice(HeaderBytes + count * sizeof(double), count * width);
        var singles = width == sizeof(float) ? MemoryMarshal.Cast<byte, float>(values) : [];
        var doubles = width == sizeof(double) ? MemoryMarshal.Cast<byte, double>(values) : [];
        long seq = 0;
        long step = 0;
        into.EnsureCapacity(into.Count + count);
        for (var i = 0; i < count; i++)
        {
            seq += (long)ReadVarint(bytes, ref position);
            step += UnZigZag(ReadVarint(bytes, ref position));
            into.Add(new(seq, new(step, seconds[i], singles.IsEmpty ? doubles[i] : singles[i])));
        }
        if (position != bytes.Length)
            throw new InvalidDataException("The chunk of a series is longer than its points.");
    }

    private static bool IsSingle(ReadOnlySpan<LoggedPoint> points)
    {
        foreach (var (_, point) in points)
        {
            if ((float)point.Value != point.Value && !double.IsNaN(point.Value))
                return false;
        }
        return true;
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private static void WriteVarint(byte[] bytes, ref int position, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            bytes[position++] = (byte)(value | 0x80);
        bytes[position++] = (byte)value;
    }

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int position)
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (position >= bytes.Length)
                throw new InvalidDataException("The chunk of a series is cut off.");
            var part = bytes[position++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
        throw new InvalidDataException("The chunk of a series holds a number that is too long.");
    }
}
