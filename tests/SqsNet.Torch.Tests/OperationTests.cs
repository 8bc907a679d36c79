using static SqsNet.Torch.torch;
using F = SqsNet.Torch.torch.nn.functional;

namespace SqsNet.Torch.Tests;

public sealed class OperationTests : ScopedTest
{
    private static Tensor Matrix() => tensor<float>([1, 2, 3, 4, 5, 6], [2, 3]);

    [Fact]
    public void Arithmetic_broadcasts_like_PyTorch()
    {
        var column = tensor<float>([10, 20], [2, 1]);
        (Matrix() + column).ShouldBeClose([11, 12, 13, 24, 25, 26]);
        (1 - Matrix()).ShouldBeClose([0, -1, -2, -3, -4, -5]);
        (6 / Matrix()).ShouldBeClose([6, 3, 2, 1.5, 1.2, 1]);
        (-Matrix() * 2 + 0.5).ShouldBeClose([-1.5, -3.5, -5.5, -7.5, -9.5, -11.5]);
    }

    [Fact]
    public void Numbers_keep_their_kind_for_type_promotion()
    {
        var integers = tensor<long>([1, 2]);
        (integers + 1).dtype.ShouldBe(ScalarType.Int64);
        (integers + 1.0).dtype.ShouldBe(ScalarType.Float32);
        tensor(3).dtype.ShouldBe(ScalarType.Int64);
        tensor(3.5).dtype.ShouldBe(ScalarType.Float32);
        tensor(true).dtype.ShouldBe(ScalarType.Bool);
    }

    [Fact]
    public void Reductions_take_one_dimension_or_a_list()
    {
        Matrix().sum().ToDouble().ShouldBe(21);
        Matrix().sum(0).ShouldBeClose([5, 7, 9]);
        Matrix().mean(-1).ShouldBeClose([2, 5]);
        Matrix().sum([0, 1], keepdim: true).shape.ShouldBe([1, 1]);
        Matrix().var(1, correction: 0).ShouldBeClose([2.0 / 3, 2.0 / 3]);
        var (values, indices) = Matrix().max(1);
        values.ShouldBeClose([3, 6]);
        indices.ToArray<long>().ShouldBe([2, 2]);
        Matrix().amax([0, 1]).ToDouble().ShouldBe(6);
    }

    [Fact]
    public void Shapes_follow_views_joins_and_cuts()
    {
        Matrix().view(3, -1).shape.ShouldBe([3, 2]);
        Matrix().permute(1, 0).ShouldBeClose([1, 4, 2, 5, 3, 6]);
        Matrix().transpose(0, 1).is_contiguous().ShouldBeFalse();
        cat([Matrix(), Matrix()], dim: 1).shape.ShouldBe([2, 6]);
        stack([Matrix(), Matrix()]).shape.ShouldBe([2, 2, 3]);
        Matrix().unbind(1).Length.ShouldBe(3);
        Matrix().split(2, dim: 1).Select(part => part.size(1)).ShouldBe([2, 1]);
        Matrix().unsqueeze(0).expand(4, -1, -1).shape.ShouldBe([4, 2, 3]);
        Matrix().flip(1).ShouldBeClose([3, 2, 1, 6, 5, 4]);
        Matrix().roll(1, 1).ShouldBeClose([3, 1, 2, 6, 4, 5]);
        F.pad(Matrix(), [1, 0]).ShouldBeClose([0, 1, 2, 3, 0, 4, 5, 6]);
    }

    [Fact]
    public void A_list_of_any_length_comes_back_whole()
    {
        var parts = arange(5000).unbind();
        parts.Length.ShouldBe(5000);
        parts[4999].ToInt64().ShouldBe(4999);
    }

    [Fact]
    public void Indexing_selects_masks_and_gathers()
    {
        var matrix = Matrix();
        matrix[1].ShouldBeClose([4, 5, 6]);
        matrix[tensor<long>([1, 0])].ShouldBeClose([4, 5, 6, 1, 2, 3]);
        matrix[matrix > 3].ShouldBeClose([4, 5, 6]);
        matrix.slice(1, 0, null, 2).ShouldBeClose([1, 3, 4, 6]);
        matrix.index([null, tensor<long>([2])]).ShouldBeClose([3, 6]);
        matrix.gather(1, tensor<long>([2, 0], [2, 1])).ShouldBeClose([3, 4]);
        where(matrix > 3, matrix, zeros_like(matrix)).ShouldBeClose([0, 0, 0, 4, 5, 6]);
        matrix.masked_fill(matrix.lt(3), -1).ShouldBeClose([-1, -1, 3, 4, 5, 6]);
        F.one_hot(tensor<long>([1, 0]), 3).ToArray<long>().ShouldBe([0, 1, 0, 1, 0, 0]);
    }

    [Fact]
    public void Products_agree_with_sums_by_hand()
    {
        matmul(Matrix(), Matrix().t()).ShouldBeClose([14, 32, 32, 77]);
        einsum("ij,kj->ik", [Matrix(), Matrix()]).ShouldBeClose([14, 32, 32, 77]);
        cdist(Matrix(), Matrix()).ShouldBeClose([0, Math.Sqrt(27), Math.Sqrt(27), 0], atol: 1e-5);
        F.linear(Matrix(), ones(1, 3), tensor<float>([0.5f])).ShouldBeClose([6.5, 15.5]);
    }

