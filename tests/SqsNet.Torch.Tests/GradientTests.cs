using static SqsNet.Torch.torch;
using F = SqsNet.Torch.torch.nn.functional;

namespace SqsNet.Torch.Tests;

/// <summary>Gradients against central differences in double precision.</summary>
public sealed class GradientTests : ScopedTest
{
    private const double Step = 1e-5;

    public static TheoryData<string> Functions => [.. Cases.Keys];

    private static Dictionary<string, (long[] Shape, Func<Tensor, Tensor> Function)> Cases { get; } =
        new()
        {
            ["add and multiply"] = ([3, 4], x => (x * x + 2 * x) / (x * x + 1)),
            ["matmul"] = ([4, 3], x => x.matmul(x.t())),
            ["conv2d"] = ([2, 3, 5, 5], x => F.conv2d(x, Fixed(4, 3, 3, 3), Fixed(4), stride: 2, padding: 1)),
            ["conv2d weight"] = ([4, 1, 3, 3], w => F.conv2d(Fixed(2, 4, 5, 5), w, padding: 1, groups: 4)),
            ["batch_norm"] = ([4, 3, 2, 2], x => F.batch_norm(x, null, null, Fixed(3), Fixed(3), training: true)),
            ["layer_norm"] = ([3, 5], x => F.layer_norm(x, [5], Fixed(5), Fixed(5))),
            ["group_norm"] = ([2, 4, 3], x => F.group_norm(x, 2)),
            ["softmax"] = ([3, 5], x => F.softmax(x, dim: 1)),
            ["log_softmax"] = ([3, 5], x => F.log_softmax(x, dim: -1)),
            ["cross_entropy"] = ([3, 5], x => F.cross_entropy(x, tensor<long>([0, 4, 2]), label_smoothing: 0.1)),
            ["kl_div"] = ([2, 4], x => F.kl_div(F.log_softmax(x, 1), F.softmax(Fixed(2, 4), 1), Reduction.BatchMean)),
            ["silu"] = ([6], x => F.silu(x)),
            ["gelu"] = ([6], x => F.gelu(x)),
            ["hardswish"] = ([6], x => F.hardswish(x)),
            ["normalize"] = ([2, 3, 2], x => F.normalize(x, dim: 1)),
            ["cosine_similarity"] = ([2, 3], x => F.cosine_similarity(x, Fixed(2, 3))),
            ["cdist"] = ([3, 2], x => cdist(x, Fixed(4, 2))),
            ["einsum"] = ([2, 3], x => einsum("ij,kj->ik", [x, Fixed(4, 3)])),
            ["attention"] = ([1, 4, 3], x => F.scaled_dot_product_attention(x, x, x, is_causal: true)),
            ["bilinear"] = ([1, 1, 3, 3], x => F.interpolate(x, (5, 5), mode: InterpolationMode.Bilinear)),
            ["grid_sample"] = ([1, 1, 4, 4], x => F.grid_sample(x, Fixed(1, 3, 3, 2))),
            ["avg_pool2d"] = ([1, 2, 4, 4], x => F.avg_pool2d(x, 2)),
            ["adaptive_avg_pool2d"] = ([1, 2, 5, 5], x => F.adaptive_avg_pool2d(x, 2)),
            ["index_select and cat"] = ([3, 2], x => cat([x.index_select(0, tensor<long>([2, 0])), x])),
            ["roll and pad"] = ([2, 3], x => F.pad(x.roll(1, 1), [1, 1]) * 2),
            ["logsumexp"] = ([2, 4], x => x.logsumexp(1)),
            ["var"] = ([2, 4], x => x.var(1)),
        };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Gradient_agrees_with_central_differences(string name)
    {
        var (shape, function) = Cases[name];
        var start = Reference.Uniform(name, (int)shape.Aggregate(1L, (n, size) => n * size));
        var x = tensor<double>(start, shape).requires_grad_();
        var result = function(x);
        // A fixed weight for each output, so that no error cancels in a sum.
        var weights = tensor<double>(Reference.Uniform(name + " weights", (int)result.numel()), result.shape);
        (result * weights).sum().backward();
        using var noGrad = no_grad();
        var numeric = new double[start.Length];
        for (var i = 0; i < start.Length; i++)
        {
            numeric[i] = (Value(i, Step) - Value(i, -Step)) / (2 * Step);
        }
        x.grad.ShouldNotBeNull().ShouldBeClose(numeric, rtol: 1e-5, atol: 1e-7);

        double Value(int index, double shift)
        {
            using var scope = NewDisposeScope();
            var moved = start.ToArray();
            moved[index] += shift;
            return (function(tensor<double>(moved, shape)) * weights).sum().ToDouble();
        }
    }

    private static Tensor Fixed(params long[] shape)
    {
        var count = (int)shape.Aggregate(1L, (n, size) => n * size);
        return tensor<double>(Reference.Uniform("fixed", count), shape);
    }
}
