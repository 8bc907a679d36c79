using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Training;

public sealed class PretrainedWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Weights_of_a_branch_go_into_that_branch_alone()
    {
        using var cnn = Model("efficientnet_tiny_stride8", seed: 1);
        Save("cnn", cnn);
        using var network = Model("sqsnet-tiny", seed: 2);
        var swin = Values(network, "swin.layers.0.blocks.0.attn.qkv.weight");

        PretrainedWeights.Load(network, _folder.Path, "cnn").ShouldContain("branch \"cnn\"");
        Values(network, "cnn.conv_stem.weight").ShouldBe(Values(cnn, "conv_stem.weight"));
        Values(network, "swin.layers.0.blocks.0.attn.qkv.weight").ShouldBe(swin);
    }

    [Fact]
    public void A_head_for_other_classes_is_drawn_anew_and_everything_else_taken()
    {
        using var eight = Model("sqsnet-tiny", seed: 1, classes: 8);
        Save("eight.safetensors", eight);
        using var seven = Model("sqsnet-tiny", seed: 2, classes: 7);
        var head = Values(seven, "base_head.weight");

        PretrainedWeights.Load(seven, _folder.Path, "eight.safetensors").ShouldContain("the network");
        Values(seven, "base_head.weight").ShouldBe(head);
        Values(seven, "cnn.conv_stem.weight").ShouldBe(Values(eight, "cnn.conv_stem.weight"));
    }

    [Fact]
    public void Weights_of_something_else_are_refused()
    {
        using var swin = Model("swin_micro_patch4_window8_64", seed: 1);
        Save("swin", swin);
        using var cnn = Model("efficientnet_tiny_stride8", seed: 2);
        Should
            .Throw<InvalidDataException>(() => PretrainedWeights.Load(cnn, _folder.Path, "swin"))
            .Message.ShouldContain("fit neither efficientnet_tiny_stride8 nor");
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    public void A_name_that_is_absent_or_reaches_outside_is_not_found(string name)
    {
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(_folder.Path)!, "outside.safetensors"), "");
        using var model = Model("efficientnet_tiny_stride8", seed: 1);
        Should
            .Throw<FileNotFoundException>(() => PretrainedWeights.Load(model, _folder.Path, name))
            .Message.ShouldContain(_folder.Path);
        File.Delete(Path.Combine(Path.GetDirectoryName(_folder.Path)!, "outside.safetensors"));
    }

    private static ImageModel Model(string name, int seed, int classes = 7) =>
        ModelRegistry.Create(new ModelSpec { Name = name }, new(), classes, new Rng(seed, "weights"));

    private void Save(string name, ImageModel model) =>
        Safetensors.Save(
            _folder.File(name.EndsWith(".safetensors", StringComparison.Ordinal) ? name : name + ".safetensors"),
            model.state_dict()
        );

    private static float[] Values(ImageModel model, string key) => model.state_dict()[key].ToArray<float>();
}
