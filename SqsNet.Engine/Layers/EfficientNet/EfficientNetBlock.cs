using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Layers.EfficientNet;

/// <summary>What the blocks of an EfficientNet have in common: the skip connection with stochastic depth.</summary>
internal abstract class EfficientNetBlock : Module<Tensor, Tensor>
{
    private protected EfficientNetBlock(BlockPlan plan) => Plan = plan;

    private protected BlockPlan Plan { get; }

    /// <inheritdoc/>
    public sealed override Tensor forward(Tensor x) // (B, Cin, H, W)
    {
        using var scope = NewDisposeScope();
        var branch = ForwardBranch(x); // (B, Cout, H', W')
        var output = Plan.HasSkip ? DropPath.Apply(branch, Plan.DropPath, training) + x : branch;
        return scope.MoveToOuter(output);
    }

    /// <summary>The block without its skip connection.</summary>
    private protected abstract Tensor ForwardBranch(Tensor x);

    private protected Tensor Activate(Tensor x) => Plan.Style.Activation.Apply(x);

    private protected Module<Tensor, Tensor> RegisterConv(
        string key,
        int input,
        int output,
        int kernel,
        int stride,
        int groups
    ) => register_module(key, Convolution.Create(input, output, kernel, stride, groups, Plan.Style.SamePadding));

    private protected Module<Tensor, Tensor> RegisterPointwise(string key, int input, int output) =>
        RegisterConv(key, input, output, kernel: 1, stride: 1, groups: 1);

    private protected Module<Tensor, Tensor> RegisterNorm(string key, int channels) =>
        register_module(key, nn.BatchNorm2d(channels, eps: Plan.Style.BatchNormEps));

    private protected SqueezeExcite? RegisterSqueezeExcite(int channels) =>
        Plan.Squeezed > 0
            ? register_module("se", new SqueezeExcite(channels, Plan.Squeezed, Plan.Style.Activation))
            : null;
}
