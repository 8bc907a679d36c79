using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Layers.ResNet;

/// <summary>One residual block with every number settled.</summary>
/// <param name="Bottleneck">Whether it has three convolutions (1x1, 3x3, 1x1) or two of 3x3.</param>
/// <param name="Input">Channels of the input.</param>
/// <param name="Middle">Channels inside the block.</param>
/// <param name="Output">Channels of the output.</param>
/// <param name="Stride">Stride of the block, 1 or 2.</param>
/// <param name="Groups">Groups of the bottleneck's 3x3 convolution.</param>
/// <param name="Squeezed">Channels inside squeeze-and-excitation; 0 leaves it out.</param>
/// <param name="DropPath">Probability of dropping the residual branch in training.</param>
internal sealed record ResNetBlockPlan(
    bool Bottleneck,
    int Input,
    int Middle,
    int Output,
    int Stride,
    int Groups,
    int Squeezed,
    double DropPath
)
{
    /// <summary>Whether the skip connection needs a projection.</summary>
    internal bool Projects => Stride != 1 || Input != Output;

    /// <summary>The convolutions of the residual branch, in order.</summary>
    internal IReadOnlyList<(int Input, int Output, int Kernel, int Stride, int Groups)> Convolutions =>
        Bottleneck
            ? [(Input, Middle, 1, 1, 1), (Middle, Middle, 3, Stride, Groups), (Middle, Output, 1, 1, 1)]
            : [(Input, Middle, 3, Stride, 1), (Middle, Output, 3, 1, 1)];
}

/// <summary>
/// A residual block: convolutions with norms, squeeze-and-excitation where wanted, skip connection, ReLU. Keys as in
/// timm: "conv1", "bn1", ..., "se", "downsample.0", "downsample.1".
/// </summary>
/// <remarks>He et al. 2016; grouped as in Xie et al. 2017 (ResNeXt). The stride is in the 3x3 convolution, as in timm.</remarks>
internal sealed class ResNetBlock : Module<Tensor, Tensor>
{
    private readonly ResNetBlockPlan _plan;
    private readonly List<(Module<Tensor, Tensor> Conv, BatchNorm2d Norm)> _layers = [];
    private readonly SqueezeExcite? _squeezeExcite;
    private readonly Module<Tensor, Tensor>? _downsample;

    internal ResNetBlock(ResNetBlockPlan plan)
    {
        _plan = plan;
        foreach (var (input, output, kernel, stride, groups) in plan.Convolutions)
        {
            var number = _layers.Count + 1;
            var conv = register_module($"conv{number}", Convolution.Create(input, output, kernel, stride, groups));
            _layers.Add((conv, register_module($"bn{number}", nn.BatchNorm2d(output))));
        }
        if (plan.Squeezed > 0)
            _squeezeExcite = register_module(
                "se",
                new SqueezeExcite(plan.Output, plan.Squeezed, Activation.Relu, "fc1", "fc2")
            );
        if (plan.Projects)
        {
            var projection = Convolution.Create(plan.Input, plan.Output, kernel: 1, plan.Stride);
            _downsample = register_module("downsample", nn.Sequential(projection, nn.BatchNorm2d(plan.Output)));
        }
    }

    /// <summary>The norm before the skip connection, whose scale starts at zero.</summary>
    internal BatchNorm2d LastNorm => _layers[^1].Norm;

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) // (B, Cin, H, W)
    {
        using var scope = NewDisposeScope();
        var branch = x;
        for (var i = 0; i < _layers.Count; i++)
        {
            branch = _layers[i].Norm.call(_layers[i].Conv.call(branch));
            if (i < _layers.Count - 1)
                branch = branch.relu_();
        }
        branch = _squeezeExcite?.call(branch) ?? branch;
        branch = DropPath.Apply(branch, _plan.DropPath, training);
        var output = branch + (_downsample?.call(x) ?? x); // (B, Cout, H', W')
        return scope.MoveToOuter(output.relu_());
    }

    /// <summary>Counts the block for an input of <paramref name="side"/> pixels; returns the output's side.</summary>
    internal static int Count(CostTally tally, ResNetBlockPlan plan, int side)
    {
        var after = Convolution.OutputSide(side, plan.Stride);
        var current = side;
        foreach (var (input, output, kernel, stride, groups) in plan.Convolutions)
        {
            current = Convolution.OutputSide(current, stride);
            tally.Conv(input, output, kernel, current, groups);
            tally.BatchNorm(output);
        }
        if (plan.Squeezed > 0)
            SqueezeExcite.Count(tally, plan.Output, plan.Squeezed);
        if (plan.Projects)
        {
            tally.Conv(plan.Input, plan.Output, kernel: 1, after);
            tally.BatchNorm(plan.Output);
        }
        return after;
    }
}
