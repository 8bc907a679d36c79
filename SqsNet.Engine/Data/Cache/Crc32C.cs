using System.Numerics;
using System.Runtime.InteropServices;

namespace SqsNet.Engine.Data;

/// <summary>CRC-32C (Castagnoli), with the processor's own instruction where it has one.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of the bytes, as RFC 3720 gives it ("123456789" is E3069283).</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (var b in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
