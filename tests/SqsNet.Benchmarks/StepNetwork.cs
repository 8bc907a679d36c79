using SqsNet.Torch;
using static SqsNet.Torch.torch;
using F = SqsNet.Torch.torch.nn.functional;

namespace SqsNet.Benchmarks;

/// <summary>A MobileNet-like network of 20 convolutions for images of 96 x 96; bench/peer.py has the same.</summary>
internal static class StepNetwork
{
    internal const int Batch = 32;
    internal const int Size = 96;
    internal const int Classes = 7;

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

    internal static Sequential Create()
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

    /// <summary>The sine of 0, 1, 2, ...: numbers that both sides make alike.</summary>
    internal static Tensor Wave(params long[] shape) =>
        arange(shape.Aggregate(1L, (n, size) => n * size), float32).sin().view(shape);

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

    private sealed class InPlaceReLU6 : Module<Tensor, Tensor>
    {
        public override Tensor forward(Tensor input) => F.hardtanh_(input, 0, 6);
    }
}
