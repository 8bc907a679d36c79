using static SqsNet.Torch.torch;

namespace SqsNet.Torch.Tests.Nn;

public sealed class ModuleTests : ScopedTest
{
    private sealed class Block : Module<Tensor, Tensor>
    {
        public Block()
        {
            Conv = register_module("conv", nn.Conv2d(2, 4, 3, padding: 1, bias: false));
            Norm = register_module("bn", nn.BatchNorm2d(4));
            Head = register_module("head", nn.Sequential(nn.Flatten(), nn.Dropout(), nn.Linear(4 * 9, 3)));
            Table = register_buffer("table", arange(3), persistent: false);
            Scale = register_parameter("scale", ones(1));
        }

        public Conv2d Conv { get; }
        public BatchNorm2d Norm { get; }
        public Sequential Head { get; }
        public Tensor Table { get; }
        public Tensor Scale { get; }

        public override Tensor forward(Tensor input) => Head.forward(Norm.forward(Conv.forward(input)) * Scale);
    }

    private sealed class Tied : Module
    {
        public Tied()
        {
            var shared = nn.Linear(2, 2, bias: false);
            register_module("first", shared);
            register_module("second", shared);
        }
    }

    private static string[] Keys =>
        [
            "scale",
            "conv.weight",
            "bn.weight",
            "bn.bias",
            "bn.running_mean",
            "bn.running_var",
            "bn.num_batches_tracked",
            "head.2.weight",
            "head.2.bias",
        ];

    [Fact]
    public void Keys_stand_in_the_order_of_registration_as_in_PyTorch()
    {
        using var block = new Block();
        block.state_dict().Keys.ShouldBe(Keys);
        block
            .named_parameters()
            .Select(found => found.name)
            .ShouldBe(["scale", "conv.weight", "bn.weight", "bn.bias", "head.2.weight", "head.2.bias"]);
        block.named_buffers().Select(found => found.name).ShouldContain("table");
        block.named_modules().Select(found => found.name).Take(4).ShouldBe(["", "conv", "bn", "head"]);
        block.parameters().ShouldAllBe(parameter => parameter.requires_grad);
    }

