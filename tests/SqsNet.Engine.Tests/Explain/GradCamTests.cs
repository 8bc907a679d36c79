using SqsNet.Engine.Explain;
using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Tests.Explain;

public sealed class GradCamTests
{
    private const int Classes = 3;

    [Fact]
    public void Behind_pooling_and_a_linear_head_the_map_is_the_weighted_sum_of_the_activations()
    {
        using var scope = NewDisposeScope();
        using var model = Create("sqsnet-tiny", 32);
        var images = randn([2, 3, 32, 32]);
        var (logits, maps) = GradCam.Of(model, images);

        using var noGrad = no_grad();
        var fused = model.ForwardFeatures(images); // (B, D, H, W)
        var head = model.state_dict()["base_head.weight"]; // (K, D)
        var places = fused.size(2) * fused.size(3);
        // The gradient of a mean is the same at every place: w / (H W).
        var expected = einsum("kd,bdhw->bkhw", [head, fused]).div(places).relu();
        maps.shape.ShouldBe([2, Classes, 4, 4]);
        maps.requires_grad.ShouldBeFalse();
        allclose(maps, expected, rtol: 1e-4, atol: 1e-6).ShouldBeTrue();
        allclose(logits, model.call(images), rtol: 1e-5, atol: 1e-6).ShouldBeTrue();
        maps.max().ToDouble().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("vit_small_patch16_224", 32, 2)]
    [InlineData("swin_tiny_patch4_window7_224", 224, 7)]
    [InlineData("mobilefacenet", 112, 7)]
    [InlineData("resnet18", 64, 2)]
    public void Channel_weights_are_the_slopes_of_the_score(string name, int size, int side)
    {
        using var scope = NewDisposeScope();
        using var model = Create(name, size);
        var images = randn([1, 3, size, size]);
        var (_, maps) = GradCam.Of(model, images);
        maps.shape.ShouldBe([1, Classes, side, side]);

        using var noGrad = no_grad();
        var activations = model.ForwardToCam(images);
        var places = model.CamMaps(activations); // (1, C, H, W)
        var channels = places.size(1);
        var k = maps.amax([0, 2, 3]).argmax().ToInt64(); // some class may have no place that speaks for it
        var slopes = new float[channels];
        for (var c = 0; c < channels; c++)
        {
            // Central difference of the score when every place of the channel grows by a little.
            const double step = 1e-2;
            slopes[c] = (float)((Score(c, step) - Score(c, -step)) / (2 * step) / (side * side));
        }
        var expected = (places * tensor<float>(slopes, [1, channels, 1, 1])).sum(1).relu();
        var largest = maps.select(1, k).max().ToDouble();
        largest.ShouldBeGreaterThan(0);
        // float32 scores near 1 divided by a step of 0.01 are good to about 1e-5 in each slope; the sum over channels
        // averages that out, and 2 % of the largest value is left as room for the curvature of transformers.
        (maps.select(1, k) - expected)
            .abs()
            .max()
            .ToDouble()
            .ShouldBeLessThan(0.02 * largest);

        double Score(int channel, double by)
        {
            using var inner = NewDisposeScope();
            var moved = activations.clone();
            model.CamMaps(moved).select(1, channel).add_(by);
            return model.ForwardFromCam(moved).select(1, k).sum().ToDouble();
        }
    }

    [Fact]
    public void Nothing_is_left_in_memory_and_no_weight_gets_a_gradient()
    {
        using var model = Create("sqsnet-tiny", 32);
        using (NewDisposeScope())
            GradCam.Of(model, randn([1, 3, 32, 32]));
        model.parameters().ShouldAllBe(parameter => parameter.grad == null);
    }

    private static ImageModel Create(string name, int size)
    {
        var model = ModelRegistry.Create(
            new ModelSpec { Name = name, ImageSize = size },
            new SqsSpec(),
            Classes,
            new Rng(7, "grad-cam")
        );
        model.eval();
        return model;
    }
}
