using SqsNet.Torch;

namespace SqsNet.Engine;

/// <summary>The native half of the engine, for people: what trains here, and what it uses.</summary>
/// <param name="Libtorch">libtorch's version.</param>
/// <param name="Blas">File name of the library that multiplies matrices, or null where the system does not tell.</param>
/// <param name="BlasGigaflops">How fast it does, as measured once after the start, in GFLOP/s.</param>
/// <param name="Devices">Where trials may train.</param>
/// <param name="MemoryInUse">Bytes that CPU tensors hold.</param>
/// <param name="MemoryPeak">The most bytes that CPU tensors have held since the start.</param>
/// <param name="MemoryCached">Bytes kept for the next tensors.</param>
/// <param name="MemoryLimit">The most bytes that CPU tensors may hold; 0 before training has set it.</param>
/// <param name="Warning">What slows it down and what to install, or null.</param>
public sealed record NativeFacts(
    string Libtorch,
    string? Blas,
    double BlasGigaflops,
    IReadOnlyList<string> Devices,
    long MemoryInUse,
    long MemoryPeak,
    long MemoryCached,
    long MemoryLimit,
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
                TorchRuntime.BlasLibrary,
                TorchRuntime.BlasGigaflops,
                Executors.Devices.Allowed(device),
                TorchRuntime.CpuBytesInUse,
                TorchRuntime.CpuBytesPeak,
                TorchRuntime.CpuBytesCached,
                TorchRuntime.CpuMemoryLimit,
                TorchRuntime.BlasWarning
            );
        }
        catch (Exception unusable) when (unusable is DllNotFoundException or TypeInitializationException)
        {
            return null;
        }
    }
}
