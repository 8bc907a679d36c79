namespace SqsNet.Torch;

/// <summary>PyTorch's <c>torch</c>: every function under its own name.</summary>
public static partial class torch
{
    /// <summary>Single precision.</summary>
    public const ScalarType float32 = ScalarType.Float32;

    /// <summary>Double precision.</summary>
    public const ScalarType float64 = ScalarType.Float64;

    /// <summary>Half precision.</summary>
    public const ScalarType float16 = ScalarType.Float16;

    /// <summary>The upper half of single precision.</summary>
    public const ScalarType bfloat16 = ScalarType.BFloat16;

    /// <summary>Unsigned 8-bit integers.</summary>
    public const ScalarType uint8 = ScalarType.Byte;

    /// <summary>32-bit integers.</summary>
    public const ScalarType int32 = ScalarType.Int32;

    /// <summary>64-bit integers.</summary>
    public const ScalarType int64 = ScalarType.Int64;

    /// <summary>Truth values.</summary>
    public const ScalarType @bool = ScalarType.Bool;

    /// <summary>Images (B, C, H, W) lie pixel by pixel.</summary>
    public const MemoryFormat channels_last = MemoryFormat.ChannelsLast;

    /// <summary>The processor.</summary>
    public static Device CPU { get; } = new(DeviceType.CPU);

    /// <summary>The current GPU.</summary>
    public static Device CUDA { get; } = new(DeviceType.CUDA);

    /// <summary>Reads <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
    /// <param name="name">The device's name.</param>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static Device device(string name) => Device.Parse(name);

    /// <summary>Opens a scope that frees what this thread makes in it.</summary>
    public static DisposeScope NewDisposeScope() => new();

    /// <summary>How many threads one operation uses on the calling thread.</summary>
    public static unsafe int get_num_threads()
    {
        int result;
        TorchException.ThrowIfFailed(NativeMethods.sqs_runtime_get_num_threads(&result), "get_num_threads");
        return result;
    }

    /// <summary>Says how many threads one operation uses, for the calling thread and for threads still to come.</summary>
    /// <param name="count">At least 1.</param>
    /// <exception cref="TorchException">The count is less than 1.</exception>
    public static void set_num_threads(int count) =>
        TorchException.ThrowIfFailed(NativeMethods.sqs_runtime_set_num_threads(count), "set_num_threads");
}
