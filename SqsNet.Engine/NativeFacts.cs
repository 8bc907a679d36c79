using SqsNet.Torch;

namespace SqsNet.Engine;

/// <summary>The native half of the engine, for people: what trains here, and what it uses.</summary>
/// <param name="Libtorch">libtorch's version.</param>
/// <param name="Devices">Where trials may train.</param>
/// <param name="MemoryInUse">Bytes that CPU tensors hold.</param>
/// <param name="MemoryPeak">The most bytes that CPU tensors have held since the start.</param>
/// <param name="Warning">What slows it down and what to install, or null.</param>
public sealed record NativeFacts(
    string Libtorch,
    IReadOnlyList<string> Devices,
    long MemoryInUse,
    long MemoryPeak,
    string? Warning
)
{
    /// <summary>Reads them; the first call loads libtorch and measures for some 20 ms.</summary>
    /// <param name="device">Setting of devices: "cpu", "cuda", "cuda:1" or "auto".</param>
    /// <returns>Null where the native libraries are not built or cannot be loaded.</returns>
    public static NativeFacts? Read(string device)
    {
        try
        {
            return new(
                TorchRuntime.Version,
                Executors.Devices.Allowed(device),
                TorchRuntime.CpuBytesInUse,
                TorchRuntime.CpuBytesPeak,
                TorchRuntime.BlasWarning
            );
        }
        catch (Exception unusable) when (unusable is DllNotFoundException or TypeInitializationException)
        {
            return null;
        }
    }
}
