using System.Diagnostics;
using System.Text;

namespace SqsNet.Torch;

/// <summary>libtorch in this process: its version, its memory, and what slows it down.</summary>
public static unsafe class TorchRuntime
{
    // A product of two 512 x 512 matrices below this rate means reference BLAS (about 4); OpenBLAS gives 80 and more.
    private const double SlowBlasGigaflops = 15;

    private const double MemoryShare = 0.8;

    private static readonly Lazy<double> MeasuredBlas = new(MeasureBlas);

    /// <summary>libtorch's version, such as <c>1.13.1</c>.</summary>
    /// <exception cref="DllNotFoundException">The native library is not built.</exception>
    public static string Version
    {
        get
        {
            var values = ReadVersion();
            return $"{values.Major}.{values.Minor}.{values.Patch}";
        }
    }

    /// <summary>Whether a GPU can be used.</summary>
    public static bool CudaAvailable => torch.cuda.is_available();

    /// <summary>Whether the native library was built with its CUDA functions.</summary>
    public static bool BuiltWithCuda => ReadVersion().Cuda;

    /// <summary>File name of the library that multiplies matrices, such as <c>libopenblasp-r0.3.21.so</c>; null where the system does not tell.</summary>
    public static string? BlasLibrary
    {
        get
        {
            _ = BlasGigaflops; // loaded with libtorch, or at the first product
            if (!File.Exists("/proc/self/maps"))
                return null;
            var loaded = File.ReadLines("/proc/self/maps")
                .Select(line => Path.GetFileName(line.Split(' ')[^1]))
                .Where(name => name.Contains("blas", StringComparison.Ordinal) || name.StartsWith("libmkl_"))
                .ToList();
            // Debian's OpenBLAS stands behind a small libblas.so.3 of its own.
            return loaded.Find(name => !name.StartsWith("libblas.", StringComparison.Ordinal))
                ?? loaded.Find(_ => true);
        }
    }

    /// <summary>How fast matrices are multiplied here, in GFLOP/s. The first read measures for some 20 ms.</summary>
    public static double BlasGigaflops => MeasuredBlas.Value;

    /// <summary>What to install when matrix products are slow here, or null. Measures as <see cref="BlasGigaflops"/> does.</summary>
    public static string? BlasWarning =>
        BlasGigaflops >= SlowBlasGigaflops
            ? null
            : $"Matrix products run at {BlasGigaflops:F0} GFLOP/s; training would be many times slower than it could be. "
                + "Install OpenBLAS: apt-get install libopenblas0-openmp";

    /// <summary>Bytes that CPU tensors hold.</summary>
    public static long CpuBytesInUse => Stats().InUse;

    /// <summary>The most bytes that CPU tensors held since the start or <see cref="ResetCpuPeak"/>.</summary>
    public static long CpuBytesPeak => Stats().Peak;

    /// <summary>Bytes kept for the next tensors.</summary>
    public static long CpuBytesCached => Stats().Cached;

    /// <summary>The limit on bytes of CPU tensors; 0 means none.</summary>
    public static long CpuMemoryLimit => Stats().Limit;

    /// <summary>How many tensors are alive in this process, as seen from C#. Flat over steps, or something leaks.</summary>
    public static long LiveTensors => Tensor.Live;

    /// <summary>
    /// Loads libtorch now rather than at the first tensor, and sets its threads and its memory limit. Without this call
    /// both have the values that null stands for.
    /// </summary>
    /// <param name="threads">Threads of one operation, at least 1; null for one per processor.</param>
    /// <param name="cpuMemoryLimitBytes">
    /// Limit on bytes of CPU tensors, beyond which <see cref="TorchException"/> says out of memory instead of the kernel
    /// killing the process. 0 means none; null means 80 % of the memory of this machine or container.
    /// </param>
    /// <exception cref="DllNotFoundException">The native library is not built.</exception>
    /// <exception cref="TorchException">A number is out of its range.</exception>
    public static void Initialize(int? threads = null, long? cpuMemoryLimitBytes = null)
    {
        torch.set_num_threads(threads ?? Environment.ProcessorCount);
        TorchException.ThrowIfFailed(
            NativeMethods.sqs_memory_set_limit(cpuMemoryLimitBytes ?? DefaultMemoryLimit()),
            "memory limit"
        );
    }

    /// <summary>Starts the search for the highest use of CPU memory anew.</summary>
    public static void ResetCpuPeak() =>
        TorchException.ThrowIfFailed(NativeMethods.sqs_memory_reset_peak(), "reset_peak");

    /// <summary>Gives CPU memory that is kept for reuse back to the system.</summary>
    public static void EmptyCpuCache() => TorchException.ThrowIfFailed(NativeMethods.sqs_memory_trim(), "trim");

    /// <summary>libtorch's own description of its build and its threads.</summary>
    public static string Configuration()
    {
        var buffer = new byte[16384];
        long length;
        fixed (byte* pointer = buffer)
        {
            TorchException.ThrowIfFailed(
                NativeMethods.sqs_runtime_config(pointer, buffer.Length, &length),
                "configuration"
            );
        }
        return Encoding.UTF8.GetString(buffer, 0, (int)Math.Min(length, buffer.Length));
    }

    /// <summary>The collector knows the memory of this machine, or of the container where that is less.</summary>
    internal static long DefaultMemoryLimit() => (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * MemoryShare);

    private static (long Major, long Minor, long Patch, bool Cuda) ReadVersion()
    {
        var values = stackalloc long[4];
        TorchException.ThrowIfFailed(NativeMethods.sqs_runtime_version(values), "version");
        return (values[0], values[1], values[2], values[3] != 0);
    }

    private static (long InUse, long Peak, long Cached, long Limit) Stats()
    {
        var values = stackalloc long[4];
        TorchException.ThrowIfFailed(NativeMethods.sqs_memory_stats(values), "memory stats");
        return (values[0], values[1], values[2], values[3]);
    }

    private static double MeasureBlas()
    {
        const int n = 512;
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var matrix = torch.ones(n, n);
        var best = double.MaxValue;
        for (var round = 0; round < 4; round++)
        {
            var watch = Stopwatch.StartNew();
            torch.mm(matrix, matrix).Dispose();
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
        }
        return 2.0 * n * n * n / best / 1e9;
    }
}
