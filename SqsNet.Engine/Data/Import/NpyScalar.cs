using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SqsNet.Engine.Data;

/// <summary>The one number in a NumPy file: an integer, a float, or text that spells one, as AffectNet stores it.</summary>
/// <remarks>Format: numpy.lib.format, versions 1 and 2, little-endian.</remarks>
internal static partial class NpyScalar
{
    /// <summary>The number, or null where the file does not hold exactly one.</summary>
    public static double? Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || file[0] != 0x93 || !file[1..6].SequenceEqual("NUMPY"u8))
            return null;
        var (start, length) = file[6] switch
        {
            1 => (10, BinaryPrimitives.ReadUInt16LittleEndian(file[8..])),
            2 => (12, BinaryPrimitives.ReadUInt32LittleEndian(file[8..])),
            _ => (0, uint.MaxValue),
        };
        if (length > file.Length - start)
            return null;
        var header = Encoding.Latin1.GetString(file.Slice(start, (int)length));
        var data = file[(start + (int)length)..];
        var type = TypePattern().Match(header);
        var shape = ShapePattern().Match(header);
        var isScalar = shape.Success && shape.Groups["shape"].Value.Trim() is "" or "1," or "1";
        return type.Success && isScalar ? Parse(type.Groups["type"].Value, data) : null;
    }

    private static double? Parse(string type, ReadOnlySpan<byte> data)
    {
        if (type.Length < 2 || !int.TryParse(type.AsSpan(2), CultureInfo.InvariantCulture, out var width) || width < 1)
            return null;
        var size = type[1] == 'U' ? 4L * width : width;
        if (size != data.Length || type[0] == '>')
            return null;
        return (type[1], width) switch
        {
            ('U', _) => ParseText(Encoding.UTF32.GetString(data)),
            ('S', _) => ParseText(Encoding.Latin1.GetString(data)),
            ('i', 8) => BinaryPrimitives.ReadInt64LittleEndian(data),
            ('i', 4) => BinaryPrimitives.ReadInt32LittleEndian(data),
            ('i', 2) => BinaryPrimitives.ReadInt16LittleEndian(data),
            ('i', 1) => (sbyte)data[0],
            ('u', 1) => data[0],
            ('f', 8) => BinaryPrimitives.ReadDoubleLittleEndian(data),
            ('f', 4) => BinaryPrimitives.ReadSingleLittleEndian(data),
            _ => null,
        };
    }

    private static double? ParseText(string text) =>
        double.TryParse(text.TrimEnd('\0'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    [GeneratedRegex(
        "'descr':\\s*'(?<type>[<>|=][A-Za-z][0-9]+)'",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex TypePattern();

    [GeneratedRegex("'shape':\\s*\\((?<shape>[^)]*)\\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ShapePattern();
}
