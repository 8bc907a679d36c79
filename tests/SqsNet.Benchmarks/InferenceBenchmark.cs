using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Benchmarks;

/// <summary>
/// A forward pass without gradients to the base head's scores, against the same in PyTorch with torchvision's trunks: set up
/// as ours is, and as installed.
/// </summary>
internal static class InferenceBenchmark
{
    internal static BenchmarkResult Run(BenchedNetwork benched)
    {
        var threads = Environment.ProcessorCount;
        TorchRuntime.Initialize(threads);
        using var network = benched.Create();
        using var data = NewDisposeScope();
        using var noGrad = no_grad();
        var images = benched.Noise(network);
        BenchedNetwork.Settle(network, images);

        var result = Beside("set up as ours", threads);
        var installed = Beside("as installed", threads: 0);
        var details = new Dictionary<string, double>(result.Details) { ["images"] = benched.Images };
        if (installed.Ratio is { } ratio)
        {
            details["peer as installed"] = installed.Peer!.Value;
            details["ratio to the peer as installed"] = ratio;
        }
        return result with { Details = details };

        BenchmarkResult Beside(string how, int threads)
        {
            using var peer = PeerProcess.TryStart("inference", threads, $"{benched.Name},{benched.Images}");
            peer?.CheckSameNetwork(network.parameters());
            var name = $"inference of {benched.Name}, PyTorch {how}";
            return Pairs.Measure(name, "ms per batch", 1000, benched.Pairs, benched.Iterations * 2, Forward, peer);
        }

        void Forward()
        {
            using var scope = NewDisposeScope();
            network.call(images).sum().ToDouble();
        }
    }
}
