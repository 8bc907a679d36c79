using System.Runtime.InteropServices;
using System.Text;
using SqsNet.Torch;

namespace SqsNet.Engine.Parity;

/// <summary>
/// Values that are a function of a tensor's name alone, so that the reference and we fill the same network bit for
/// bit without shipping weights. The specification is tests/reference/FORMULA.md.
/// </summary>
internal static class FormulaWeights
{
    private static readonly uint[] s_crcTable = MakeCrcTable();

    /// <summary>The 64-bit FNV-1a hash of a name.</summary>
    internal static ulong Hash(string name)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var b in Encoding.UTF8.GetBytes(name))
            hash = unchecked((hash ^ b) * 0x100000001B3UL);
        return hash;
    }

    /// <summary>Output i of the SplitMix64 generator started at a seed.</summary>
    internal static ulong SplitMix(ulong seed, long i)
    {
        unchecked
        {
            var z = seed + ((ulong)(i + 1) * 0x9E3779B97F4A7C15UL);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>offset + scale * u in double, element by element in row-major order; u lies in [-1, 1).</summary>
    internal static double[] Doubles(string name, long count, double offset = 0, double scale = 1)
    {
        var seed = Hash(name);
        var values = new double[count];
        for (var i = 0L; i < count; i++)
            values[i] = Value(seed, i, offset, scale);
        return values;
    }

    /// <summary>An image input: u itself, rounded to float.</summary>
    internal static float[] Input(long count, string name = "input") => Floats(name, count, 0, 1);

    /// <summary>The weights of a parameter or buffer, by the rule that its name and shape select.</summary>
    internal static float[] Weights(string key, long[] shape)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        var leaf = key[(key.LastIndexOf('.') + 1)..];
        return leaf switch
        {
            "running_mean" => Floats(key, count, 0, 0.1),
            "running_var" => Floats(key, count, 1, 0.5),
            _ when shape.Length >= 2 => Floats(key, count, 0, Math.Sqrt(3.0 / (count / shape[0]))),
            "weight" when shape.Length == 1 => Floats(key, count, 1, 0.1),
            "bias" when shape.Length == 1 => Floats(key, count, 0, 0.1),
            _ => throw new ArgumentException($"No formula for '{key}' with {shape.Length} dimensions.", nameof(key)),
        };
    }

    /// <summary>Fills every parameter and floating-point buffer of a state dictionary by the formula of its key.</summary>
    internal static void Fill(Module module)
    {
        using var noGrad = torch.no_grad();
        foreach (var (key, tensor) in module.state_dict())
            Fill(tensor, key);
    }

    /// <summary>Fills a tensor by the formula of a key; one of whole numbers stays.</summary>
    internal static void Fill(Tensor tensor, string key)
    {
        if (tensor.dtype == ScalarType.Int64)
            return;
        using var values = torch.tensor<float>(Weights(key, tensor.shape), tensor.shape);
        tensor.copy_(values);
    }

    /// <summary>The images that a reference was computed with, of a shape [N, 3, H, W].</summary>
    internal static Tensor Images(long[] shape) =>
        torch.tensor<float>(Input(shape.Aggregate(1L, (product, size) => product * size)), shape);

    /// <summary>CRC-32 (IEEE 802.3) of the little-endian bytes, as eight hexadecimal digits.</summary>
    internal static string Crc(ReadOnlySpan<float> values)
    {
        var crc = uint.MaxValue;
        foreach (var b in MemoryMarshal.AsBytes(values))
            crc = s_crcTable[(byte)(crc ^ b)] ^ (crc >> 8);
        return $"{~crc:x8}";
    }

    private static float[] Floats(string name, long count, double offset, double scale)
    {
        var seed = Hash(name);
        var values = new float[count];
        for (var i = 0L; i < count; i++)
            values[i] = (float)Value(seed, i, offset, scale);
        return values;
    }

    private static double Value(ulong seed, long i, double offset, double scale)
    {
        var unit = ((long)(SplitMix(seed, i) >> 11) - (1L << 52)) * (1.0 / (1L << 52));
        return offset + (scale * unit);
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            table[i] = value;
        }
        return table;
    }
}
