namespace SqsNet.Torch;

public static unsafe partial class torch
{
    /// <summary>A tensor of zeros.</summary>
    /// <param name="size">The size of each dimension, not negative.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="device">Where it lives; the processor where none is given.</param>
    /// <exception cref="TorchException">A size is negative, or memory is exhausted.</exception>
    public static Tensor zeros(ReadOnlySpan<long> size, ScalarType dtype = float32, Device? device = null) =>
        full(size, 0, dtype, device);

    /// <summary>A tensor of zeros in single precision.</summary>
    /// <param name="size">The size of each dimension, not negative.</param>
    public static Tensor zeros(params ReadOnlySpan<long> size) => full(size, 0, float32);

    /// <summary>A tensor of ones.</summary>
    /// <inheritdoc cref="zeros(ReadOnlySpan{long}, ScalarType, Device?)"/>
    public static Tensor ones(ReadOnlySpan<long> size, ScalarType dtype = float32, Device? device = null) =>
        full(size, 1, dtype, device);

    /// <summary>A tensor of ones in single precision.</summary>
    /// <param name="size">The size of each dimension, not negative.</param>
    public static Tensor ones(params ReadOnlySpan<long> size) => full(size, 1, float32);

    /// <summary>A tensor of one value.</summary>
    /// <param name="size">The size of each dimension, not negative.</param>
    /// <param name="fill_value">The value.</param>
    /// <param name="dtype">The element type; where none is given, the value's own.</param>
    /// <param name="device">Where it lives; the processor where none is given.</param>
    /// <exception cref="TorchException">A size is negative, or memory is exhausted.</exception>
    public static Tensor full(
        ReadOnlySpan<long> size,
        Scalar fill_value,
        ScalarType? dtype = null,
        Device? device = null
    )
    {
        var (type, index) = Where(device);
        nint handle;
        fixed (long* pointer = size)
        {
            var status = NativeMethods.sqs_create_full(
                pointer,
                size.Length,
                fill_value,
                (int)(dtype ?? fill_value.NaturalType),
                type,
                index,
                &handle
            );
            Check(status, "full", size);
        }
        return Tensor.Adopt(handle);
    }

    /// <summary>A tensor whose elements are whatever its memory held.</summary>
    /// <param name="size">The size of each dimension, not negative.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="device">Where it lives; the processor where none is given.</param>
    /// <param name="memory_format">The order in memory.</param>
    /// <exception cref="TorchException">A size is negative, or memory is exhausted.</exception>
    public static Tensor empty(
        ReadOnlySpan<long> size,
        ScalarType dtype = float32,
        Device? device = null,
        MemoryFormat memory_format = MemoryFormat.Contiguous
    )
    {
        var (type, index) = Where(device);
        nint handle;
        fixed (long* pointer = size)
        {
            var status = NativeMethods.sqs_create_empty(
                pointer,
                size.Length,
                (int)dtype,
                type,
                index,
                (int)memory_format,
                &handle
            );
            Check(status, "empty", size);
        }
        return Tensor.Adopt(handle);
    }

    /// <summary>A copy of numbers in row-major order.</summary>
    /// <typeparam name="T">Their type, which becomes the element type.</typeparam>
    /// <param name="data">As many as the shape has elements.</param>
    /// <param name="shape">The size of each dimension.</param>
    /// <param name="device">Where it lives; the processor where none is given.</param>
    /// <exception cref="TorchException">The shape has another number of elements.</exception>
    /// <exception cref="NotSupportedException">No tensor has elements of this type.</exception>
    public static Tensor tensor<T>(ReadOnlySpan<T> data, ReadOnlySpan<long> shape, Device? device = null)
        where T : unmanaged
    {
        fixed (T* pointer = data)
        {
            return FromMemory(pointer, (long)data.Length * sizeof(T), shape, ScalarTypes.Of<T>(), device);
        }
    }

    /// <summary>A copy of numbers in one dimension.</summary>
    /// <typeparam name="T">Their type, which becomes the element type.</typeparam>
    /// <param name="data">The numbers.</param>
    /// <param name="device">Where it lives; the processor where none is given.</param>
    /// <exception cref="NotSupportedException">No tensor has elements of this type.</exception>
    public static Tensor tensor<T>(ReadOnlySpan<T> data, Device? device = null)
        where T : unmanaged => tensor(data, [data.Length], device);