    [Fact]
    public void A_module_built_in_a_scope_outlives_it()
    {
        Block block;
        using (NewDisposeScope())
        {
            block = new Block();
        }
        using (block)
        {
            block.forward(randn(2, 2, 3, 3)).shape.ShouldBe([2, 3]);
        }
        block.Scale.IsDisposed.ShouldBeTrue();
        block.Norm.running_mean.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public void A_module_under_two_names_counts_once_but_is_saved_twice()
    {
        using var tied = new Tied();
        tied.parameters().Count().ShouldBe(1);
        tied.state_dict().Keys.ShouldBe(["first.weight", "second.weight"]);
    }

    [Fact]
    public void A_state_dictionary_copies_one_module_into_another()
    {
        using var source = new Block();
        using var target = new Block();
        source.forward(randn(2, 2, 3, 3));
        var (missing, unexpected) = target.load_state_dict(source.state_dict());
        missing.ShouldBeEmpty();
        unexpected.ShouldBeEmpty();
        foreach (var (key, tensor) in source.state_dict())
        {
            target.state_dict()[key].equal(tensor).ShouldBeTrue(key);
        }
        target.Norm.num_batches_tracked.ToInt64().ShouldBe(1);
    }

    [Fact]
    public void A_wrong_state_dictionary_names_every_problem_and_changes_nothing()
    {
        using var block = new Block();
        var before = block.Scale.ToDouble();
        var state = new Dictionary<string, Tensor>(block.state_dict())
        {
            ["scale"] = full([1], 5.0),
            ["conv.weight"] = zeros(4, 2, 1, 1),
            ["extra"] = zeros(1),
        };
        state.Remove("bn.bias");
        var failure = Should.Throw<StateDictException>(() => block.load_state_dict(state));
        failure.Missing.ShouldBe(["bn.bias"]);
        failure.Unexpected.ShouldBe(["extra"]);
        failure.Misshapen.ShouldBe(["conv.weight: (4, 2, 1, 1) given, (4, 2, 3, 3) needed"]);
        failure.Message.ShouldContain("bn.bias");
        block.Scale.ToDouble().ShouldBe(before);

        Should.Throw<StateDictException>(() => block.load_state_dict(state, strict: false));
        state.Remove("conv.weight");
        var (missing, unexpected) = block.load_state_dict(state, strict: false);
        missing.ShouldBe(["conv.weight", "bn.bias"]);
        unexpected.ShouldBe(["extra"]);
        block.Scale.ToDouble().ShouldBe(5);
    }

    [Fact]
    public void Evaluation_is_deterministic_and_leaves_statistics_alone()
    {
        using var block = new Block();
        block.eval();
        block.modules().ShouldAllBe(module => !module.training);
        var image = randn(2, 2, 3, 3);
        block.forward(image).ShouldBeClose(block.forward(image));
        block.Norm.num_batches_tracked.ToInt64().ShouldBe(0);
        block.train();
        block.forward(image);
        block.Norm.num_batches_tracked.ToInt64().ShouldBe(1);
        block.Norm.running_mean.ShouldNotBeSameAs(zeros(4));
        block.Norm.running_mean.abs().sum().ToDouble().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Conversion_keeps_the_tensors_and_leaves_integers()
    {
        using var block = new Block();
        var weight = block.Conv.weight;
        var optimizer = optim.AdamW(block.parameters());
        block.to(float64);
        block.Conv.weight.ShouldBeSameAs(weight);
        weight.dtype.ShouldBe(ScalarType.Float64);
        weight.requires_grad.ShouldBeTrue();
        block.Norm.num_batches_tracked.dtype.ShouldBe(ScalarType.Int64);
        block.forward(randn([2, 2, 3, 3], float64)).sum().backward();
        optimizer.step();
        optimizer.Dispose();
        Should.Throw<ArgumentException>(() => block.to(int64));
    }

    [Fact]
    public void Weights_can_lie_channels_last()
    {
        using var block = new Block();
        block.to(channels_last);
        block.Conv.weight.is_contiguous(channels_last).ShouldBeTrue();
        block.forward(randn(2, 2, 3, 3).contiguous(channels_last)).sum().backward();
        block.Conv.weight.grad.ShouldNotBeNull();
        block.zero_grad();
        block.Conv.weight.grad.ShouldBeNull();
    }

    [Fact]
    public void Names_are_words_and_stand_once()
    {
        using var block = new Block();
        Should.Throw<ArgumentException>(() => block.register_buffer("scale", zeros(1)));
        Should.Throw<ArgumentException>(() => block.register_parameter("a.b", zeros(1)));
        Should.Throw<ArgumentException>(() => block.register_module("", nn.Identity()));
        Should.Throw<TorchException>(() => block.register_parameter("integers", arange(3)));
    }

    [Fact]
    public void Layers_refuse_impossible_sizes()
    {
        Should.Throw<ArgumentException>(() => nn.Conv2d(3, 4, 1, groups: 2));
        Should.Throw<ArgumentException>(() => nn.Linear(0, 4));
        Should.Throw<ArgumentException>(() => nn.BatchNorm2d(-1));
        Should.Throw<ArgumentException>(() => nn.Dropout(double.NaN));
        using var norm = nn.BatchNorm2d(2);
        Should.Throw<ArgumentException>(() => norm.forward(zeros(2, 2)));
    }

    [Fact]
    public void Layers_start_with_PyTorchs_bounds()
    {
        using var conv = nn.Conv2d(8, 16, 3);
        var bound = 1 / Math.Sqrt(8 * 9);
        conv.weight.abs().max().ToDouble().ShouldBeInRange(0.9 * bound, bound);
        conv.bias.ShouldNotBeNull().abs().max().ToDouble().ShouldBeLessThanOrEqualTo(bound);
    }

    [Fact]
    public void Module_lists_number_their_parts()
    {
        using var list = nn.ModuleList(nn.Linear(1, 1), nn.Linear(1, 1, bias: false));
        list.Count.ShouldBe(2);
        list.state_dict().Keys.ShouldBe(["0.weight", "0.bias", "1.weight"]);
        using var named = nn.Sequential(("fc1", nn.Linear(1, 1, bias: false)), ("act", nn.GELU()));
        named.state_dict().Keys.ShouldBe(["fc1.weight"]);
        named[1].ShouldBeOfType<GELU>();
    }
}
