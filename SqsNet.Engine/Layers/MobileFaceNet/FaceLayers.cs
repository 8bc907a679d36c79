using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Layers.MobileFaceNet;

/// <summary>Convolution, norm and ReLU6 under the keys "0" and "1".</summary>
internal static class FaceLayer
{
    internal static Sequential Create(int input, int output, int kernel, int stride = 1, int groups = 1) =>
        nn.Sequential(Convolution.Create(input, output, kernel, stride, groups), nn.BatchNorm2d(output), nn.ReLU6());
}

/// <summary>The second layer: depthwise and 1x1 convolution, each with norm and ReLU. Keys "depthwise", "pointwise", "bn1", "bn2".</summary>
internal sealed class FaceDepthwise : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _depthwise;
    private readonly Module<Tensor, Tensor> _pointwise;
    private readonly Module<Tensor, Tensor> _norm1;
    private readonly Module<Tensor, Tensor> _norm2;

    internal FaceDepthwise(int channels)
    {
        _depthwise = register_module("depthwise", Convolution.Create(channels, channels, kernel: 3, groups: channels));
        _pointwise = register_module("pointwise", Convolution.Create(channels, channels, kernel: 1));
        _norm1 = register_module("bn1", nn.BatchNorm2d(channels));
        _norm2 = register_module("bn2", nn.BatchNorm2d(channels));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) // (B, C, H, W)
    {
        x = _norm1.call(_depthwise.call(x)).relu_();
        return _norm2.call(_pointwise.call(x)).relu_();
    }
}

/// <summary>One bottleneck with every number settled.</summary>
/// <param name="Input">Channels of the input.</param>
/// <param name="Middle">Channels after the expansion.</param>
/// <param name="Output">Channels of the output.</param>
/// <param name="Stride">1 or 2.</param>
/// <param name="DropPath">Probability of dropping the residual branch in training.</param>
internal sealed record FaceBottleneckPlan(int Input, int Middle, int Output, int Stride, double DropPath);

/// <summary>Inverted bottleneck under the key "conv": expansion "0", depthwise "1", linear projection "2", norm "3".</summary>
/// <remarks>The block of MobileNetV2 (Sandler et al. 2018), with torchvision's keys.</remarks>
internal sealed class FaceBottleneck : Module<Tensor, Tensor>
{
    private readonly bool _hasSkip;
    private readonly double _dropPath;
    private readonly Module<Tensor, Tensor> _conv;

    internal FaceBottleneck(FaceBottleneckPlan plan)
    {
        _dropPath = plan.DropPath;
        _hasSkip = plan.Stride == 1 && plan.Input == plan.Output;
        _conv = register_module(
            "conv",
            nn.Sequential(
                FaceLayer.Create(plan.Input, plan.Middle, kernel: 1),
                FaceLayer.Create(plan.Middle, plan.Middle, kernel: 3, plan.Stride, groups: plan.Middle),
                Convolution.Create(plan.Middle, plan.Output, kernel: 1),
                nn.BatchNorm2d(plan.Output)
            )
        );
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) // (B, Cin, H, W)
    {
        using var scope = NewDisposeScope();
        var branch = _conv.call(x);
        return scope.MoveToOuter(_hasSkip ? DropPath.Apply(branch, _dropPath, training) + x : branch);
    }

    /// <summary>Counts the block for an input of <paramref name="side"/> pixels; returns the output's side.</summary>
    internal static int Count(CostTally tally, FaceBottleneckPlan plan, int side)
    {
        var after = Convolution.OutputSide(side, plan.Stride);
        tally.Conv(plan.Input, plan.Middle, kernel: 1, side);
        tally.BatchNorm(plan.Middle);
        tally.Conv(plan.Middle, plan.Middle, kernel: 3, after, groups: plan.Middle);
        tally.BatchNorm(plan.Middle);
        tally.Conv(plan.Middle, plan.Output, kernel: 1, after);
        tally.BatchNorm(plan.Output);
        return after;
    }
}

/// <summary>
/// From the map to one vector for the whole face: a depthwise convolution as large as the map (global depthwise
/// convolution), a linear 1x1 convolution and a norm.
/// </summary>
/// <remarks>Chen et al. 2018, section 3.1. The published layout has these layers beside the others, not under a key of their own.</remarks>
internal sealed class FaceEmbedding
{
    private readonly Module<Tensor, Tensor> _depthwise;
    private readonly Module<Tensor, Tensor> _depthwiseNorm;
    private readonly Module<Tensor, Tensor> _linear;
    private readonly Module<Tensor, Tensor> _norm;

    /// <param name="owner">Where the layers are registered: "gdconv", "conv3", "bn".</param>
    /// <param name="channels">Channels of the map.</param>
    /// <param name="embedding">Channels of the vector.</param>
    /// <param name="grid">Side of the map.</param>
    internal FaceEmbedding(Module owner, int channels, int embedding, int grid)
    {
        _depthwise = nn.Conv2d(channels, channels, grid, groups: channels, bias: false);
        _depthwiseNorm = nn.BatchNorm2d(channels);
        owner.register_module("gdconv", nn.Sequential(("depthwise", _depthwise), ("bn", _depthwiseNorm)));
        _linear = owner.register_module("conv3", nn.Conv2d(channels, embedding, 1));
        _norm = owner.register_module("bn", nn.BatchNorm2d(embedding));
    }

    /// <summary>Shape (B, C, H, W) to (B, E, 1, 1).</summary>
    internal Tensor Embed(Tensor map) => _norm.call(_linear.call(_depthwiseNorm.call(_depthwise.call(map))));
}
