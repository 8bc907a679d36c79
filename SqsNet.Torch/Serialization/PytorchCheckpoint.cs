using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;

namespace SqsNet.Torch;

/// <summary>
/// Reads the tensors of a checkpoint by torch.save: a ZIP archive (.pth, .pt) or the format before PyTorch 1.6.
/// </summary>
/// <remarks>
/// No code of a checkpoint runs: its pickle is read by <see cref="PickleReader"/>, which knows tensors and plain
/// containers only. Storages are never larger than the file, so that a small file cannot claim much memory.
/// </remarks>
public static class PytorchCheckpoint
{
    private const int LargestPickle = 64 << 20;

    // Where training programs keep the network's own dictionary, in the order of preference.
    private static readonly string[] Homes = ["state_dict", "model_state_dict", "model", "net", "network", "backbone"];

    private static readonly BigInteger LegacyMagic = BigInteger.Parse(
        "01950a86a20f9469cfc6c",
        System.Globalization.NumberStyles.HexNumber,
        System.Globalization.CultureInfo.InvariantCulture
    );

    private static readonly Dictionary<string, ScalarType> Types = new()
    {
        ["torch.FloatStorage"] = ScalarType.Float32,
        ["torch.DoubleStorage"] = ScalarType.Float64,
        ["torch.HalfStorage"] = ScalarType.Float16,
        ["torch.BFloat16Storage"] = ScalarType.BFloat16,
        ["torch.LongStorage"] = ScalarType.Int64,
        ["torch.IntStorage"] = ScalarType.Int32,
        ["torch.ShortStorage"] = ScalarType.Int16,
        ["torch.CharStorage"] = ScalarType.Int8,
        ["torch.ByteStorage"] = ScalarType.Byte,
        ["torch.BoolStorage"] = ScalarType.Bool,
    };

    private static readonly HashSet<string> Constants = [.. Types.Keys];

    private static readonly Dictionary<string, Func<object?[], object?>> Calls = new()
    {
        ["collections.OrderedDict"] = arguments =>
            arguments.Length == 0
                ? new Dictionary<object, object?>()
                : throw new InvalidDataException("an ordered dictionary is made in an unknown way."),
        ["torch._utils._rebuild_tensor"] = View,
        ["torch._utils._rebuild_tensor_v2"] = View,
        ["torch._utils._rebuild_parameter"] = arguments =>
            arguments is [StoredTensor tensor, ..]
                ? tensor
                : throw new InvalidDataException("a parameter is made of what is no tensor."),
        ["torch.Size"] = arguments => arguments is [object?[] sizes] ? sizes : arguments,
    };

    /// <summary>Whether a file begins like a checkpoint of either format.</summary>
    internal static bool IsBeginning(ReadOnlySpan<byte> start) => IsArchive(start) || IsLegacy(start);

