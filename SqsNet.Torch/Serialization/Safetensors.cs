using System.Buffers;
using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Text.Json;

namespace SqsNet.Torch;

/// <summary>
/// Files of named tensors in Hugging Face's safetensors format: a length, a header in JSON, the tensors' bytes. Nothing in
/// such a file is ever run.
/// </summary>
public static class Safetensors
{
    /// <summary>
    /// Writes a file so that it is there whole or not at all: beside, flushed to the disk, then renamed over the old one.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Names and tensors, on any device.</param>
    /// <param name="metadata">Text by key.</param>
    /// <exception cref="ArgumentException">A name stands there twice or is the metadata's own.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(
        string path,
        IEnumerable<(string Name, Tensor Tensor)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        // Larger elements first keeps every tensor aligned to its element's size.
        var list = tensors.ToList();
        var layout = list.OrderByDescending(item => item.Tensor.element_size()).ToList();
        var header = Header(list, layout, metadata);
        var aside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(header);
                foreach (var (_, tensor) in layout)
                {
                    Write(stream, tensor);
                }
                stream.Flush(flushToDisk: true);
            }
            File.Move(aside, path, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }
    }

    /// <summary>Writes a state dictionary; the other overload says how.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Tensors by name, on any device.</param>
    /// <param name="metadata">Text by key.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(
        string path,
        IReadOnlyDictionary<string, Tensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        ArgumentNullException.ThrowIfNull(tensors);
        Save(path, tensors.Select(pair => (pair.Key, pair.Value)), metadata);
    }

    /// <summary>Reads and checks only the header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file breaks a rule of the format.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static SafetensorsHeader ReadHeader(string path)
    {
        using var stream = File.OpenRead(path);
        try
        {
            return ReadHeader(stream);
        }
        catch (InvalidDataException broken)
        {
            throw new InvalidDataException(
                $"{path} is no safetensors file, or damaged or cut off: {broken.Message} Copy it again from where it came.",
                broken
            );
        }
    }

    private static SafetensorsHeader ReadHeader(FileStream stream)
    {
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.LengthBytes];
        if (stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length)
        {
            throw new InvalidDataException("It ends before its header.");
        }
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.MaxBytes || (long)length > stream.Length - prefix.Length)
        {
            throw new InvalidDataException($"It claims a header of {length:N0} bytes, more than it may or can have.");
        }
        var json = new byte[length];
        stream.ReadExactly(json);
        return SafetensorsHeader.Parse(json, stream.Length);
    }

    /// <summary>Reads every tensor. The file is mapped, so that each byte is copied once.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where the tensors live; the processor where none is given.</param>
    /// <returns>Tensors by name, in the header's order; they belong to the innermost dispose scope, or to the caller.</returns>
    /// <exception cref="InvalidDataException">The file breaks a rule of the format.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static unsafe OrderedDictionary<string, Tensor> Load(string path, Device? device = null)
    {
        var header = ReadHeader(path);
        var tensors = new OrderedDictionary<string, Tensor>();
        using var file = MemoryMappedFile.CreateFromFile(
            path,
            FileMode.Open,
            mapName: null,
            capacity: 0,
            MemoryMappedFileAccess.Read
        );
        using var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            foreach (var entry in header.Entries)
            {
                var bytes = start + view.PointerOffset + header.DataStart + entry.Begin;
                tensors.Add(
                    entry.Name,
                    torch.FromMemory(bytes, entry.End - entry.Begin, [.. entry.Shape], entry.Dtype, device)
                );
            }
            return tensors;
        }
        catch
        {
            foreach (var tensor in tensors.Values)
            {
                tensor.Dispose();
            }
            throw;
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    /// <summary>Length and JSON, padded with spaces so that the tensors begin at a multiple of eight bytes.</summary>
    private static byte[] Header(
        List<(string Name, Tensor Tensor)> listed,
        List<(string Name, Tensor Tensor)> layout,
        IReadOnlyDictionary<string, string>? metadata
    )
    {
        var offsets = new Dictionary<string, (long Begin, long End)>();
        var position = 0L;
        foreach (var (name, tensor) in layout)
        {
            if (name == SafetensorsHeader.MetadataKey)
            {
                throw new ArgumentException($"No tensor may be named {name}.", nameof(layout));
            }
            var end = position + tensor.numel() * tensor.element_size();
            offsets.Add(name, (position, end));
            position = end;
        }
        var buffer = new ArrayBufferWriter<byte>();
        ReadOnlySpan<byte> length = stackalloc byte[SafetensorsHeader.LengthBytes];
        buffer.Write(length);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach (var (key, value) in metadata)
                {
                    json.WriteString(key, value);
                }
                json.WriteEndObject();
            }
            foreach (var (name, tensor) in listed)
            {
                WriteEntry(json, name, tensor, offsets[name]);
            }
            json.WriteEndObject();
        }
        var padding = (8 - buffer.WrittenCount % 8) % 8;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        var header = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - SafetensorsHeader.LengthBytes);
        return header;
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, Tensor tensor, (long Begin, long End) offsets)
    {
        var dtype = tensor.dtype;
        json.WriteStartObject(name);
        json.WriteString("dtype", SafetensorsHeader.Types.First(pair => pair.Value == dtype).Key);
        json.WriteStartArray("shape");
        foreach (var size in tensor.shape)
        {
            json.WriteNumberValue(size);
        }
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offsets.Begin);
        json.WriteNumberValue(offsets.End);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(FileStream stream, Tensor tensor)
    {
        var length = checked((int)(tensor.numel() * tensor.element_size()));
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            tensor.CopyBytesTo(buffer.AsSpan(0, length));
            stream.Write(buffer, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
