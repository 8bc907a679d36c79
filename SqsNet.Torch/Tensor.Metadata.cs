namespace SqsNet.Torch;

public sealed unsafe partial class Tensor
{
    // libtorch's own limit for most operations.
    private const int MaxDimensions = 64;

    /// <summary>The number of dimensions.</summary>
    public long dim()
    {
        long result;
        TorchException.ThrowIfFailed(NativeMethods.sqs_tensor_dim(Handle, &result), "dim", this);
        return result;
    }

    /// <summary>The number of dimensions.</summary>
    public long ndim => dim();

    /// <summary>The number of elements.</summary>
    public long numel()
    {
        long result;
        TorchException.ThrowIfFailed(NativeMethods.sqs_tensor_numel(Handle, &result), "numel", this);
        return result;
    }

    /// <summary>The size of each dimension.</summary>
    public long[] shape
    {
        get
        {
            var result = new long[dim()];
            fixed (long* pointer = result)
            {
                TorchException.ThrowIfFailed(
                    NativeMethods.sqs_tensor_sizes(Handle, pointer, result.Length),
                    "shape",
                    this
                );
            }
            return result;
        }
    }

    /// <summary>The size of each dimension.</summary>
    public long[] size() => shape;

    /// <summary>The size of one dimension.</summary>
    /// <param name="dim">-dim() to dim() - 1; negative numbers count from the last.</param>
    /// <exception cref="TorchException">There is no such dimension.</exception>
    public long size(long dim)
    {
        long result;
        TorchException.ThrowIfFailed(NativeMethods.sqs_tensor_size(Handle, dim, &result), "size", this);
        return result;
    }

    /// <summary>How many elements lie between neighbours of each dimension.</summary>
    public long[] stride()
    {
        var result = new long[dim()];
        fixed (long* pointer = result)
        {
            TorchException.ThrowIfFailed(
                NativeMethods.sqs_tensor_strides(Handle, pointer, result.Length),
                "stride",
                this
            );
        }
        return result;
    }

    /// <summary>The type of the elements.</summary>
    public ScalarType dtype
    {
        get
        {
            int result;
            TorchException.ThrowIfFailed(NativeMethods.sqs_tensor_dtype(Handle, &result), "dtype", this);
            return (ScalarType)result;
        }
    }

    /// <summary>Bytes of one element.</summary>
    public long element_size()
    {
        long result;
        TorchException.ThrowIfFailed(NativeMethods.sqs_tensor_element_size(Handle, &result), "element_size", this);
        return result;
    }

    /// <summary>Where the tensor lives.</summary>
    public Device device
    {
        get
        {
            int type;
            int index;
            TorchException.ThrowIfFailed(NativeMethods.sqs_tensor_device(Handle, &type, &index), "device", this);
            return new Device((DeviceType)type, index);
        }
    }

    /// <summary>Whether the elements are fractions.</summary>
    public bool is_floating_point() => ScalarTypes.IsFloatingPoint(dtype);

    /// <summary>Whether the elements lie densely in the given order.</summary>
    /// <param name="memory_format">The order to ask about.</param>
    public bool is_contiguous(MemoryFormat memory_format = MemoryFormat.Contiguous)
    {
        byte result;
        TorchException.ThrowIfFailed(
            NativeMethods.sqs_tensor_is_contiguous(Handle, (int)memory_format, &result),
            "is_contiguous",
            this
        );
        return result != 0;
    }

    /// <summary>Shape, element type and device, such as <c>Tensor(8, 3, 64, 64) Float32 cpu</c>.</summary>
    public override string ToString() => IsDisposed ? "Tensor(disposed)" : $"Tensor{Describe()} {device}";

    /// <summary>Shape and element type; never throws, because it describes the inputs of failures.</summary>
    internal string Describe()
    {
        var sizes = stackalloc long[MaxDimensions];
        long dimensions;
        int type;
        var described =
            _handle != 0
            && NativeMethods.sqs_tensor_dim(_handle, &dimensions) == 0
            && NativeMethods.sqs_tensor_sizes(_handle, sizes, MaxDimensions) == 0
            && NativeMethods.sqs_tensor_dtype(_handle, &type) == 0
                ? $"({string.Join(", ", new ReadOnlySpan<long>(sizes, (int)dimensions).ToArray())}) {(ScalarType)type}"
                : "(disposed)";
        GC.KeepAlive(this);
        return described;
    }
}
