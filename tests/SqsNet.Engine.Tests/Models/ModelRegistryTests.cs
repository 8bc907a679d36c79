using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Models;

[Collection(nameof(LiveTensorCounts))]
public sealed class ModelRegistryTests
{
    public static TheoryData<string> Names => [.. ModelRegistry.All.Select(model => model.Name)];

    /// <summary>Models small enough to run in a moment; the big ones run in the parity tests.</summary>
    public static TheoryData<string> LightNames =>
        [.. ModelRegistry.All.Where(model => model.Parameters < 30_000_000).Select(model => model.Name)];

    [Fact]
    public void Names_are_unique() => ModelRegistry.All.Select(model => model.Name).ShouldBeUnique();

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_model_is_found_described_and_valid(string name)
    {
        var model = ModelRegistry.Find(name).ShouldNotBeNull();
        model.Description.ShouldNotBeEmpty();
        model.MapSize.ShouldBeGreaterThan(1);
        ModelRegistry.Validate(new ModelSpec { Name = name }).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(LightNames))]
    public void Every_light_model_has_the_counted_size_and_gives_finite_scores_of_the_right_shape(string name)
    {
        using var scope = torch.NewDisposeScope();
        var info = ModelRegistry.Find(name)!;
        using var model = ModelRegistry.Create(
            new ModelSpec { Name = name },
            new SqsSpec(),
            ModelInfo.CountedClasses,
            new Rng(0, "weights")
        );
        model.parameters().Sum(parameter => parameter.numel()).ShouldBe(info.Parameters);
        model.state_dict().Count.ShouldBe(info.KeyCount);
        model
            .state_dict()
            .Sum(entry => entry.Value.numel() * entry.Value.element_size())
            .ShouldBe(info.CheckpointBytes);

        using var mode = torch.no_grad();
        model.eval();
        var images = torch.randn([2, 3, info.DefaultImageSize, info.DefaultImageSize]);
        var scores = model.forward(images);
        scores.shape.ShouldBe([2, ModelInfo.CountedClasses]);
        scores.isfinite().all().ToBoolean().ShouldBeTrue();
    }

    [Fact]
    public void The_papers_network_has_the_counted_trunks()
    {
        var info = ModelRegistry.Find("sqsnet")!;
        info.Parameters.ShouldBe(92_735_088);
        info.Macs.ShouldBe(Reference.Sqs("net_full_cross").GetProperty("macs_batch1").GetProperty("total").GetInt64());
        info.MapSize.ShouldBe(7);
        // EfficientNet-B6 and Swin-S without their heads, which the paper's 43.5 million cannot hold.
        var trunks =
            EfficientNetVariants.B6.Count(224, classes: 0).Parameters
            + SwinVariants.Small.Count(224, classes: 0).Parameters;
        trunks.ShouldBe(89_572_962);
        info.TrunkParameters.ShouldBe(trunks);
        ModelRegistry.CountTrunks(new ModelSpec { Name = "efficientnet_b6" }).ShouldBe(40_735_704);
    }

    [Fact]
    public void Counting_every_model_takes_no_weights()
    {
        var before = TorchRuntime.LiveTensors;
        foreach (var model in ModelRegistry.All)
            _ = ModelRegistry.Count(new ModelSpec { Name = model.Name }, classes: 8).Macs;
        TorchRuntime.LiveTensors.ShouldBe(before);
    }

    [Fact]
    public void The_same_stream_gives_the_same_weights_and_another_seed_others()
    {
        using var scope = torch.NewDisposeScope();
        var first = Weights(seed: 1);
        Weights(seed: 1).ShouldBe(first);
        Weights(seed: 2).ShouldNotBe(first);

        static double[] Weights(long seed)
        {
            using var model = ModelRegistry.Create(new ModelSpec(), new SqsSpec(), 7, new Rng(seed, "weights"));
            return [.. model.parameters().Select(parameter => parameter.detach().sum().ToDouble())];
        }
    }

    [Fact]
    public void Resolve_fills_every_open_value_of_a_network()
    {
        var resolved = ModelRegistry.Resolve(new ModelSpec { Name = "sqsnet", Width = 512 });
        resolved.Cnn.ShouldBe("efficientnet_b6");
        resolved.Transformer.ShouldBe("swin_small_patch4_window7_224");
        resolved.Fusion.ShouldBe(new FusionSpec());
        resolved.Width.ShouldBe(512);
        resolved.ImageSize.ShouldBe(224);
        resolved.SqsModule.ShouldBeTrue();
    }

    [Fact]
    public void Resolve_leaves_a_single_backbone_without_the_SQS_module()
    {
        var resolved = ModelRegistry.Resolve(new ModelSpec { Name = "efficientnet_b0" });
        resolved.SqsModule.ShouldBeFalse();
        resolved.ImageSize.ShouldBe(224);
        resolved.Cnn.ShouldBeNull();
    }

    [Fact]
    public void Hybrids_of_the_comparison_are_plain_and_any_CNN_and_transformer_can_be_the_branches_of_SQSNet()
    {
        ModelRegistry.Resolve(new ModelSpec { Name = "seresnext50+swin" }).SqsModule.ShouldBeFalse();
        foreach (var cnn in ModelRegistry.CnnNames)
        {
            foreach (var transformer in ModelRegistry.TransformerNames)
            {
                var spec = new ModelSpec
                {
                    Name = "sqsnet",
                    Cnn = cnn,
                    Transformer = transformer,
                };
                ModelRegistry.Validate(spec).ShouldBeEmpty();
                ModelRegistry.Count(spec, classes: 7).Parameters.ShouldBeGreaterThan(0);
            }
        }
    }

    [Theory]
    [InlineData("resnet18", "vit_small_patch16_224", FusionKind.CrossAttention)]
    [InlineData("mobilenetv2_100", "vit_small_patch16_224", FusionKind.Concat)]
    [InlineData("mobilefacenet", "swin_micro_patch4_window4_64", FusionKind.CrossAttention)]
    public void Other_branches_train_and_have_the_counted_size(string cnn, string transformer, FusionKind fusion)
    {
        using var scope = torch.NewDisposeScope();
        var spec = new ModelSpec
        {
            Cnn = cnn,
            Transformer = transformer,
            Fusion = new FusionSpec { Kind = fusion },
            ImageSize = 64,
        };
        using var model = (SqsNetModel)ModelRegistry.Create(spec, new SqsSpec(), 7, new Rng(0, "weights"));
        model
            .parameters()
            .Sum(parameter => parameter.numel())
            .ShouldBe(ModelRegistry.Count(spec, classes: 7).Parameters);
        var map = model.ForwardMap(torch.randn([2, 3, 64, 64]));
        map.shape.ShouldBe([2, model.Width, model.GridSize, model.GridSize]);
        model.BaseLogits(map).sum().backward();
        model
            .named_parameters()
            .Where(p => p.name.StartsWith("cnn.", StringComparison.Ordinal))
            .ShouldAllBe(p => p.parameter.grad != null);
    }

    [Fact]
    public void Validate_suggests_the_nearest_name()
    {
        var error = ModelRegistry.Validate(new ModelSpec { Name = "sqsnet-tinny" }).ShouldHaveSingleItem();
        error.Path.ShouldBe("model.name");
        error.Message.ShouldContain("'sqsnet-tinny'");
        error.Message.ShouldContain("Did you mean 'sqsnet-tiny'?");
        ModelRegistry
            .Validate(new ModelSpec { Name = "sqsnet", Cnn = "efficientnet_b9" })
            .ShouldHaveSingleItem()
            .Message.ShouldContain("Did you mean 'efficientnet_b");
    }

    [Fact]
    public void Validate_reports_every_problem_at_once_with_its_path()
    {
        var spec = new ModelSpec
        {
            Name = "sqsnet",
            Cnn = "swin_tiny_patch4_window7_224",
            Transformer = "efficientnet_b0",
            Width = 1,
            ImageSize = 2000,
            Fusion = new FusionSpec { Heads = 0 },
        };
        ModelRegistry
            .Validate(spec, "space.model")
            .Select(error => error.Path)
            .Distinct()
            .ShouldBe(
                [
                    "space.model.cnn",
                    "space.model.transformer",
                    "space.model.imageSize",
                    "space.model.width",
                    "space.model.fusion.heads",
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public void Validate_refuses_heads_that_do_not_divide_the_width()
    {
        var spec = new ModelSpec { Fusion = new FusionSpec { Heads = 3 } };
        ModelRegistry.Validate(spec).ShouldHaveSingleItem().Path.ShouldBe("model.fusion.heads");
        ModelRegistry.Validate(spec with { Width = 120 }).ShouldBeEmpty();
        // Concatenation has no heads.
        ModelRegistry
            .Validate(
                spec with
                {
                    Fusion = new FusionSpec { Kind = FusionKind.Concat, Heads = 3 },
                }
            )
            .ShouldBeEmpty();
    }

    [Fact]
    public void Validate_refuses_branches_of_a_single_backbone()
    {
        var spec = new ModelSpec
        {
            Name = "efficientnet_b0",
            Cnn = "efficientnet_b6",
            Width = 64,
        };
        ModelRegistry.Validate(spec).Select(error => error.Path).ShouldBe(["model.cnn", "model.width"]);
    }

    [Theory]
    [InlineData("swin_tiny_patch4_window7_224", 226)]
    [InlineData("efficientnet_b0", 16)]
    [InlineData("sqsnet", 30)]
    public void Validate_refuses_image_sizes_that_do_not_suit(string name, int size)
    {
        ModelRegistry
            .Validate(new ModelSpec { Name = name, ImageSize = size })
            .ShouldAllBe(error => error.Path == "model.imageSize");
        ModelRegistry.Validate(new ModelSpec { Name = name, ImageSize = size }).ShouldNotBeEmpty();
    }

    [Fact]
    public void Create_refuses_an_invalid_specification_with_every_problem() =>
        Should
            .Throw<InvalidSpecException>(() =>
                ModelRegistry.Create(new ModelSpec { Name = "no" }, new SqsSpec(), 7, new Rng(0, "weights"))
            )
            .Errors.ShouldHaveSingleItem();

    [Fact]
    public void Create_refuses_fewer_than_two_classes() =>
        Should.Throw<ArgumentOutOfRangeException>(() =>
            ModelRegistry.Create(new ModelSpec(), new SqsSpec(), 1, new Rng(0, "weights"))
        );
}
