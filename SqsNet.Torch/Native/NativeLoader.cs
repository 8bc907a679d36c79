using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace SqsNet.Torch;

/// <summary>Finds libsqstorch.so and prepares the process before libtorch comes with it.</summary>
internal static partial class NativeLoader
{
    private static readonly Lock Gate = new();
    private static nint _library;

    /// <summary>The path that was loaded, or null before the first call into libtorch.</summary>
    internal static string? LoadedPath { get; private set; }

    // The one initializer: it must run before any P/Invoke of this assembly and touches nothing else.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLoader).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != NativeMethods.Library)
        {
            return 0;
        }
        lock (Gate)
        {
            if (_library == 0)
            {
                _library = Load();
            }
            return _library;
        }
    }

    private static nint Load()
    {
        var candidates = Candidates().ToList();
        var path =
            candidates.Find(File.Exists)
            ?? throw new DllNotFoundException(
                $"The native library {NativeMethods.FileName} is not built. Run ./sqsnet, which builds it, or set SQSNET_NATIVE "
                    + $"to the folder that holds it. Looked at: {string.Join(", ", candidates)}"
            );
        // OpenMP workers that spin for long starve the web server and collapse when cores are shared. Those that never
        // spin are woken by the kernel for each of a step's hundreds of parallel loops, and it lasts twice as long: some
        // ten microseconds bridge from loop to loop. libgomp reads the C environment when it is loaded; .NET's
        // SetEnvironmentVariable would not reach it.
        _ = setenv("OMP_WAIT_POLICY", "passive", 0);
        _ = setenv("GOMP_SPINCOUNT", "5000", 0);
        PreloadBlas();
        if (!NativeLibrary.TryLoad(path, out var library))
        {
            // Load again for the reason, which TryLoad keeps to itself.
            library = NativeLibrary.Load(path);
        }
        LoadedPath = path;
        Prepare(library);
        return library;
    }

    private static IEnumerable<string> Candidates()
    {
        yield return Path.Combine(AppContext.BaseDirectory, NativeMethods.FileName);
        if (Environment.GetEnvironmentVariable("SQSNET_NATIVE") is { Length: > 0 } given)
        {
            yield return given.EndsWith(".so", StringComparison.Ordinal)
                ? given
                : Path.Combine(given, NativeMethods.FileName);
        }
    }

    /// <summary>
    /// Debian's libtorch calls whatever libblas.so.3 the alternatives system chose, often the slow reference one. A
    /// library with the same SONAME that is loaded first wins.
    /// </summary>
    private static void PreloadBlas()
    {
        if (BlasCore() is { } core)
        {
            _ = setenv("OPENBLAS_CORETYPE", core, 0);
        }
        var triplet = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64";
        var blas = $"/usr/lib/{triplet}-linux-gnu/openblas-openmp/libblas.so.3";
        _ = File.Exists(blas) && NativeLibrary.TryLoad(blas, out _);
    }

    /// <summary>
    /// The OpenBLAS kernels for this processor. Debian's OpenBLAS 0.3.21 takes processors newer than itself for a
    /// Pentium 4 of 2004 ("Prescott"); a training step then lasts 1.7 times as long.
    /// </summary>
    private static string? BlasCore() =>
        Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported ? "SkylakeX"
        : Avx2.IsSupported && Fma.IsSupported ? "Haswell"
        : null;

    private static unsafe void Prepare(nint library)
    {
        // The library is still being resolved, so that its functions cannot be called by their imports yet.
        var install = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "sqs_memory_install");
        var setLimit = (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "sqs_memory_set_limit");
        var setThreads = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(library, "sqs_runtime_set_num_threads");
        // For comparisons only: without the caching allocator there are neither statistics nor a limit.
        if (Environment.GetEnvironmentVariable("SQSNET_ALLOCATOR") != "stock")
        {
            _ = install();
        }
        _ = setLimit(TorchRuntime.DefaultMemoryLimit());
        // libtorch's own default is half of the processors.
        _ = setThreads(Environment.ProcessorCount);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