    /// <summary>A tensor without dimensions, of one value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="dtype">The element type; where none is given, the value's own.</param>
    /// <param name="device">Where it lives; the processor where none is given.</param>
    public static Tensor tensor(Scalar value, ScalarType? dtype = null, Device? device = null) =>
        full([], value, dtype, device);

    /// <summary>Numbers from start to stop (exclusive).</summary>
    /// <param name="start">The first.</param>
    /// <param name="stop">The end, itself left out.</param>
    /// <param name="step">The distance between neighbours.</param>
    /// <param name="dtype">The element type; where none is given, libtorch chooses by the arguments.</param>
    /// <param name="device">Where it lives; the processor where none is given.</param>
    /// <exception cref="TorchException">The step is zero or leads away from the end.</exception>
    public static Tensor arange(
        Scalar start,
        Scalar stop,
        Scalar? step = null,
        ScalarType? dtype = null,
        Device? device = null
    )
    {
        var (type, index) = Where(device);
        nint handle;
        var status = NativeMethods.sqs_create_arange(
            start,
            stop,
            step ?? 1,
            (int)(dtype ?? (ScalarType)(-1)),
            type,
            index,
            &handle
        );
        TorchException.ThrowIfFailed(status, "arange");
        return Tensor.Adopt(handle);
    }

    /// <summary>Numbers from 0 to stop (exclusive).</summary>
    /// <param name="stop">The end, itself left out.</param>
    /// <param name="dtype">The element type; where none is given, libtorch chooses by the argument.</param>
    /// <param name="device">Where it lives; the processor where none is given.</param>
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null) =>
        arange(0, stop, null, dtype, device);

    /// <summary>Equally spaced numbers from start to stop, both included.</summary>
    /// <param name="start">The first.</param>
    /// <param name="stop">The last.</param>
    /// <param name="steps">How many, not negative.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="device">Where it lives; the processor where none is given.</param>
    /// <exception cref="TorchException">The number of steps is negative.</exception>
    public static Tensor linspace(
        double start,
        double stop,
        long steps,
        ScalarType dtype = float32,
        Device? device = null
    )
    {
        var (type, index) = Where(device);
        nint handle;
        var status = NativeMethods.sqs_create_linspace(start, stop, steps, (int)dtype, type, index, &handle);
        TorchException.ThrowIfFailed(status, "linspace");
        return Tensor.Adopt(handle);
    }

    /// <summary>The identity matrix.</summary>
    /// <param name="n">Rows, and columns where they are not given.</param>
    /// <param name="m">Columns.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="device">Where it lives; the processor where none is given.</param>
    /// <exception cref="TorchException">A size is negative.</exception>
    public static Tensor eye(long n, long? m = null, ScalarType dtype = float32, Device? device = null)
    {
        var (type, index) = Where(device);
        nint handle;
        TorchException.ThrowIfFailed(NativeMethods.sqs_create_eye(n, m ?? n, (int)dtype, type, index, &handle), "eye");
        return Tensor.Adopt(handle);
    }

    internal static Tensor FromMemory(
        void* data,
        long bytes,
        ReadOnlySpan<long> shape,
        ScalarType dtype,
        Device? device
    )
    {
        var (type, index) = Where(device);
        nint handle;
        fixed (long* size = shape)
        {
            var status = NativeMethods.sqs_create_from_host(
                data,
                bytes,
                size,
                shape.Length,
                (int)dtype,
                type,
                index,
                &handle
            );
            Check(status, "tensor", shape);
        }
        return Tensor.Adopt(handle);
    }

    private static (int Type, int Index) Where(Device? device)
    {
        var target = device ?? CPU;
        return ((int)target.type, target.index);
    }

    private static void Check(int status, string operation, ReadOnlySpan<long> size)
    {
        if (status != 0)
        {
            throw TorchException.Of(status, $"{operation}({string.Join(", ", size.ToArray())})");
        }
    }
}
