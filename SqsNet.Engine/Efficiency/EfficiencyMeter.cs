using SqsNet.Engine.Executors;
using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Efficiency;

/// <summary>Measures how fast a model infers on a device: as it is used, without gradients, in 32-bit floats.</summary>
/// <remarks>
/// Weights are freshly drawn and images are noise: neither changes how long a pass takes. The images lie on the device
/// already; decoding and preparing them is not counted.
/// </remarks>
/// <param name="options">Threads and memory, as trials have them.</param>
/// <param name="clock">The time.</param>
public sealed class EfficiencyMeter(EngineOptions options, TimeProvider clock)
{
    /// <summary>Images of the batch that throughput is measured with.</summary>
    public const int BatchImages = 32;

    /// <summary>The longest that the batch may take, warm-up included: where it would take longer it is not measured.</summary>
    internal static readonly TimeSpan LongestBatch = TimeSpan.FromMinutes(3);

    private const string Dtype = "float32";

    private static readonly PassBudget s_single = new(
        WarmUp: TimeSpan.FromSeconds(3),
        Measuring: TimeSpan.FromSeconds(5),
        Least: 7,
        Most: 300
    );

    private static readonly PassBudget s_batch = new(
        WarmUp: TimeSpan.FromSeconds(5),
        Measuring: TimeSpan.FromSeconds(10),
        Least: 5,
        Most: 100
    );

    private readonly PassTimer _timer = new(clock);

    /// <summary>Measures a model at its default image size on the calling thread, which should be a training thread.</summary>
    /// <param name="model">The model.</param>
    /// <param name="device">"cpu", "cuda:0".</param>
    /// <param name="report">Told of each phase when it begins.</param>
    /// <param name="between">Called before every pass; ends the measurement by throwing.</param>
    /// <exception cref="ArgumentException">There is no such device.</exception>
    /// <exception cref="InvalidOperationException">A trial trains on a GPU in TF32, which would change the numbers.</exception>
    /// <exception cref="TorchException">Not even one image fits into memory.</exception>
    public ModelSpeed Measure(ModelInfo model, string device, Action<MeasuringPhase> report, Action between)
    {
        var place = Devices.Resolve(device);
        var threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        TorchRuntime.Initialize(threads);
        if (place.type != DeviceType.CUDA)
            return Measure(model, device, place, threads, report, between);
        using var tf32 =
            Tf32Choice.TryMake(allow: false)
            ?? throw new InvalidOperationException("A trial trains on a GPU in TF32, which would change the numbers.");
        backends.cudnn_benchmark = true; // every pass has the same shape
        try
        {
            return Measure(model, device, place, threads, report, between);
        }
        finally
        {
            backends.cudnn_benchmark = false; // trials that come later would try algorithms for each shape of a batch
        }
    }

    private ModelSpeed Measure(
        ModelInfo model,
        string device,
        Device place,
        int threads,
        Action<MeasuringPhase> report,
        Action between
    )
    {
        TorchRuntime.EmptyCpuCache(); // the last model's blocks, so that every model begins alike
        report(MeasuringPhase.Building);
        between();
        var memory = new MemoryGauge(place);
        using var noGrad = no_grad();
        using var network = ModelRegistry.Create(
            new ModelSpec { Name = model.Name },
            new SqsSpec(),
            ModelInfo.CountedClasses,
            new Rng(0, "efficiency")
        );
        network.to(place);
        network.eval();

        report(MeasuringPhase.Single);
        var single = Measure(network, place, 1, s_single, memory, between);
        report(MeasuringPhase.Batch);
        var (batch, problem) = TryBatch(network, place, single, memory, between);
        return new()
        {
            Model = model.Name,
            ImageSize = model.DefaultImageSize,
            Device = device,
            DeviceName = DeviceNames.Of(place),
            Threads = threads,
            Dtype = Dtype,
            Library = $"libtorch {TorchRuntime.Version}",
            MeasuredAt = clock.GetUtcNow(),
            Single = single,
            Batch = batch,
            BatchProblem = problem,
        };
    }

    private (BatchSpeed? Batch, string? Problem) TryBatch(
        ImageModel network,
        Device device,
        BatchSpeed single,
        MemoryGauge memory,
        Action between
    )
    {
        var expected = TimeSpan.FromSeconds(single.Times.MedianSeconds * BatchImages * (s_batch.Least + 1));
        if (expected > LongestBatch)
            return (
                null,
                $"Not measured: {s_batch.Least + 1} passes over {BatchImages} images would take about {expected.TotalMinutes:0} min; the limit is {LongestBatch.TotalMinutes:0} min."
            );
        try
        {
            return (Measure(network, device, BatchImages, s_batch, memory, between), null);
        }
        catch (TorchException failed) when (failed.Kind == TorchErrorKind.OutOfMemory)
        {
            return (
                null,
                $"{BatchImages} images do not fit into memory; one takes {single.PeakBytes / 1048576.0:0} MiB."
            );
        }
    }

    private BatchSpeed Measure(
        ImageModel network,
        Device device,
        int batch,
        PassBudget budget,
        MemoryGauge memory,
        Action between
    )
    {
        using var scope = NewDisposeScope();
        var images = randn([batch, 3, network.ImageSize, network.ImageSize]).to(device); // (B, 3, S, S)
        memory.Reset();
        var times = _timer.Measure(Pass, budget, between);
        return new(batch, times, memory.Peak);

        void Pass()
        {
            using var step = NewDisposeScope();
            _ = network.call(images); // (B, K)
            if (device.type == DeviceType.CUDA)
                cuda.synchronize();
        }
    }

    /// <summary>The most memory that tensors hold, over what was held before.</summary>
    private sealed class MemoryGauge(Device device)
    {
        private readonly long _before =
            device.type == DeviceType.CPU ? TorchRuntime.CpuBytesInUse : Gpu(device).Allocated;

        internal long Peak =>
            (device.type == DeviceType.CPU ? TorchRuntime.CpuBytesPeak : Gpu(device).PeakAllocated) - _before;

        internal void Reset()
        {
            if (device.type == DeviceType.CPU)
                TorchRuntime.ResetCpuPeak();
            else
                cuda.reset_peak_memory_stats(Math.Max(device.index, 0));
        }

        private static CudaMemory Gpu(Device device) => cuda.memory_stats(Math.Max(device.index, 0));
    }
}
