using SqsNet.Torch;
using static SqsNet.Torch.torch;
using F = SqsNet.Torch.torch.nn.functional;

namespace SqsNet.Benchmarks;

/// <summary>
/// One training step (forward, cross-entropy, backward, AdamW) of the network of <see cref="StepNetwork"/>, against the
/// same network in PyTorch: set up as ours is, and as installed with all of its own defaults.
/// </summary>
internal static class StepBenchmark
{
    internal static Task<BenchmarkResult> RunAsync()
    {
        var threads = Environment.ProcessorCount;
        TorchRuntime.Initialize(threads);
        using var net = StepNetwork.Create();
        using var optimizer = optim.AdamW(net.parameters(), lr: 3e-4, weight_decay: 1e-5);
        using var data = NewDisposeScope();
        var images = StepNetwork.Wave(StepNetwork.Batch, 3, StepNetwork.Size, StepNetwork.Size);
        var labels = arange(StepNetwork.Batch).remainder(StepNetwork.Classes);
        using var peer = PeerProcess.TryStart("step", threads);
        peer?.CheckSameWork("first_loss", Step());
        var result = Pairs.Measure("step", "ms per step", 1000, 9, 4, () => Step(), peer);
        using var installed = PeerProcess.TryStart("step", threads: 0);
        if (installed is null)
            return Task.FromResult(result);
        var beside = Pairs.Measure("step, PyTorch as installed", "ms per step", 1000, 9, 4, () => Step(), installed);
        var details = new Dictionary<string, double>(result.Details)
        {
            ["peer as installed"] = beside.Peer!.Value,
            ["ratio to the peer as installed"] = beside.Ratio!.Value,
        };
        return Task.FromResult(result with { Details = details });

        double Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = F.cross_entropy(net.forward(images), labels);
            loss.backward();
            optimizer.step();
            return loss.ToDouble();
        }
    }
}
