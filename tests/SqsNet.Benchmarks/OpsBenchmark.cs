using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Benchmarks;

/// <summary>
/// The cost of calling libtorch: four operations on 64 numbers and the read of the result, against the same from Python.
/// </summary>
internal static class OpsBenchmark
{
    private const int Operations = 4;

    internal static Task<BenchmarkResult> RunAsync()
    {
        TorchRuntime.Initialize(threads: 1);
        using var data = NewDisposeScope();
        var x = arange(64, float32).sin();
        using var peer = PeerProcess.TryStart("ops", threads: 1);
        return Task.FromResult(Pairs.Measure("ops", "ns per operation", 1e9 / Operations, 9, 20_000, Four, peer));

        void Four()
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            _ = ((x * x) + x).relu().sum().ToDouble();
        }
    }
}
