namespace SqsNet.Torch;

public sealed unsafe partial class Tensor
{
    /// <summary>This tensor, or a copy on another device.</summary>
    /// <param name="device">Where to.</param>
    /// <param name="non_blocking">Whether the copy may still run when the call returns; from pinned memory only.</param>
    public Tensor to(Device device, bool non_blocking = false) => to(device, null, non_blocking);

    /// <summary>This tensor, or a copy on another device with other elements or another order of them.</summary>
    /// <param name="device">Where to.</param>
    /// <param name="dtype">The element type, or null to keep it.</param>
    /// <param name="non_blocking">Whether the copy may still run when the call returns; from pinned memory only.</param>
    /// <param name="memory_format">The order in memory, or null to keep it.</param>
    public Tensor to(Device device, ScalarType? dtype, bool non_blocking = false, MemoryFormat? memory_format = null)
    {
        nint handle;
        var status = NativeMethods.sqs_tensor_to(
            Handle,
            (int)device.type,
            device.index,
            (int)(dtype ?? (ScalarType)(-1)),
            (byte)(non_blocking ? 1 : 0),
            (int)(memory_format ?? MemoryFormat.Preserve),
            &handle
        );
        TorchException.ThrowIfFailed(status, "to", this);
        return Adopt(handle);
    }

    /// <summary>This tensor, or a copy with its elements in another order in memory.</summary>
    /// <param name="memory_format">The order.</param>
    public Tensor to(MemoryFormat memory_format) => contiguous(memory_format);

    /// <summary>This tensor, or a copy, in the processor's memory.</summary>
    public Tensor cpu() => to(torch.CPU);

    /// <summary>This tensor, or a copy, on the current GPU.</summary>
    /// <exception cref="TorchException">There is no GPU.</exception>
    public Tensor cuda() => to(torch.CUDA);

    /// <summary>The elements as single precision.</summary>
    public Tensor @float() => to(ScalarType.Float32);

    /// <summary>The elements as double precision.</summary>
    public Tensor @double() => to(ScalarType.Float64);

    /// <summary>The elements as 64-bit integers.</summary>
    public Tensor @long() => to(ScalarType.Int64);

    /// <summary>Whether the elements are not zero.</summary>
    public Tensor @bool() => to(ScalarType.Bool);

    /// <summary>The elements in the type of another tensor.</summary>
    /// <param name="other">The tensor with that type.</param>
    public Tensor type_as(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return to(other.dtype);
    }

    /// <summary>A copy in page-locked memory, from which a GPU reads without waiting.</summary>
    /// <exception cref="TorchException">There is no GPU.</exception>
    public Tensor pin_memory()
    {
        nint handle;
        TorchException.ThrowIfFailed(NativeMethods.sqs_tensor_pin_memory(Handle, &handle), "pin_memory", this);
        return Adopt(handle);
    }

    /// <summary>A second handle to the same tensor, with a lifetime of its own.</summary>
    public Tensor alias()
    {
        nint handle;
        TorchException.ThrowIfFailed(NativeMethods.sqs_tensor_alias(Handle, &handle), "alias", this);
        return Adopt(handle);
    }

    /// <summary>Replaces this tensor's memory by another's, as moving a module to a device does.</summary>
    internal void SetData(Tensor data)
    {
        var status = NativeMethods.sqs_tensor_set_data(Handle, data.Handle);
        GC.KeepAlive(data);
        TorchException.ThrowIfFailed(status, "set_data", this);
    }
}
