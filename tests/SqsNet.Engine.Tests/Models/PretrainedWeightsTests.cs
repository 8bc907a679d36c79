using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Models;

public sealed class PretrainedWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private readonly List<ImageModel> _models = [];

    public void Dispose()
    {
        _models.ForEach(model => model.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public void A_saved_network_loads_whole_and_gives_equal_scores()
    {
        using var scope = torch.NewDisposeScope();
        var (first, second) = (Network(seed: 1), Network(seed: 2));
        var loaded = PretrainedWeights.LoadFile(second, Save(first));
        loaded.Loaded.ShouldBe(first.state_dict().Count);
        loaded.Fresh.ShouldBeEmpty();
        loaded.Ignored.ShouldBeEmpty();
        Scores(second).ShouldBe(Scores(first));
    }

    [Fact]
    public void A_head_for_other_classes_is_replaced_and_named()
    {
        using var scope = torch.NewDisposeScope();
        var loaded = PretrainedWeights.LoadFile(Network(seed: 2, classes: 5), Save(Network(seed: 1, classes: 7)));
        loaded.Fresh.ShouldBe(["base_head.weight", "base_head.bias", "enhanced_head.weight", "enhanced_head.bias"]);
    }

    [Theory]
    [InlineData("efficientnet_tiny_stride8", "cnn")]
    [InlineData("swin_micro_patch4_window4_64", "swin")]
    public void A_single_backbones_weights_fill_the_branch_that_they_fit(string name, string part)
    {
        using var scope = torch.NewDisposeScope();
        var backbone = Create(new ModelSpec { Name = name }, seed: 1, classes: 10);
        var network = Network(seed: 2);
        var loaded = PretrainedWeights.LoadFile(network, Save(backbone));
        loaded.Part.ShouldBe(part);
        loaded.Ignored.Count.ShouldBe(2);
        var own = network.state_dict();
        foreach (var (key, tensor) in backbone.state_dict())
        {
            if (own.TryGetValue($"{part}.{key}", out var target))
                target.Values().ShouldBe(tensor.Values(), key);
        }
    }

    [Fact]
    public void Every_difference_is_listed()
    {
        using var scope = torch.NewDisposeScope();
        var state = Network(seed: 1).state_dict();
        var broken = state
            .Where(entry => entry.Key != "fusion.q_proj.bias")
            .ToDictionary(entry => entry.Key, entry => entry.Value);
        broken["fusion.kv_proj.weight"] = torch.zeros([3, 3]);
        broken["fusion.extra"] = torch.zeros([1]);
        var error = Should.Throw<WeightsMismatchException>(() =>
            PretrainedWeights.LoadFile(Network(seed: 2), Save(broken))
        );
        error.Missing.ShouldBe(["fusion.q_proj.bias"]);
        error.Unexpected.ShouldBe(["fusion.extra"]);
        error.Misshapen.ShouldHaveSingleItem().ShouldStartWith("fusion.kv_proj.weight: [3, 3] in the file, [128, ");
        error.Message.ShouldContain("fusion.extra");
    }

    [Fact]
    public void Weights_of_something_else_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var swin = Create(new ModelSpec { Name = "swin_micro_patch4_window4_64" }, seed: 1, classes: 7);
        var cnn = Create(new ModelSpec { Name = "efficientnet_tiny_stride8" }, seed: 2, classes: 7);
        Should
            .Throw<WeightsMismatchException>(() => PretrainedWeights.LoadFile(cnn, Save(swin)))
            .Message.ShouldContain("does not fit efficientnet_tiny_stride8");
    }

    [Fact]
    public void A_file_that_does_not_fit_changes_nothing()
    {
        using var scope = torch.NewDisposeScope();
        var network = Network(seed: 2);
        var before = Scores(network);
        var state = Network(seed: 1).state_dict().ToDictionary(entry => entry.Key, entry => entry.Value);
        state.Remove("fusion.q_proj.bias");
        Should.Throw<WeightsMismatchException>(() => PretrainedWeights.LoadFile(network, Save(state)));
        Scores(network).ShouldBe(before);
    }

    [Theory]
    [InlineData("efficientnet_b0")]
    [InlineData("swin_tiny_patch4_window7_224")]
    [InlineData("resnet18")]
    public void Torchvisions_keys_become_timms(string name)
    {
        using var scope = torch.NewDisposeScope();
        var map = Reference.Arch("keymap_timm_torchvision").GetProperty(name).GetProperty("map");
        var backbone = (Backbone)Create(new ModelSpec { Name = name }, seed: 1, classes: 7);
        var names = map.EnumerateObject()
            .Select(entry => (Timm: entry.Name, Torchvision: entry.Value.GetString()!))
            .ToArray();
        var translation =
            TorchvisionKeys.For(backbone, names.Select(n => n.Torchvision)) ?? new Dictionary<string, string>();
        names
            .Select(n => translation.GetValueOrDefault(n.Torchvision, n.Torchvision))
            .ShouldBe(names.Select(n => n.Timm));
        backbone.state_dict().Keys.ShouldBe(names.Select(n => n.Timm), ignoreOrder: true);
    }

    [Fact]
    public void MobileNetV2_loads_under_torchvisions_keys()
    {
        using var scope = torch.NewDisposeScope();
        var backbone = (Backbone)Create(new ModelSpec { Name = "mobilenetv2_100" }, seed: 1, classes: 7);
        // As torchvision numbers them: stem, 17 blocks, head.
        var keys = new[]
        {
            "features.0.0.weight",
            "features.1.conv.1.weight",
            "features.17.conv.0.1.running_var",
            "features.18.1.bias",
            "classifier.1.weight",
        };
        var translation = TorchvisionKeys.For(backbone, keys)!;
        keys.Select(key => translation[key])
            .ShouldBe([
                "conv_stem.weight",
                "blocks.0.0.conv_pw.weight",
                "blocks.6.0.bn1.running_var",
                "bn2.bias",
                "classifier.weight",
            ]);
        var timm = translation.Values.ToHashSet();
        backbone.state_dict().Keys.ShouldAllBe(key => timm.Contains(key));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("")]
    public void Names_that_could_leave_the_weights_folder_are_refused(string name)
    {
        PretrainedWeights.IsName(name).ShouldBeFalse();
        ModelRegistry
            .Validate(new ModelSpec { Pretrained = name })
            .ShouldHaveSingleItem()
            .Path.ShouldBe("model.pretrained");
    }

    [Fact]
    public void A_checkpoint_of_PyTorch_is_found_by_name_and_read_like_any_file_of_weights()
    {
        File.Copy(Reference.Path("pytorch", "training.pth"), Path.Combine(_folder.Path, "other.pth"));
        using var scope = torch.NewDisposeScope();
        var model = Network(seed: 1);

        PretrainedWeights.List(_folder.Path).ShouldBe(["other.pth"]);
        foreach (var name in (string[])["other", "other.pth"])
            Should
                .Throw<WeightsMismatchException>(() => PretrainedWeights.Load(model, _folder.Path, name))
                .Unexpected.ShouldContain("transposed");
    }

    [Fact]
    public void A_missing_file_is_answered_with_the_files_that_are_there()
    {
        File.WriteAllText(_folder.File("faces.safetensors"), "");
        using var network = Network(seed: 1);
        Should
            .Throw<FileNotFoundException>(() => PretrainedWeights.Load(network, _folder.Path, "fases"))
            .Message.ShouldContain("faces");
    }

    private string Save(ImageModel model) => Save(model.state_dict());

    private string Save(IEnumerable<KeyValuePair<string, Tensor>> state)
    {
        var path = _folder.File("weights.safetensors");
        Safetensors.Save(path, state.Select(entry => (entry.Key, entry.Value)));
        return path;
    }

    private ImageModel Network(int seed, int classes = 7) => Create(new ModelSpec(), seed, classes);

    private ImageModel Create(ModelSpec spec, int seed, int classes)
    {
        _models.Add(ModelRegistry.Create(spec, new SqsSpec(), classes, new Rng(seed, "weights")));
        return _models[^1];
    }

    private static double[] Scores(ImageModel model)
    {
        using var scope = torch.NewDisposeScope();
        using var mode = torch.no_grad();
        model.eval();
        return model.forward(torch.tensor<float>(FormulaWeights.Input(3 * 64 * 64), [1, 3, 64, 64])).Values();
    }
}
