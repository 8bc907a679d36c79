using System.Runtime.CompilerServices;

namespace SqsNet.Torch;

public sealed unsafe partial class Tensor
{
    /// <summary>The value of a tensor with one element, converted. On a GPU this waits for the device.</summary>
    /// <typeparam name="T">A number or <c>bool</c>.</typeparam>
    /// <exception cref="TorchException">The tensor does not have exactly one element.</exception>
    /// <exception cref="NotSupportedException">No tensor has elements of this type.</exception>
    public T item<T>()
        where T : unmanaged
    {
        if (ScalarTypes.IsFloatingPoint(ScalarTypes.Of<T>()))
        {
            var number = ToDouble();
            return typeof(T) == typeof(double) ? Unsafe.BitCast<double, T>(number)
                : typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)number)
                : Unsafe.BitCast<Half, T>((Half)number);
        }
        var integer = ToInt64();
        return typeof(T) == typeof(long) ? Unsafe.BitCast<long, T>(integer)
            : typeof(T) == typeof(int) ? Unsafe.BitCast<int, T>(checked((int)integer))
            : typeof(T) == typeof(bool) ? Unsafe.BitCast<bool, T>(integer != 0)
            : typeof(T) == typeof(byte) ? Unsafe.BitCast<byte, T>(checked((byte)integer))
            : typeof(T) == typeof(short) ? Unsafe.BitCast<short, T>(checked((short)integer))
            : Unsafe.BitCast<sbyte, T>(checked((sbyte)integer));
    }

    /// <summary>The value of a tensor with one element.</summary>
    /// <exception cref="TorchException">The tensor does not have exactly one element.</exception>
    public double ToDouble()
    {
        double result;
        TorchException.ThrowIfFailed(NativeMethods.sqs_tensor_item_double(Handle, &result), "item", this);
        return result;
    }

    /// <summary>The value of a tensor with one element.</summary>
    /// <exception cref="TorchException">The tensor does not have exactly one element.</exception>
    public float ToSingle() => (float)ToDouble();

    /// <summary>The value of a tensor with one element, without its fraction.</summary>
    /// <exception cref="TorchException">The tensor does not have exactly one element.</exception>
    public long ToInt64()
    {
        long result;
        TorchException.ThrowIfFailed(NativeMethods.sqs_tensor_item_long(Handle, &result), "item", this);
        return result;
    }

    /// <summary>The value of a tensor with one element, without its fraction.</summary>
    /// <exception cref="TorchException">The tensor does not have exactly one element.</exception>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    public int ToInt32() => checked((int)ToInt64());

    /// <summary>Whether the one element is not zero.</summary>
    /// <exception cref="TorchException">The tensor does not have exactly one element.</exception>
    public bool ToBoolean() => ToDouble() != 0;

    /// <summary>A copy of all elements in row-major order, from any device.</summary>
    /// <typeparam name="T">The C# type of the elements.</typeparam>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    /// <exception cref="NotSupportedException">No tensor has elements of this type.</exception>
    public T[] ToArray<T>()
        where T : unmanaged
    {
        RequireElements<T>();
        var result = new T[numel()];
        CopyTo(result.AsSpan());
        return result;
    }

    /// <summary>Copies all elements in row-major order.</summary>
    /// <typeparam name="T">The C# type of the elements.</typeparam>
    /// <param name="destination">As long as the tensor has elements.</param>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    /// <exception cref="TorchException">The destination has another length.</exception>
    public void CopyTo<T>(Span<T> destination)
        where T : unmanaged
    {
        RequireElements<T>();
        fixed (T* pointer = destination)
        {
            TorchException.ThrowIfFailed(
                NativeMethods.sqs_tensor_copy_to_host(Handle, pointer, (long)destination.Length * sizeof(T)),
                "CopyTo",
                this
            );
        }
    }

    /// <summary>Overwrites all elements, in row-major order.</summary>
    /// <typeparam name="T">The C# type of the elements.</typeparam>
    /// <param name="source">As long as the tensor has elements.</param>
    /// <returns>This tensor.</returns>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    /// <exception cref="TorchException">The source has another length.</exception>
    public Tensor CopyFrom<T>(ReadOnlySpan<T> source)
        where T : unmanaged
    {
        RequireElements<T>();
        fixed (T* pointer = source)
        {
            TorchException.ThrowIfFailed(
                NativeMethods.sqs_tensor_copy_from_host(Handle, pointer, (long)source.Length * sizeof(T)),
                "CopyFrom",
                this
            );
        }
        return this;
    }

    /// <summary>All elements as raw bytes in row-major order, whatever their type.</summary>
    internal void CopyBytesTo(Span<byte> destination)
    {
        fixed (byte* pointer = destination)
        {
            TorchException.ThrowIfFailed(
                NativeMethods.sqs_tensor_copy_to_host(Handle, pointer, destination.Length),
                "CopyTo",
                this
            );
        }
    }

    private void RequireElements<T>()
        where T : unmanaged
    {
        var wanted = ScalarTypes.Of<T>();
        var actual = dtype;
        if (actual != wanted)
        {
            throw new InvalidOperationException(
                $"The tensor's elements are {actual}, not {wanted}; convert it first: to(ScalarType.{wanted})."
            );
        }
    }
}
