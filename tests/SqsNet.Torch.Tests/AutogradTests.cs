using static SqsNet.Torch.torch;

namespace SqsNet.Torch.Tests;

public sealed class AutogradTests : ScopedTest
{
    [Fact]
    public void Backward_adds_to_the_gradient_of_leaves()
    {
        var x = tensor<float>([3]).requires_grad_();
        x.grad.ShouldBeNull();
        (x * x).sum().backward();
        (x * x).sum().backward();
        x.grad.ShouldNotBeNull().ToDouble().ShouldBe(12);
        x.is_leaf.ShouldBeTrue();
        (x * 2).is_leaf.ShouldBeFalse();
    }

    [Fact]
    public void No_grad_stops_recording_and_nests()
    {
        var x = tensor<float>([3]).requires_grad_();
        using (no_grad())
        {
            is_grad_enabled().ShouldBeFalse();
            (x * 2).requires_grad.ShouldBeFalse();
            using (enable_grad())
            {
                (x * 2).requires_grad.ShouldBeTrue();
            }
            is_grad_enabled().ShouldBeFalse();
        }
        is_grad_enabled().ShouldBeTrue();
    }

    [Fact]
    public void Detach_cuts_the_history()
    {
        var x = tensor<float>([3]).requires_grad_();
        (x * x.detach()).sum().backward();
        x.grad.ShouldNotBeNull().ToDouble().ShouldBe(3);
    }

    [Fact]
    public void Gradients_of_gradients_can_be_taken()
    {
        var x = tensor<double>([2]).requires_grad_();
        var first = autograd.grad((x * x * x).sum(), [x], create_graph: true)[0].ShouldNotBeNull();
        first.ToDouble().ShouldBe(12);
        autograd.grad(first.sum(), [x])[0].ShouldNotBeNull().ToDouble().ShouldBe(12);
        x.grad.ShouldBeNull();
    }

    [Fact]
    public void An_unused_input_gives_null_where_allowed_and_throws_otherwise()
    {
        var x = tensor<double>([2]).requires_grad_();
        var unused = tensor<double>([2]).requires_grad_();
        var y = (x * x).sum();
        Should.Throw<TorchException>(() => autograd.grad(y, [x, unused], retain_graph: true));
        autograd.grad(y, [x, unused], allow_unused: true)[1].ShouldBeNull();
    }

    [Fact]
    public void A_set_gradient_must_fit()
    {
        var x = zeros(2).requires_grad_();
        x.grad = ones(2);
        x.grad.ShouldNotBeNull().ShouldBeClose([1, 1]);
        Should.Throw<TorchException>(() => x.grad = ones(3));
        x.grad = null;
        x.grad.ShouldBeNull();
    }

    [Fact]
    public void Autocast_shortens_products_and_leaves_no_trace()
    {
        var x = randn(4, 8);
        var weight = randn(2, 8).requires_grad_();
        using (autocast(DeviceType.CPU, bfloat16))
        {
            var y = nn.functional.linear(x, weight);
            y.dtype.ShouldBe(ScalarType.BFloat16);
            y.to(float32).ShouldBeClose(nn.functional.linear(x, weight).to(float32));
            nn.functional.cross_entropy(y.to(float32), tensor<long>([0, 1, 0, 1])).backward();
        }
        weight.grad.ShouldNotBeNull().dtype.ShouldBe(ScalarType.Float32);
        nn.functional.linear(x, weight).dtype.ShouldBe(ScalarType.Float32);
        using (autocast(DeviceType.CPU, bfloat16, enabled: false))
        {
            nn.functional.linear(x, weight).dtype.ShouldBe(ScalarType.Float32);
        }
        Should.Throw<ArgumentException>(() => autocast(DeviceType.CPU, float64));
    }

    [Fact]
    public void Autocast_sees_weights_that_changed_since_the_scope_before()
    {
        var x = ones(1, 4);
        var weight = ones(1, 4).requires_grad_();
        double Run()
        {
            using (autocast(DeviceType.CPU, bfloat16))
            {
                return nn.functional.linear(x, weight).ToDouble();
            }
        }
        Run().ShouldBe(4);
        using (no_grad())
        {
            weight.mul_(2);
        }
        Run().ShouldBe(8);
    }
}
