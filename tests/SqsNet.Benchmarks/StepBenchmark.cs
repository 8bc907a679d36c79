using SqsNet.Engine.Data;
using SqsNet.Engine.Losses;
using SqsNet.Engine.Training;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Benchmarks;

/// <summary>
/// One training step of a network as trials take it (forward, losses, backward, AdamW), with quads within the batch where it
/// has an SQS module, against the same step in PyTorch with torchvision's trunks: PyTorch set up as ours is, PyTorch as
/// installed, and as installed with explicit quads, four images for each anchor.
/// </summary>
internal static class StepBenchmark
{
    internal static BenchmarkResult Run(BenchedNetwork benched)
    {
        var threads = Environment.ProcessorCount;
        TorchRuntime.Initialize(threads);
        using var network = benched.Create();
        using var optimizer = optim.AdamW(network.parameters(), lr: 3e-4, weight_decay: 1e-5);
        using var data = NewDisposeScope();
        var labels = arange(benched.Images).remainder(BenchedNetwork.Classes);
        var targets = LabelSmoothing.Targets(labels, BenchedNetwork.Classes, 0.1);
        var without = new StepBatch(
            benched.Noise(network),
            new StepTargets(targets, TargetUse.Shares, 0.1),
            QuadLayout.None
        );
        var batch = benched.HasQuads
            ? without with
            {
                Layout = QuadLayout.InBatch,
                Others = randint(benched.Images, [3, benched.Images]),
            }
            : without;
        using var gradients = Gradients(benched.Spec.Training);
        using var twice = Gradients(benched.Spec.Training with { ActivationCheckpointing = true });

        var layout = benched.HasQuads ? "inBatch" : "plain";
        var result = Beside("set up as ours", layout, threads);
        var installed = Beside("as installed", layout, threads: 0);
        var details = new Dictionary<string, double>(result.Details) { ["images"] = benched.Images };
        if (installed.Ratio is { } ratio)
        {
            details["peer as installed"] = installed.Peer!.Value;
            details["ratio to the peer as installed"] = ratio;
        }
        if (benched.HasQuads)
            details["share of the step that quads take"] =
                1 - Pairs.Ratio(benched.Pairs, benched.Iterations, () => Step(without), () => Step(batch));
        if (
            benched.HasQuads
            && Beside("as installed, explicit quads", "explicit", threads: 0) is { Ratio: { } whole } of
        )
        {
            details["peer as installed, explicit quads, ms per anchor"] = of.Peer!.Value / (benched.Images / 4.0);
            details["ours, ms per anchor"] = of.Ours / benched.Images;
            details["ratio per anchor to explicit quads as installed"] = whole / 4; // the batch has a quarter of the anchors
        }
        details["activations computed twice, time to time"] = Pairs.Ratio(
            benched.Pairs,
            benched.Iterations,
            () => Step(batch, twice),
            () => Step(batch)
        );
        details["activations computed twice, memory to memory"] =
            PeakBytes(() => Step(batch, twice)) / PeakBytes(() => Step(batch));
        return result with { Details = details };

        BenchmarkResult Beside(string how, string quads, int threads)
        {
            using var peer = PeerProcess.TryStart("step", threads, $"{benched.Name},{quads},{benched.Images}");
            peer?.CheckSameNetwork(network.parameters());
            var name = $"step of {benched.Name}, PyTorch {how}";
            return Pairs.Measure(name, "ms per step", 1000, benched.Pairs, benched.Iterations, () => Step(batch), peer);
        }

        StepGradients Gradients(TrainingSpec training) =>
            new(network, new StepLoss(network, benched.Spec), optimizer, training, Console.Error.WriteLine);

        void Step(StepBatch of, StepGradients? by = null)
        {
            using var scope = NewDisposeScope();
            var losses = (by ?? gradients).Compute(of);
            optimizer.step();
            losses.Total.ToDouble();
        }
    }

    /// <summary>The most bytes that tensors hold at a time of some work: weights, optimizer and batch included.</summary>
    private static double PeakBytes(Action work)
    {
        TorchRuntime.ResetCpuPeak();
        work();
        return TorchRuntime.CpuBytesPeak;
    }
}
