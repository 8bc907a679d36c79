using System.Text.Json;

namespace SqsNet.Torch;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Dtype">Its element type.</param>
/// <param name="Shape">The size of each dimension.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">The byte after the last.</param>
public sealed record SafetensorsEntry(string Name, ScalarType Dtype, IReadOnlyList<long> Shape, long Begin, long End);

/// <summary>What a safetensors file says it holds, checked against the file.</summary>
/// <param name="Entries">The tensors in the order of the header.</param>
/// <param name="Metadata">Text by key.</param>
/// <param name="DataStart">Where the tensors' bytes begin in the file.</param>
public sealed record SafetensorsHeader(
    IReadOnlyList<SafetensorsEntry> Entries,
    IReadOnlyDictionary<string, string> Metadata,
    long DataStart
)
{
    /// <summary>Bytes before the header: its length.</summary>
    internal const int LengthBytes = 8;

    // The reference implementation's limit, against headers made to exhaust memory.
    internal const long MaxBytes = 100_000_000;

    internal const string MetadataKey = "__metadata__";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>The names that the format has for the element types.</summary>
    internal static IReadOnlyDictionary<string, ScalarType> Types { get; } =
        new Dictionary<string, ScalarType>
        {
            ["F64"] = ScalarType.Float64,
            ["F32"] = ScalarType.Float32,
            ["F16"] = ScalarType.Float16,
            ["BF16"] = ScalarType.BFloat16,
            ["I64"] = ScalarType.Int64,
            ["I32"] = ScalarType.Int32,
            ["I16"] = ScalarType.Int16,
            ["I8"] = ScalarType.Int8,
            ["U8"] = ScalarType.Byte,
            ["BOOL"] = ScalarType.Bool,
        };

    internal static long SizeOf(ScalarType type) =>
        type switch
        {
            ScalarType.Float64 or ScalarType.Int64 => 8,
            ScalarType.Float32 or ScalarType.Int32 => 4,
            ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
            _ => 1,
        };

    /// <summary>Reads and checks a header.</summary>
    /// <param name="json">Its bytes.</param>
    /// <param name="fileLength">Bytes of the whole file.</param>
    /// <exception cref="InvalidDataException">The header breaks a rule of the format.</exception>
    internal static SafetensorsHeader Parse(ReadOnlyMemory<byte> json, long fileLength)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var start = LengthBytes + json.Length;
            var metadata = new Dictionary<string, string>();
            var entries = new List<SafetensorsEntry>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name == MetadataKey)
                {
                    ReadMetadata(property.Value, metadata);
                }
                else
                {
                    entries.Add(ReadEntry(property.Name, property.Value));
                }
            }
            CheckLayout(entries, fileLength - start);
            return new SafetensorsHeader(entries, metadata, start);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"The header is not what the format wants: {e.Message}", e);
        }
    }

    private static void ReadMetadata(JsonElement element, Dictionary<string, string> metadata)
    {
        foreach (var property in element.EnumerateObject())
        {
            metadata.Add(
                property.Name,
                property.Value.GetString() ?? throw new InvalidDataException("Metadata is text.")
            );
        }
    }

    private static SafetensorsEntry ReadEntry(string name, JsonElement element)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (property.Name is not ("dtype" or "shape" or "data_offsets"))
            {
                throw new InvalidDataException($"'{name}' has an unknown property '{property.Name}'.");
            }
        }
        var typeName = Property(name, element, "dtype").GetString();
        if (!Types.TryGetValue(typeName ?? "", out var type))
        {
            throw new InvalidDataException($"'{name}' has the unknown element type '{typeName}'.");
        }
        var shape = Property(name, element, "shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var offsets = Property(name, element, "data_offsets").EnumerateArray().Select(o => o.GetInt64()).ToArray();
        if (offsets is not [>= 0, >= 0] || offsets[1] < offsets[0])
        {
            throw new InvalidDataException($"'{name}' has no valid pair of offsets.");
        }
        if (ByteCount(shape, type) != offsets[1] - offsets[0])
        {
            throw new InvalidDataException(
                $"'{name}' has {offsets[1] - offsets[0]} bytes, which its shape does not fill."
            );
        }
        return new SafetensorsEntry(name, type, shape, offsets[0], offsets[1]);
    }

    private static JsonElement Property(string name, JsonElement element, string property) =>
        element.TryGetProperty(property, out var value)
            ? value
            : throw new InvalidDataException($"'{name}' has no '{property}'.");

    /// <summary>Bytes of a shape, or -1 where a size is negative or the product has no room.</summary>
    private static long ByteCount(long[] shape, ScalarType type)
    {
        UInt128 bytes = (UInt128)SizeOf(type);
        foreach (var size in shape)
        {
            if (size < 0)
            {
                return -1;
            }
            bytes *= (UInt128)size;
            if (bytes > long.MaxValue)
            {
                return -1;
            }
        }
        return (long)bytes;
    }

    /// <summary>The tensors fill the rest of the file without gaps and without overlaps.</summary>
    private static void CheckLayout(List<SafetensorsEntry> entries, long bytes)
    {
        var position = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != position)
            {
                throw new InvalidDataException(
                    $"'{entry.Name}' begins at {entry.Begin}, but the tensor before ends at {position}."
                );
            }
            position = entry.End;
        }
        if (position != bytes)
        {
            throw new InvalidDataException($"The tensors end at {position}, but the file has {bytes} bytes for them.");
        }
    }
}
