using System.Diagnostics;
using SqsNet.Engine.Data;
using SqsNet.Engine.Losses;
using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Benchmarks;

/// <summary>One training step of a network on a GPU in bf16, as trials take it and with single parts left out.</summary>
/// <remarks>bench/gpu/run.sh runs it beside the same step in PyTorch (bench/gpu/peer.py) on the same card.</remarks>
internal static class GpuBenchmark
{
    private const int Classes = 7;
    private static readonly Device Gpu = new(DeviceType.CUDA, 0);

    /// <param name="model">Name of the model.</param>
    /// <param name="anchors">Anchors a step.</param>
    /// <param name="variant">
    /// "recorded" (explicit quads, as trials take them), "unrecorded", "tuned" (cuDNN tries its algorithms), "inbatch" (quads
    /// within the batch) or "plain" (the same images without quads).
    /// </param>
    /// <param name="steps">Steps to measure.</param>
    internal static BenchmarkResult Run(string model, int anchors, string variant, int steps)
    {
        TorchRuntime.Initialize(Environment.ProcessorCount);
        backends.cudnn_benchmark = variant == "tuned";
        using var stream = new CudaStream(Gpu);
        using var scope = NewDisposeScope();
        var inBatch = variant == "inbatch";
        var spec = new TrialSpec
        {
            Dataset = "",
            Model = ModelRegistry.Resolve(new ModelSpec { Name = model }),
            Training = new TrainingSpec { Precision = Precision.Bf16 },
            Sqs = new SqsSpec(),
            Objective = new(),
            Seed = 1,
        };
        using var network = ModelRegistry.Create(spec.Model, spec.Sqs, Classes, new Rng(1, "weights"));
        network.to(Gpu);
        network.to(channels_last);
        using var optimizer = optim.AdamW(network.parameters(), 3e-4, weight_decay: 1e-5);
        var layout =
            inBatch ? QuadLayout.InBatch
            : variant == "plain" ? QuadLayout.None
            : QuadLayout.Blocks;
        var images = layout == QuadLayout.Blocks ? 4 * anchors : anchors;
        var labels = randint(Classes, [anchors], device: Gpu);
        var batch = new StepBatch(
            randn([images, 3, network.ImageSize, network.ImageSize], device: Gpu),
            new StepTargets(LabelSmoothing.Targets(labels, Classes, 0.1), TargetUse.Shares, 0.1),
            layout,
            inBatch ? randint(anchors, [3, anchors], device: Gpu) : null
        );
        var records = variant != "unrecorded";
        StepGradients New() =>
            new(network, new StepLoss(network, spec), optimizer, spec.Training, Console.Error.WriteLine);
        var gradients = New();
        var started = Stopwatch.GetTimestamp();
        var loss = 0.0;
        for (var i = 0; i < 5; i++)
            Step();
        cuda.synchronize();
        var warmUp = Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        for (var i = 0; i < steps; i++)
            Step(read: i == steps - 1);
        cuda.synchronize();
        var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds / steps;
        var memory = cuda.memory_stats();
        gradients.Dispose();
        return new()
        {
            Name = $"{model}, {anchors} anchors, {variant}",
            Ours = milliseconds,
            Unit = "ms per step",
            Details = new Dictionary<string, double>
            {
                ["images"] = images,
                ["parameters"] = network.parameters().Sum(parameter => parameter.numel()),
                ["images per second"] = images / milliseconds * 1000,
                ["anchors per second"] = anchors / milliseconds * 1000,
                ["warm-up, s"] = warmUp.TotalSeconds,
                ["peak allocated, GiB"] = memory.PeakAllocated / Math.Pow(2, 30),
                ["peak reserved, GiB"] = memory.PeakReserved / Math.Pow(2, 30),
                ["last loss"] = loss,
            },
        };

        void Step(bool read = false)
        {
            using var step = NewDisposeScope();
            if (!records)
                gradients = New(); // one that has seen no step yet does not record
            var losses = gradients.Compute(batch);
            optimizer.step();
            if (read)
                loss = losses.Total.ToDouble();
        }
    }
}
