using SqsNet.Torch;
using static SqsNet.Torch.torch;
using F = SqsNet.Torch.torch.nn.functional;

namespace SqsNet.Benchmarks;

/// <summary>
/// One training step (forward, cross-entropy, backward, AdamW) of a MobileNet-like network of 20 convolutions, 32 images
/// of 96 x 96, against the same network in stock PyTorch.
/// </summary>
internal static class StepBenchmark
{
    private const int Batch = 32;
    private const int Size = 96;
    private const int Classes = 7;
    private const double LossTolerance = 1e-3;

    // Input channels, output channels and stride; bench/peer.py has the same rows.
    private static readonly (int Inputs, int Outputs, int Stride)[] Blocks =
    [
        (16, 24, 2),
        (24, 24, 1),
        (24, 40, 2),
        (40, 40, 1),
        (40, 40, 1),
        (40, 80, 2),
        (80, 80, 1),
        (80, 80, 1),
        (80, 160, 1),
    ];

    internal static Task<BenchmarkResult> RunAsync()
    {
        var threads = Environment.ProcessorCount;
        TorchRuntime.Initialize(threads);
        using var net = Network();
        using var optimizer = optim.AdamW(net.parameters(), lr: 3e-4, weight_decay: 1e-5);
        using var data = NewDisposeScope();
        var images = Wave(Batch, 3, Size, Size);
        var labels = arange(Batch).remainder(Classes);
        using var peer = PeerProcess.TryStart("step", threads);
        CheckSameWork(Step(), peer);
        return Task.FromResult(Pairs.Measure("step", "ms per step", 1000, 9, 4, () => Step(), peer));

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

    private static void CheckSameWork(double loss, PeerProcess? peer)
    {
        if (
            peer?.Facts.GetProperty("first_loss").GetDouble() is { } expected
            && Math.Abs(loss - expected) > LossTolerance * expected
        )
        {
            throw new InvalidOperationException($"The sides compute different things: loss {loss} and {expected}.");
        }
    }

    private static Sequential Network()
    {
        List<Module<Tensor, Tensor>> layers = [.. Convolution(3, 16, 3, stride: 2)];
        foreach (var (inputs, outputs, stride) in Blocks)
        {
            layers.AddRange(Convolution(inputs, inputs, 3, stride, groups: inputs));
            layers.AddRange(Convolution(inputs, outputs, 1));
        }
        layers.AddRange(Convolution(160, 320, 1));
        layers.AddRange([nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(320, Classes)]);
        var net = nn.Sequential(layers);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var parameter in net.parameters().Where(parameter => parameter.ndim >= 2))
        {
            parameter.copy_(Wave(parameter.shape) * Math.Sqrt(2.0 * parameter.size(0) / parameter.numel()));
        }
        nn.init.zeros_(((Linear)net[net.Count - 1]).bias!);
        return net;
    }

    private static IEnumerable<Module<Tensor, Tensor>> Convolution(
        int inputs,
        int outputs,
        int kernel,
        int stride = 1,
        int groups = 1
    ) =>
        [
            nn.Conv2d(inputs, outputs, kernel, stride, kernel / 2, groups: groups, bias: false),
            nn.BatchNorm2d(outputs),
            new InPlaceReLU6(),
        ];

    private static Tensor Wave(params long[] shape) =>
        arange(shape.Aggregate(1L, (n, size) => n * size), float32).sin().view(shape);

    private sealed class InPlaceReLU6 : Module<Tensor, Tensor>
    {
        public override Tensor forward(Tensor input) => F.hardtanh_(input, 0, 6);
    }
}