    /// <summary>Reads every tensor of the network's dictionary.</summary>
    /// <param name="path">The file.</param>
    /// <returns>
    /// Tensors by name, in the file's order, without the "module." of networks that were spread over devices; they
    /// belong to the innermost dispose scope, or to the caller.
    /// </returns>
    /// <exception cref="InvalidDataException">The file is damaged or holds more than tensors; says what.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static OrderedDictionary<string, Tensor> Load(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            Span<byte> start = stackalloc byte[4];
            var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            stream.Position = 0;
            return IsArchive(start[..read]) ? LoadArchive(stream) : LoadLegacy(stream);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException or OverflowException)
        {
            throw new InvalidDataException(
                $"{path} cannot be read as a checkpoint of PyTorch: {damaged.Message} If you trust it, load it in Python "
                    + "and save its tensors with safetensors.torch.save_file.",
                damaged
            );
        }
    }

    private static bool IsArchive(ReadOnlySpan<byte> start) => start.StartsWith("PK\x03\x04"u8);

    private static bool IsLegacy(ReadOnlySpan<byte> start) =>
        start.StartsWith((ReadOnlySpan<byte>)[0x80, 0x02, 0x8a, 0x0a]);

    private static OrderedDictionary<string, Tensor> LoadArchive(FileStream stream)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
        const string pickle = "/data.pkl";
        var main =
            archive.Entries.FirstOrDefault(entry => entry.FullName.EndsWith(pickle, StringComparison.Ordinal))
            ?? throw new InvalidDataException("the archive has no data.pkl.");
        var folder = main.FullName[..^pickle.Length];
        if (archive.GetEntry($"{folder}/byteorder") is { } order && !Bytes(order).AsSpan().SequenceEqual("little"u8))
        {
            throw new InvalidDataException("its numbers are stored with the big end first.");
        }
        if (main.Length > LargestPickle)
        {
            throw new InvalidDataException($"its pickle has {main.Length} bytes, more than {LargestPickle}.");
        }
        var storages = new Dictionary<string, Storage>();
        var root = new PickleReader(Bytes(main), Calls, Constants, id => Find(id, storages)).Read();
        foreach (var storage in storages.Values)
        {
            var entry =
                archive.GetEntry($"{folder}/data/{storage.Key}")
                ?? throw new InvalidDataException($"the archive lacks the storage {storage.Key}.");
            storage.Bytes = Bytes(entry);
        }
        return Tensors(StateDict(root), storages.Values);
    }

    private static OrderedDictionary<string, Tensor> LoadLegacy(FileStream stream)
    {
        if (stream.Length > Array.MaxLength)
        {
            throw new InvalidDataException(
                $"it has {stream.Length} bytes; this old format is read up to {Array.MaxLength}."
            );
        }
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var rest = (ReadOnlyMemory<byte>)bytes;
        var storages = new Dictionary<string, Storage>();
        if (Next() is not BigInteger magic || magic != LegacyMagic)
        {
            throw new InvalidDataException("it does not begin as one.");
        }
        _ = Next(); // the protocol
        _ = Next(); // the machine that wrote it
        var root = Next();
        if (Next() is not List<object?> keys)
        {
            throw new InvalidDataException("its storages are not listed.");
        }
        foreach (var key in keys)
        {
            if (key is not string name || !storages.TryGetValue(name, out var storage))
            {
                throw new InvalidDataException("it lists a storage that no tensor has.");
            }
            storage.Bytes = Take(
                checked((int)(BinaryPrimitives.ReadInt64LittleEndian(Take(8).Span) * storage.ElementSize))
            );
        }
        return Tensors(StateDict(root), storages.Values);

        object? Next()
        {
            var reader = new PickleReader(rest, Calls, Constants, id => Find(id, storages));
            var value = reader.Read();
            rest = rest[reader.Position..];
            return value;
        }

        ReadOnlyMemory<byte> Take(int count)
        {
            if (count < 0 || count > rest.Length)
            {
                throw new InvalidDataException("it ends within its storages.");
            }
            var taken = rest[..count];
            rest = rest[count..];
            return taken;
        }
    }

    /// <summary>An entry's bytes. torch.save compresses nothing, so that no entry is larger than the file.</summary>
    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        if (entry.CompressedLength != entry.Length || entry.Length > Array.MaxLength)
        {
            throw new InvalidDataException($"{entry.FullName} is compressed or too large.");
        }
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The storage that a persistent identifier means: ("storage", type, key, device, elements).</summary>
    private static Storage Find(object?[] id, Dictionary<string, Storage> storages)
    {
        if (id is not ["storage", PickleGlobal type, string key, string, long elements, ..])
        {
            throw new InvalidDataException("a storage is named in an unknown way.");
        }
        if (!Types.TryGetValue(type.Name, out var dtype))
        {
            throw new InvalidDataException($"{type.Name} is no type of storage.");
        }
        if (storages.TryGetValue(key, out var known))
        {
            return known.Dtype == dtype && known.Elements == elements
                ? known
                : throw new InvalidDataException($"the storage {key} is described in two ways.");
        }
        return storages[key] = new(key, dtype, elements);
    }

    private static StoredTensor View(object?[] arguments) =>
        arguments is [Storage storage, long offset, object?[] sizes, object?[] strides, ..]
        && sizes.Length == strides.Length
        && Array.TrueForAll(sizes, size => size is long and >= 0)
        && Array.TrueForAll(strides, stride => stride is long and >= 0)
        && offset >= 0
            ? new(storage, offset, [.. sizes.Cast<long>()], [.. strides.Cast<long>()])
            : throw new InvalidDataException("a tensor is made in an unknown way.");

    /// <summary>The network's dictionary: the whole, or an entry with one of the usual names.</summary>
    private static IEnumerable<(string Name, StoredTensor Tensor)> StateDict(object? root)
    {
        if (root is not Dictionary<object, object?> whole)
        {
            throw new InvalidDataException("it holds no dictionary.");
        }
        var found = Homes
            .Select(home => whole.GetValueOrDefault(home))
            .Prepend(whole)
            .OfType<Dictionary<object, object?>>()
            .FirstOrDefault(candidate =>
                candidate.Count > 0 && candidate.All(entry => entry is { Key: string, Value: StoredTensor })
            );
        if (found is null)
        {
            throw new InvalidDataException(
                $"it holds no dictionary of tensors, neither as the whole nor as one of {string.Join(", ", Homes)}; its keys are "
                    + $"{string.Join(", ", whole.Keys.OfType<string>().Take(8))}."
            );
        }
        const string spread = "module.";
        var isSpread = found.Keys.All(key => ((string)key).StartsWith(spread, StringComparison.Ordinal));
        return found.Select(entry =>
            (isSpread ? ((string)entry.Key)[spread.Length..] : (string)entry.Key, (StoredTensor)entry.Value!)
        );
    }

    private static OrderedDictionary<string, Tensor> Tensors(
        IEnumerable<(string Name, StoredTensor Tensor)> entries,
        IEnumerable<Storage> storages
    )
    {
        foreach (var storage in storages)
        {
            storage.Check();
        }
        var tensors = new OrderedDictionary<string, Tensor>();
        try
        {
            foreach (var (name, tensor) in entries)
            {
                tensors.Add(name, tensor.ToTensor(name));
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
    }

    /// <summary>Elements in a row that tensors are views of.</summary>
    private sealed record Storage(string Key, ScalarType Dtype, long Elements)
    {
        internal int ElementSize { get; } = (int)SafetensorsHeader.SizeOf(Dtype);

        internal ReadOnlyMemory<byte> Bytes { get; set; }

        internal void Check()
        {
            if (Elements < 0 || Bytes.Length != checked(Elements * ElementSize))
            {
                throw new InvalidDataException(
                    $"the storage {Key} has {Bytes.Length} bytes, not {Elements} elements of {ElementSize}."
                );
            }
        }
    }

    /// <summary>A view of a storage, as PyTorch describes one.</summary>
    private sealed record StoredTensor(Storage Storage, long Offset, long[] Sizes, long[] Strides)
    {
        internal unsafe Tensor ToTensor(string name)
        {
            var elements = Sizes.Aggregate(1L, (product, size) => checked(product * size));
            var last = Offset;
            for (var i = 0; i < Sizes.Length; i++)
            {
                last = checked(last + Math.Max(0, Sizes[i] - 1) * Strides[i]);
            }
            // A view may repeat elements without end; those of a network do not.
            if (elements > Storage.Elements || (elements > 0 && last >= Storage.Elements))
            {
                throw new InvalidDataException(
                    $"{name} of shape [{string.Join(", ", Sizes)}] reaches beyond its storage of {Storage.Elements} elements."
                );
            }
            var row = new byte[elements * Storage.ElementSize];
            Gather(Storage.Bytes.Span, row);
            fixed (byte* start = row)
            {
                return torch.FromMemory(start, row.Length, Sizes, Storage.Dtype, device: null);
            }
        }

        /// <summary>Copies the elements in row-major order.</summary>
        private void Gather(ReadOnlySpan<byte> from, Span<byte> to)
        {
            var size = Storage.ElementSize;
            var index = new long[Sizes.Length];
            var at = Offset;
            for (var done = 0; done < to.Length; done += size)
            {
                from.Slice((int)(at * size), size).CopyTo(to[done..]);
                for (var axis = index.Length - 1; axis >= 0; axis--)
                {
                    at += Strides[axis];
                    if (++index[axis] < Sizes[axis])
                    {
                        break;
                    }
                    at -= Sizes[axis] * Strides[axis];
                    index[axis] = 0;
                }
            }
        }
    }
}
