using SqsNet.Engine.Models;
using SqsNet.Engine.Parity;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Models;

public sealed class InputNormalizationTests
{
    [Fact]
    public void Inception_takes_0_to_minus_1_and_1_to_1()
    {
        using var scope = torch.NewDisposeScope();
        var images = torch.tensor<float>([0, 0.5f, 1], [3, 1, 1, 1]);
        InputNormalization.Inception.Apply(images).Values().ShouldBe([-1, -1, -1, 0, 0, 0, 1, 1, 1], 1e-7);
    }

    [Fact]
    public void ImageNets_mean_becomes_0_and_a_deviation_above_becomes_1()
    {
        using var scope = torch.NewDisposeScope();
        var images = torch.tensor<float>([0.485f, 0.456f, 0.406f, 0.714f, 0.68f, 0.631f], [2, 3, 1, 1]);
        InputNormalization.ImageNet.Apply(images).Values().ShouldBe([0, 0, 0, 1, 1, 1], 1e-6);
    }

    [Theory]
    [InlineData("efficientnet_b0", InputNormalization.ImageNet)]
    [InlineData("tf_mobilenetv2_100", InputNormalization.Inception)]
    [InlineData("vit_small_patch16_224", InputNormalization.Inception)]
    public void A_model_has_the_normalisation_of_its_published_weights_unless_the_specification_says_another(
        string name,
        InputNormalization own
    )
    {
        ModelRegistry.Resolve(new ModelSpec { Name = name }).Normalization.ShouldBe(own);
        using var model = Create(new ModelSpec { Name = name });
        model.Normalization.ShouldBe(own);
        var other = own == InputNormalization.ImageNet ? InputNormalization.Inception : InputNormalization.ImageNet;
        using var told = Create(new ModelSpec { Name = name, Normalization = other });
        told.Normalization.ShouldBe(other);
    }

    [Fact]
    public void Each_branch_gets_the_image_scaled_its_own_way()
    {
        using var scope = torch.NewDisposeScope();
        using var mode = torch.no_grad();
        var spec = new ModelSpec { Transformer = "vit_small_patch16_224" };
        ModelRegistry.Resolve(spec).Normalization.ShouldBeNull();
        using var network = (HybridModel)Create(spec);
        network.Normalization.ShouldBe(InputNormalization.ImageNet);
        network.eval();

        var images = torch.rand([2, 3, 64, 64]);
        // The same branches in a network whose images are scaled for both at once.
        using var same = (HybridModel)Create(spec with { Normalization = InputNormalization.Inception });
        same.eval();
        same.load_state_dict(network.state_dict());
        var inception = InputNormalization.Inception.Apply(images);
        var transformer = same.Parts[1].Branch.ForwardTokens(inception).Values();
        var seen = network.TransformerTokens(InputNormalization.ImageNet.Apply(images)).Values();
        seen.ShouldBeClose(transformer, relative: 0, absolute: 1e-4, "tokens");
    }

    private static ImageModel Create(ModelSpec spec) =>
        ModelRegistry.Create(spec, new SqsSpec(), 7, new Rng(1, "weights"));
}
