using SqsNet.Torch;

namespace SqsNet.Engine.Layers.EfficientNet;

/// <summary>One convolution, norm, activation. Keys as in timm: "conv", "bn1".</summary>
internal sealed class ConvolutionBlock : EfficientNetBlock
{
    private readonly Module<Tensor, Tensor> _conv;
    private readonly Module<Tensor, Tensor> _norm;

    internal ConvolutionBlock(BlockPlan plan)
        : base(plan)
    {
        _conv = RegisterConv("conv", plan.Input, plan.Output, plan.Kernel, plan.Stride, groups: 1);
        _norm = RegisterNorm("bn1", plan.Output);
    }

    private protected override Tensor ForwardBranch(Tensor x) => Activate(_norm.call(_conv.call(x)));

    internal static void Count(CostTally tally, BlockPlan plan, int after)
    {
        tally.Conv(plan.Input, plan.Output, plan.Kernel, after);
        tally.BatchNorm(plan.Output);
    }
}

/// <summary>
/// Depthwise convolution, squeeze-and-excitation, linear projection. Keys as in timm: "conv_dw", "bn1", "se",
/// "conv_pw", "bn2".
/// </summary>
/// <remarks>Howard et al. 2017 (MobileNet); the first stage of EfficientNet and MobileNetV2.</remarks>
internal sealed class DepthwiseSeparableBlock : EfficientNetBlock
{
    private readonly Module<Tensor, Tensor> _depthwise;
    private readonly Module<Tensor, Tensor> _norm1;
    private readonly SqueezeExcite? _squeezeExcite;
    private readonly Module<Tensor, Tensor> _project;
    private readonly Module<Tensor, Tensor> _norm2;

    internal DepthwiseSeparableBlock(BlockPlan plan)
        : base(plan)
    {
        _depthwise = RegisterConv("conv_dw", plan.Input, plan.Input, plan.Kernel, plan.Stride, groups: plan.Input);
        _norm1 = RegisterNorm("bn1", plan.Input);
        _squeezeExcite = RegisterSqueezeExcite(plan.Input);
        _project = RegisterPointwise("conv_pw", plan.Input, plan.Output);
        _norm2 = RegisterNorm("bn2", plan.Output);
    }

    private protected override Tensor ForwardBranch(Tensor x)
    {
        x = Activate(_norm1.call(_depthwise.call(x)));
        x = _squeezeExcite?.call(x) ?? x;
        return _norm2.call(_project.call(x));
    }

    internal static void Count(CostTally tally, BlockPlan plan, int after)
    {
        tally.Conv(plan.Input, plan.Input, plan.Kernel, after, groups: plan.Input);
        tally.BatchNorm(plan.Input);
        if (plan.Squeezed > 0)
            SqueezeExcite.Count(tally, plan.Input, plan.Squeezed);
        tally.Conv(plan.Input, plan.Output, kernel: 1, after);
        tally.BatchNorm(plan.Output);
    }
}

/// <summary>
/// MBConv: 1x1 expansion, depthwise convolution, squeeze-and-excitation, linear projection. Keys as in timm:
/// "conv_pw", "bn1", "conv_dw", "bn2", "se", "conv_pwl", "bn3".
/// </summary>
/// <remarks>Sandler et al. 2018 (MobileNetV2), section 3.3; Tan and Le 2019 (EfficientNet).</remarks>
internal sealed class InvertedBlock : EfficientNetBlock
{
    private readonly Module<Tensor, Tensor> _expand;
    private readonly Module<Tensor, Tensor> _norm1;
    private readonly Module<Tensor, Tensor> _depthwise;
    private readonly Module<Tensor, Tensor> _norm2;
    private readonly SqueezeExcite? _squeezeExcite;
    private readonly Module<Tensor, Tensor> _project;
    private readonly Module<Tensor, Tensor> _norm3;

    internal InvertedBlock(BlockPlan plan)
        : base(plan)
    {
        _expand = RegisterPointwise("conv_pw", plan.Input, plan.Middle);
        _norm1 = RegisterNorm("bn1", plan.Middle);
        _depthwise = RegisterConv("conv_dw", plan.Middle, plan.Middle, plan.Kernel, plan.Stride, groups: plan.Middle);
        _norm2 = RegisterNorm("bn2", plan.Middle);
        _squeezeExcite = RegisterSqueezeExcite(plan.Middle);
        _project = RegisterPointwise("conv_pwl", plan.Middle, plan.Output);
        _norm3 = RegisterNorm("bn3", plan.Output);
    }

    private protected override Tensor ForwardBranch(Tensor x)
    {
        x = Activate(_norm1.call(_expand.call(x)));
        x = Activate(_norm2.call(_depthwise.call(x)));
        x = _squeezeExcite?.call(x) ?? x;
        return _norm3.call(_project.call(x));
    }

    internal static void Count(CostTally tally, BlockPlan plan, int before, int after)
    {
        tally.Conv(plan.Input, plan.Middle, kernel: 1, before);
        tally.BatchNorm(plan.Middle);
        tally.Conv(plan.Middle, plan.Middle, plan.Kernel, after, groups: plan.Middle);
        tally.BatchNorm(plan.Middle);
        if (plan.Squeezed > 0)
            SqueezeExcite.Count(tally, plan.Middle, plan.Squeezed);
        tally.Conv(plan.Middle, plan.Output, kernel: 1, after);
        tally.BatchNorm(plan.Output);
    }
}

/// <summary>
/// Fused MBConv: a full convolution that expands, squeeze-and-excitation, linear projection. Keys as in timm:
/// "conv_exp", "bn1", "se", "conv_pwl", "bn2".
/// </summary>
/// <remarks>Tan and Le 2021 (EfficientNetV2), section 3.2. On a CPU it is faster than MBConv in spite of more arithmetic.</remarks>
internal sealed class FusedBlock : EfficientNetBlock
{
    private readonly Module<Tensor, Tensor> _expand;
    private readonly Module<Tensor, Tensor> _norm1;
    private readonly SqueezeExcite? _squeezeExcite;
    private readonly Module<Tensor, Tensor> _project;
    private readonly Module<Tensor, Tensor> _norm2;

    internal FusedBlock(BlockPlan plan)
        : base(plan)
    {
        _expand = RegisterConv("conv_exp", plan.Input, plan.Middle, plan.Kernel, plan.Stride, groups: 1);
        _norm1 = RegisterNorm("bn1", plan.Middle);
        _squeezeExcite = RegisterSqueezeExcite(plan.Middle);
        _project = RegisterPointwise("conv_pwl", plan.Middle, plan.Output);
        _norm2 = RegisterNorm("bn2", plan.Output);
    }

    private protected override Tensor ForwardBranch(Tensor x)
    {
        x = Activate(_norm1.call(_expand.call(x)));
        x = _squeezeExcite?.call(x) ?? x;
        return _norm2.call(_project.call(x));
    }

    internal static void Count(CostTally tally, BlockPlan plan, int after)
    {
        tally.Conv(plan.Input, plan.Middle, plan.Kernel, after);
        tally.BatchNorm(plan.Middle);
        if (plan.Squeezed > 0)
            SqueezeExcite.Count(tally, plan.Middle, plan.Squeezed);
        tally.Conv(plan.Middle, plan.Output, kernel: 1, after);
        tally.BatchNorm(plan.Output);
    }
}
