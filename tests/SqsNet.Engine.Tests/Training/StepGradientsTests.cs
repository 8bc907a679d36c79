using SqsNet.Engine.Data;
using SqsNet.Engine.Losses;
using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Engine.Training;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Tests.Training;

[Collection(nameof(LiveTensorCounts))]
public sealed class StepGradientsTests
{
    [Fact]
    public void Several_batches_give_the_mean_of_their_gradients_and_losses()
    {
        using var scope = NewDisposeScope();
        var spec = Spec("sqsnet-tiny", 32);
        using var network = ModelRegistry.Create(spec.Model, spec.Sqs, 7, new Rng(1, "weights"));
        using var optimizer = optim.AdamW(network.parameters(), 3e-4);
        using var gradients = Gradients(network, spec, optimizer);
        StepBatch[] batches = [Batch(QuadLayout.InBatch), Batch(QuadLayout.InBatch), Batch(QuadLayout.None)];
        var (each, losses) = (new List<double[][]>(), new List<StepLosses>());
        foreach (var batch in batches)
        {
            losses.Add(gradients.Compute(batch));
            each.Add(Values());
        }

        var mean = gradients.Compute(batches.Length, i => batches[i]);

        // 1e-6: the thirds are added up in single precision; gradients are of the order of 0.1.
        foreach (var (found, p) in Values().Select((values, p) => (values, p)))
            for (var i = 0; i < found.Length; i++)
                found[i].ShouldBe(each.Average(of => of[p].Length == 0 ? 0 : of[p][i]), 1e-6);
        mean.Total.ToDouble().ShouldBe(losses.Average(loss => loss.Total.ToDouble()), 1e-6);
        mean.Similarity!.ToDouble().ShouldBe(losses.Take(2).Average(loss => loss.Similarity!.ToDouble()), 1e-6);
        mean.Images.ShouldBe(24);

        double[][] Values() => [.. network.parameters().Select(p => p.grad?.to(float64).ToArray<double>() ?? [])];
    }

    [Theory]
    [InlineData("sqsnet-tiny", 32)]
    [InlineData("mobilefacenet", 112)]
    [InlineData("resnet18", 32)]
    [InlineData("vit_small_patch16_224", 32)]
    public void Activations_that_are_computed_twice_change_no_gradient_and_no_statistic(string model, int size)
    {
        var kept = Step(model, size, t => t);
        var twice = Step(model, size, t => t with { ActivationCheckpointing = true });

        twice.Loss.ShouldBe(kept.Loss);
        foreach (var (name, values) in kept.State)
            twice.State[name].ShouldBe(values, name);
        foreach (var (name, values) in kept.Gradients)
            twice.Gradients[name].ShouldBe(values, name);
    }

    /// <summary>One step of a new network in training, with stochastic depth, whose draws must come again.</summary>
    private static (double Loss, Dictionary<string, double[]> Gradients, Dictionary<string, double[]> State) Step(
        string model,
        int size,
        Func<TrainingSpec, TrainingSpec> training
    )
    {
        using var scope = NewDisposeScope();
        var spec = Spec(model, size, dropPath: 0.5);
        spec = spec with { Training = training(spec.Training) };
        using var network = ModelRegistry.Create(spec.Model, spec.Sqs, 7, new Rng(1, "weights"));
        using var optimizer = optim.AdamW(network.parameters(), 3e-4);
        using var gradients = Gradients(network, spec, optimizer);
        manual_seed(7);
        var batch = Batch(network is SqsNetModel ? QuadLayout.InBatch : QuadLayout.None, size);

        var loss = gradients.Compute(batch).Total.ToDouble();

        return (
            loss,
            network.named_parameters().ToDictionary(pair => pair.name, pair => Values(pair.parameter.grad)),
            network.state_dict().ToDictionary(pair => pair.Key, pair => Values(pair.Value))
        );

        static double[] Values(Tensor? tensor) => tensor?.to(float64).ToArray<double>() ?? [];
    }

    private static StepGradients Gradients(ImageModel network, TrialSpec spec, AdamW optimizer) =>
        new(network, new StepLoss(network, spec), optimizer, spec.Training, _ => { });

    private static TrialSpec Spec(string model, int size, double dropPath = 0) =>
        new()
        {
            Dataset = "",
            Model = ModelRegistry.Resolve(
                new ModelSpec
                {
                    Name = model,
                    ImageSize = size,
                    DropPath = dropPath,
                }
            ),
            Training = new TrainingSpec(),
            Sqs = new SqsSpec(),
            Objective = new(),
            Seed = 1,
        };

    private static StepBatch Batch(QuadLayout layout, int size = 32)
    {
        var labels = arange(8).remainder(7);
        return new(
            randn([8, 3, size, size]),
            new StepTargets(LabelSmoothing.Targets(labels, 7, 0.1), TargetUse.Shares, 0.1),
            layout,
            layout == QuadLayout.InBatch ? randint(8, [3, 8]) : null
        );
    }
}
