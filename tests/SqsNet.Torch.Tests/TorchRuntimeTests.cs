using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using static SqsNet.Torch.torch;

namespace SqsNet.Torch.Tests;

public sealed partial class TorchRuntimeTests : ScopedTest
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public void Bytes_in_use_follow_the_tensors()
    {
        var before = TorchRuntime.CpuBytesInUse;
        var large = zeros(4 * Mebibyte);
        (TorchRuntime.CpuBytesInUse - before).ShouldBeInRange(16 * Mebibyte, 19 * Mebibyte);
        TorchRuntime.ResetCpuPeak();
        large.Dispose();
        TorchRuntime.CpuBytesInUse.ShouldBe(before);
        TorchRuntime.CpuBytesPeak.ShouldBeGreaterThan(before + 16 * Mebibyte);
        TorchRuntime.CpuBytesCached.ShouldBeGreaterThanOrEqualTo(16 * Mebibyte);
        TorchRuntime.EmptyCpuCache();
        TorchRuntime.CpuBytesCached.ShouldBe(0);
    }

    [Fact]
    public void Blocks_of_sizes_that_are_no_longer_used_are_given_back()
    {
        TorchRuntime.EmptyCpuCache();
        TorchRuntime.ResetCpuPeak();
        // Each size is more than a quarter larger than the one before, so that none can serve for another.
        for (var size = 8 * Mebibyte; size < 128 * Mebibyte; size = size * 4 / 3)
        {
            zeros([size], uint8).Dispose();
        }
        var (peak, kept) = (TorchRuntime.CpuBytesPeak, TorchRuntime.CpuBytesCached);
        kept.ShouldBeLessThan(peak + peak / 2 + 256 * Mebibyte);
        for (var round = 0; round < 30; round++)
        {
            zeros([(40 + 3 * round) * Mebibyte], uint8).Dispose();
        }
        TorchRuntime.CpuBytesCached.ShouldBeLessThan(2 * TorchRuntime.CpuBytesPeak + 256 * Mebibyte);
        TorchRuntime.EmptyCpuCache();
    }

    [Fact]
    public void A_block_serves_again_for_the_same_size()
    {
        TorchRuntime.EmptyCpuCache();
        zeros(4 * Mebibyte).Dispose();
        var kept = TorchRuntime.CpuBytesCached;
        zeros(4 * Mebibyte).Dispose();
        TorchRuntime.CpuBytesCached.ShouldBe(kept);
    }

    [Fact]
    public void A_block_is_cut_for_smaller_ones_and_whole_again_when_they_are_free()
    {
        TorchRuntime.EmptyCpuCache();
        zeros([96 * Mebibyte], uint8).Dispose();
        var mapped = TorchRuntime.CpuBytesInUse + TorchRuntime.CpuBytesCached;
        // As the sizes of a network's layers come: each serves the next, and nothing more is mapped.
        for (var round = 0; round < 3; round++)
        {
            using var scope = NewDisposeScope();
            zeros([40 * Mebibyte], uint8);
            zeros([30 * Mebibyte], uint8);
            zeros([20 * Mebibyte], uint8);
            (TorchRuntime.CpuBytesInUse + TorchRuntime.CpuBytesCached).ShouldBe(mapped);
        }
        zeros([95 * Mebibyte], uint8).Dispose();
        (TorchRuntime.CpuBytesInUse + TorchRuntime.CpuBytesCached).ShouldBe(mapped);
    }

    [Fact]
    public void The_end_of_a_training_thread_empties_the_cache()
    {
        TrainingThread.Start("trial 1", () => zeros(4 * Mebibyte).Dispose()).Join();
        TorchRuntime.CpuBytesCached.ShouldBe(0);
    }

    [Fact]
    public void The_memory_limit_raises_a_clean_error_and_leaves_everything_usable()
    {
        TorchRuntime.Initialize(cpuMemoryLimitBytes: TorchRuntime.CpuBytesInUse + 40 * Mebibyte);
        try
        {
            var kept = zeros(4 * Mebibyte);
            var failure = Should.Throw<TorchException>(() => zeros(8 * Mebibyte));
            failure.Kind.ShouldBe(TorchErrorKind.OutOfMemory);
            failure.Message.ShouldContain("limit");
            kept.Dispose();
            zeros(8 * Mebibyte).sum().ToDouble().ShouldBe(0);
        }
        finally
        {
            TorchRuntime.Initialize();
        }
        zeros(16 * Mebibyte).numel().ShouldBe(16 * Mebibyte);
        Should.Throw<TorchException>(() => TorchRuntime.Initialize(cpuMemoryLimitBytes: -1));
    }

    [Fact]
    public void By_default_the_limit_is_below_the_memory_of_the_machine()
    {
        zeros(1).Dispose();
        TorchRuntime.CpuMemoryLimit.ShouldBeInRange(1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - 1);
        get_num_threads().ShouldBe(Environment.ProcessorCount);
    }

    [Fact]
    public void Threads_are_counted_per_calling_thread()
    {
        var own = get_num_threads();
        var other = 0;
        var thread = new Thread(() =>
        {
            set_num_threads(1);
            other = get_num_threads();
        });
        thread.Start();
        thread.Join();
        other.ShouldBe(1);
        get_num_threads().ShouldBe(own);
        set_num_threads(own);
    }

    [Fact]
    public void The_version_and_configuration_are_libtorchs()
    {
        Version.Parse(TorchRuntime.Version).ShouldBeGreaterThanOrEqualTo(new Version(1, 13));
        TorchRuntime.Configuration().ShouldContain("OpenMP");
        cuda.device_count().ShouldBeGreaterThanOrEqualTo(0);
        TorchRuntime.CudaAvailable.ShouldBe(cuda.device_count() > 0);
    }

    [Fact]
    public void Without_CUDA_its_functions_say_so()
    {
        Assert.SkipWhen(TorchRuntime.BuiltWithCuda, "The native library was built with CUDA.");
        Should.Throw<TorchException>(cuda.synchronize).Message.ShouldContain("without CUDA");
        Should.Throw<TorchException>(() => cuda.memory_stats());
        Should.Throw<TorchException>(() => cuda.mem_get_info());
        Should.Throw<TorchException>(() => new CudaGraph());
    }

    [Fact]
    public void OpenMP_workers_spin_only_from_loop_to_loop()
    {
        zeros(1).Dispose();
        Marshal.PtrToStringUTF8(getenv("OMP_WAIT_POLICY")).ShouldBe("passive");
        Marshal.PtrToStringUTF8(getenv("GOMP_SPINCOUNT")).ShouldBe("5000");
    }

    [Fact]
    public void OpenBLAS_is_used_where_it_is_installed()
    {
        const string blas = "/usr/lib/x86_64-linux-gnu/openblas-openmp/libblas.so.3";
        Assert.SkipUnless(File.Exists(blas), "libopenblas0-openmp is not installed.");
        zeros(1).Dispose();
        File.ReadAllText("/proc/self/maps").ShouldContain("openblas-openmp");
        TorchRuntime.BlasWarning.ShouldBeNull();
        TorchRuntime.BlasLibrary.ShouldNotBeNull().ShouldContain("openblas");
    }

    [Fact]
    public unsafe void OpenBLAS_uses_the_vector_units_that_the_processor_has()
    {
        const string blas = "/usr/lib/x86_64-linux-gnu/openblas-openmp/libblas.so.3";
        Assert.SkipUnless(File.Exists(blas), "libopenblas0-openmp is not installed.");
        Assert.SkipUnless(Avx2.IsSupported, "The processor has no AVX2.");
        zeros(1).Dispose();
        var coreName = (delegate* unmanaged<nint>)
            NativeLibrary.GetExport(NativeLibrary.Load(blas), "openblas_get_corename");
        Marshal.PtrToStringUTF8(coreName()).ShouldBeOneOf("SkylakeX", "Haswell");
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint getenv(string name);
}
