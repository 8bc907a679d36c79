using System.Text.Json;
using SqsNet.Engine.Losses;
using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Engine.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Models;

[Collection(nameof(LiveTensorCounts))]
public sealed class SqsNetModelTests
{
    private const int Classes = 4;
    private const int Batch = 8;
    private static readonly SqsSpec s_sqs = new();

    [Fact]
    public void The_light_network_sees_64_locations()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        model.eval();
        model.ForwardMap(Images()).shape.ShouldBe([Batch, model.Width, 8, 8]);
    }

    [Fact]
    public void Inference_is_bit_equal_with_the_SQS_module_on_and_off()
    {
        using var scope = torch.NewDisposeScope();
        using var with = Create(new ModelSpec { SqsModule = true });
        using var without = Create(new ModelSpec { SqsModule = false });
        with.eval();
        without.eval();
        using var mode = torch.no_grad();
        with.forward(Images()).Values().ShouldBe(without.forward(Images()).Values());
    }

    [Fact]
    public void Inference_never_touches_the_enhanced_head()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        model.eval();
        using var mode = torch.no_grad();
        var before = model.forward(Images()).Values();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (name.StartsWith("enhanced_head.", StringComparison.Ordinal))
                parameter.fill_(double.NaN);
        }
        model.forward(Images()).Values().ShouldBe(before);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{ "fusion": { "residual": false } }""")]
    [InlineData("""{ "fusion": { "tied": false, "heads": 4, "residual": true } }""")]
    [InlineData("""{ "fusion": { "kind": "concat" } }""")]
    [InlineData("""{ "width": 32, "imageSize": 48 }""")]
    public void Training_steps_lower_the_loss_of_a_fixed_batch(string model)
    {
        using var scope = torch.NewDisposeScope();
        var spec = JsonSerializer.Deserialize<ModelSpec>(model, SweepSpecJson.Options)!;
        using var network = Create(spec);
        using var optimizer = torch.optim.AdamW(network.parameters(), lr: 1e-3);
        var images = Images(network.ImageSize);
        var first = Step(network, optimizer, images, s_sqs);
        var last = first;
        for (var i = 0; i < 4; i++)
            last = Step(network, optimizer, images, s_sqs);
        last.ShouldBeLessThan(first);
    }

    [Fact]
    public void A_training_step_moves_every_parameter_and_leaves_no_tensor_behind()
    {
        using var scope = torch.NewDisposeScope();
        var sqs = s_sqs with { Learnable = true };
        using var network = Create(new ModelSpec(), sqs);
        using var optimizer = torch.optim.AdamW(network.parameters(), lr: 1e-3, weight_decay: 0);
        var images = Images();
        var before = network.named_parameters().ToDictionary(p => p.name, p => p.parameter.Values());
        Step(network, optimizer, images, sqs);
        var still = network
            .named_parameters()
            .Where(p => p.parameter.Values().SequenceEqual(before[p.name]))
            .Select(p => p.name);
        still.ShouldBeEmpty();

        var live = TorchRuntime.LiveTensors;
        Step(network, optimizer, images, sqs);
        TorchRuntime.LiveTensors.ShouldBe(live);
    }

    [Fact]
    public void Without_the_residual_the_CNN_receives_a_small_part_of_the_gradient()
    {
        using var scope = torch.NewDisposeScope();
        var literal = CnnShare(new FusionSpec());
        var residual = CnnShare(new FusionSpec { Residual = true });
        literal.ShouldBeLessThan(residual / 10);

        static double CnnShare(FusionSpec fusion)
        {
            using var model = Create(new ModelSpec { Fusion = fusion });
            var targets = Targets();
            SoftTargetCrossEntropy.Compute(model.forward(Images()), targets).backward();
            var norms = model
                .named_parameters()
                .Where(p => p.parameter.grad is not null)
                .ToLookup(p => p.name.Split('.')[0], p => Math.Pow(p.parameter.grad!.Norm(), 2));
            return Math.Sqrt(norms["cnn"].Sum() / norms["swin"].Sum());
        }
    }

    private static double Step(SqsNetModel model, AdamW optimizer, Tensor images, SqsSpec sqs)
    {
        using var scope = torch.NewDisposeScope();
        model.train();
        var map = model.ForwardMap(images);
        // Classes alternate, so neighbours by 4 are positives and neighbours by 1 and 2 negatives.
        var output = model.ForwardQuads(map, map.roll(4, 0), map.roll(1, 0), map.roll(2, 0), sqs);
        var loss = SqsNetLoss.Compute(output, Targets(), sqs, new DistillationSpec());
        optimizer.zero_grad();
        loss.Total.backward();
        optimizer.step();
        return loss.Total.ToDouble();
    }

    private static SqsNetModel Create(ModelSpec? spec = null, SqsSpec? sqs = null) =>
        (SqsNetModel)ModelRegistry.Create(spec ?? new ModelSpec(), sqs ?? s_sqs, Classes, new Rng(3, "weights"));

    private static Tensor Images(int size = 64) =>
        torch.tensor<float>(FormulaWeights.Input((long)Batch * 3 * size * size), [Batch, 3, size, size]);

    private static Tensor Targets()
    {
        var labels = torch.tensor<long>([.. Enumerable.Range(0, Batch).Select(i => (long)i % Classes)], [Batch]);
        return LabelSmoothing.Targets(labels, Classes, smoothing: 0.1);
    }
}
