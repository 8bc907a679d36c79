using System.Text.Json;
using static SqsNet.Torch.torch;

namespace SqsNet.Torch.Tests.Optim;

public sealed class AdamWTests : ScopedTest
{
    private static readonly JsonElement Expected = Reference.Read("sqs/optim_adamw.json");

    public static TheoryData<int, string> Cases =>
        [(0, "f64"), (1, "f64"), (2, "f64"), (0, "f32"), (1, "f32"), (2, "f32")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_agree_with_PyTorchs(int number, string precision)
    {
        var expected = Expected.GetProperty("cases")[number];
        var (type, tolerance) = precision == "f64" ? (float64, 1e-12) : (float32, 1e-6);
        var parameter = tensor<double>(Reference.Uniform("adamw/p", 12), [3, 4]).to(type).requires_grad_();
        var betas = Reference.Doubles(expected.GetProperty("betas"));
        using var optimizer = optim.AdamW(
            [parameter],
            expected.GetProperty("lr").GetDouble(),
            betas[0],
            betas[1],
            expected.GetProperty("eps").GetDouble(),
            expected.GetProperty("weight_decay").GetDouble()
        );
        var steps = expected.GetProperty(precision).GetProperty("params_after_step");
        for (var t = 1; t <= steps.GetArrayLength(); t++)
        {
            var gradient = Reference.Uniform($"adamw/g{t}", 12).Select(u => u * (0.1 * t)).ToArray();
            parameter.grad = tensor<double>(gradient, [3, 4]).to(type);
            optimizer.step();
            parameter.ShouldBeClose(Reference.Doubles(steps[t - 1]), rtol: tolerance, atol: tolerance);
        }
    }

    [Fact]
    public void Clipping_agrees_with_PyTorchs()
    {
        foreach (var expected in Expected.GetProperty("clip_grad_norm").GetProperty("cases").EnumerateArray())
        {
            var a = zeros([3, 4], float64).requires_grad_();
            var b = zeros([5], float64).requires_grad_();
            a.grad = tensor<double>(Reference.Uniform("clip/a", 12), [3, 4]);
            b.grad = tensor<double>(Reference.Uniform("clip/b", 5));
            var without = zeros(2).requires_grad_();
            var norm = nn.utils.clip_grad_norm_([a, without, b], expected.GetProperty("max_norm").GetDouble());
            norm.ToDouble().ShouldBe(expected.GetProperty("total_norm").GetDouble(), 1e-12);
            a.grad.ShouldBeClose(Reference.Doubles(expected.GetProperty("a")), 1e-12, 1e-13);
            b.grad.ShouldBeClose(Reference.Doubles(expected.GetProperty("b")), 1e-12, 1e-13);
        }
    }

    [Fact]
    public void Clipping_tells_gradients_that_are_not_finite()
    {
        var x = zeros(2).requires_grad_();
        x.grad = tensor<float>([float.NaN, 1]);
        double.IsFinite(nn.utils.clip_grad_norm_([x], 1).ToDouble()).ShouldBeFalse();
        nn.utils.clip_grad_norm_([zeros(1).requires_grad_()], 1).ToDouble().ShouldBe(0);
        Should.Throw<ArgumentException>(() => nn.utils.clip_grad_norm_([x], 0));
    }

    [Theory]
    [InlineData(MemoryFormat.Contiguous)]
    [InlineData(MemoryFormat.ChannelsLast)]
    public void The_native_loop_agrees_with_the_formula_in_every_layout(MemoryFormat layout)
    {
        var start = randn([4, 3, 5, 5], float64);
        var parameter = start.contiguous(layout).clone().requires_grad_();
        var transposed = start.permute(0, 1, 3, 2).clone().permute(0, 1, 3, 2).requires_grad_();
        using var optimizer = optim.AdamW([parameter, transposed], lr: 0.1, weight_decay: 0.5);
        var gradient = randn([4, 3, 5, 5], float64);
        parameter.grad = gradient;
        transposed.grad = gradient;
        optimizer.step();
        var expected = start * (1 - 0.05) - 0.1 * gradient / (gradient.abs() + 1e-8);
        parameter.ShouldBeClose(expected, 1e-10, 1e-10);
        transposed.ShouldBeClose(expected, 1e-10, 1e-10);
    }

    [Fact]
    public void Groups_have_their_own_step_size_and_decay()
    {
        var slow = ones(1).requires_grad_();
        var fast = ones(1).requires_grad_();
        using var optimizer = optim.AdamW(
            [new ParameterGroup([slow]) { lr = 0.001, weight_decay = 0 }, new ParameterGroup([fast])],
            lr: 0.1,
            weight_decay: 0
        );
        slow.grad = ones(1);
        fast.grad = ones(1);
        optimizer.step();
        slow.ToDouble().ShouldBe(0.999, 1e-6);
        fast.ToDouble().ShouldBe(0.9, 1e-6);
        optimizer.param_groups[1].lr = 0;
        optimizer.step();
        fast.ToDouble().ShouldBe(0.9, 1e-6);
        optimizer.lr = 0;
        optimizer.step();
        optimizer.lr.ShouldBe(0);
        optimizer.zero_grad();
        slow.grad.ShouldBeNull();
    }

    [Fact]
    public void A_parameter_without_a_gradient_rests()
    {
        var trained = ones(1).requires_grad_();
        var resting = ones(1).requires_grad_();
        using var optimizer = optim.AdamW([trained, resting]);
        trained.grad = ones(1);
        optimizer.step();
        resting.ToDouble().ShouldBe(1);
        optimizer.state_dict()["0.step"].ToInt64().ShouldBe(1);
        optimizer.state_dict()["1.step"].ToInt64().ShouldBe(0);
    }

    [Fact]
    public void A_restored_optimizer_continues_bit_by_bit()
    {
        var a = randn(7).requires_grad_();
        var gradients = Enumerable.Range(0, 6).Select(_ => randn(7)).ToList();
        using var first = optim.AdamW([a], lr: 0.1);
        Run(first, a, gradients.Take(3));
        var b = a.detach().clone().requires_grad_();
        using var second = optim.AdamW([b], lr: 0.1);
        second.load_state_dict(first.state_dict());
        Run(first, a, gradients.Skip(3));
        Run(second, b, gradients.Skip(3));
        b.ToArray<float>().ShouldBe(a.ToArray<float>());
    }

    [Fact]
    public void A_state_that_does_not_fit_is_refused_and_changes_nothing()
    {
        var a = ones(2).requires_grad_();
        using var optimizer = optim.AdamW([a]);
        var state = new Dictionary<string, Tensor>(optimizer.state_dict()) { ["0.exp_avg"] = zeros(3) };
        state.Remove("0.step");
        var failure = Should.Throw<StateDictException>(() => optimizer.load_state_dict(state));
        failure.Missing.ShouldBe(["0.step"]);
        failure.Misshapen.Count.ShouldBe(1);
    }

    [Fact]
    public void Impossible_hyperparameters_are_refused()
    {
        var a = ones(1).requires_grad_();
        Should.Throw<ArgumentException>(() => optim.AdamW([a], lr: -1));
        Should.Throw<ArgumentException>(() => optim.AdamW([a], beta1: 1));
        Should.Throw<ArgumentException>(() => optim.AdamW([a], beta2: double.NaN));
        Should.Throw<ArgumentException>(() => optim.AdamW([a, a]));
        Should.Throw<ArgumentException>(() => optim.AdamW(Array.Empty<Tensor>()));
    }

    private static void Run(AdamW optimizer, Tensor parameter, IEnumerable<Tensor> gradients)
    {
        foreach (var gradient in gradients)
        {
            parameter.grad = gradient;
            optimizer.step();
        }
    }
}
