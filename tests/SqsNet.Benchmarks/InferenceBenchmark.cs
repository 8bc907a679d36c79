using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Benchmarks;

/// <summary>A forward pass without gradients of the network of <see cref="StepNetwork"/>, against stock PyTorch.</summary>
internal static class InferenceBenchmark
{
    internal static Task<BenchmarkResult> RunAsync()
    {
        var threads = Environment.ProcessorCount;
        TorchRuntime.Initialize(threads);
        using var net = StepNetwork.Create();
        net.eval();
        using var data = NewDisposeScope();
        using var noGrad = no_grad();
        var images = StepNetwork.Wave(StepNetwork.Batch, 3, StepNetwork.Size, StepNetwork.Size);
        using var peer = PeerProcess.TryStart("inference", threads);
        peer?.CheckSameWork("first_output", Forward());
        var unit = $"ms per batch of {StepNetwork.Batch}";
        return Task.FromResult(Pairs.Measure("inference", unit, 1000, 9, 8, () => Forward(), peer));

        double Forward()
        {
            using var scope = NewDisposeScope();
            return net.forward(images).sum().ToDouble();
        }
    }
}