    [Fact]
    public void Convolution_slides_its_kernel()
    {
        var image = arange(9, float32).view(1, 1, 3, 3);
        var kernel = tensor<float>([1, 0, 0, -1], [1, 1, 2, 2]);
        F.conv2d(image, kernel).ShouldBeClose([-4, -4, -4, -4]);
        F.conv2d(image, kernel, stride: 2, padding: (1, 0)).shape.ShouldBe([1, 1, 2, 1]);
        F.max_pool2d(image, 2, stride: 1).ShouldBeClose([4, 5, 7, 8]);
        F.max_pool2d(image, 3).shape.ShouldBe([1, 1, 1, 1]);
        F.adaptive_avg_pool2d(image, 1).ToDouble().ShouldBe(4);
    }

    [Fact]
    public void Activations_agree_with_their_formulas()
    {
        var x = tensor<double>([-2, -0.5, 0, 1, 7]);
        double[] values = [-2, -0.5, 0, 1, 7];
        F.silu(x).ShouldBeClose(values.Select(v => v / (1 + Math.Exp(-v))).ToArray());
        F.relu6(x).ShouldBeClose([0, 0, 0, 1, 6]);
        F.softplus(x).ShouldBeClose(values.Select(v => Math.Log(1 + Math.Exp(v))).ToArray());
        F.softmax(x, dim: 0).sum().ToDouble().ShouldBe(1, 1e-12);
        F.gelu(tensor<double>([1])).ShouldBeClose([0.8413447460685429]);
    }

    [Fact]
    public void Losses_agree_with_their_formulas()
    {
        var logits = tensor<double>([1, 2, 3, 0, 0, 0], [2, 3]);
        var logSum = Math.Log(Math.Exp(1) + Math.Exp(2) + Math.Exp(3));
        var expected = (logSum - 3 + Math.Log(3)) / 2;
        F.cross_entropy(logits, tensor<long>([2, 0])).ToDouble().ShouldBe(expected, 1e-12);
        F.cross_entropy(logits, F.one_hot(tensor<long>([2, 0]), 3).to(float64)).ToDouble().ShouldBe(expected, 1e-12);
        F.cross_entropy(logits, tensor<long>([2, 0]), reduction: Reduction.None).shape.ShouldBe([2]);
        F.mse_loss(tensor<double>([1, 3]), tensor<double>([0, 0])).ToDouble().ShouldBe(5);

        var target = F.softmax(logits, 1);
        var uniform = full([2, 3], Math.Log(1.0 / 3), float64);
        var divergence = (target * (target.log() - uniform)).sum().ToDouble();
        F.kl_div(uniform, target, Reduction.Sum).ToDouble().ShouldBe(divergence, 1e-12);
        F.kl_div(uniform, target, Reduction.BatchMean).ToDouble().ShouldBe(divergence / 2, 1e-12);
    }

    [Fact]
    public void Comparisons_give_truth_values()
    {
        Matrix().eq(3).sum().ToInt64().ShouldBe(1);
        equal(Matrix(), Matrix()).ShouldBeTrue();
        Matrix().equal(Matrix() + 1).ShouldBeFalse();
        Matrix().allclose(Matrix() + 1e-9).ShouldBeTrue();
        (!(Matrix() > 2) | (Matrix() >= 6)).ToArray<bool>().ShouldBe([true, true, false, false, false, true]);
    }

    [Theory]
    [InlineData(InterpolationMode.Nearest, false)]
    [InlineData(InterpolationMode.Bilinear, false)]
    [InlineData(InterpolationMode.Bilinear, true)]
    [InlineData(InterpolationMode.Bicubic, false)]
    [InlineData(InterpolationMode.Bicubic, true)]
    public void Resizing_keeps_constant_images(InterpolationMode mode, bool antialias)
    {
        var image = full([1, 2, 8, 8], 3.0, float32);
        F.interpolate(image, (4, 6), mode: mode, antialias: antialias)
            .ShouldBeClose(full([1, 2, 4, 6], 3.0), atol: 1e-5);
        F.interpolate(image, scale_factor: 0.5, mode: mode).shape.ShouldBe([1, 2, 4, 4]);
    }

    [Fact]
    public void The_identity_map_samples_the_image_itself()
    {
        var image = randn(1, 2, 5, 4);
        var theta = tensor<float>([1, 0, 0, 0, 1, 0], [1, 2, 3]);
        F.grid_sample(image, F.affine_grid(theta, [1, 2, 5, 4])).ShouldBeClose(image, atol: 1e-5);
    }

    [Fact]
    public void Channels_last_gives_the_same_convolution()
    {
        var image = randn(2, 8, 9, 9);
        var weight = randn(16, 8, 3, 3);
        var last = image.contiguous(channels_last);
        last.is_contiguous(channels_last).ShouldBeTrue();
        last.is_contiguous().ShouldBeFalse();
        last.ToArray<float>().ShouldBe(image.ToArray<float>());
        F.conv2d(last, weight.contiguous(channels_last)).ShouldBeClose(F.conv2d(image, weight), atol: 1e-4);
    }

    [Fact]
    public void Double_precision_is_kept()
    {
        var x = tensor<double>([1, 1e-15]);
        x.sum().ToDouble().ShouldBe(1 + 1e-15);
        using var net = nn.Linear(2, 1);
        net.to(float64);
        net.forward(x).dtype.ShouldBe(ScalarType.Float64);
    }
}
