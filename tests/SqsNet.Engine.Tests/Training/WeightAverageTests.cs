using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Engine.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Training;

[Collection(nameof(LiveTensorCounts))]
public sealed class WeightAverageTests
{
    [Fact]
    public void Average_follows_the_recurrence_with_a_decay_that_grows_to_its_limit()
    {
        using var model = ModelRegistry.Create(
            new ModelSpec { Name = "efficientnet_tiny_stride8", ImageSize = 32 },
            new SqsSpec(),
            3,
            new Rng(1, "weights")
        );
        using var average = new WeightAverage(model, decay: 0.5);
        const string Key = "conv_stem.weight";
        double expected = First(model.state_dict()[Key]);

        // Decays of steps 1 to 20: 2/11, 3/12, ... up to 0.5 from step 8 on.
        for (var step = 1; step <= 20; step++)
        {
            using (torch.no_grad())
            using (torch.NewDisposeScope())
                model.state_dict()[Key].add_(0.25);
            average.Update(model, step);
            var decay = Math.Min(0.5, (1.0 + step) / (10 + step));
            expected = (decay * expected) + ((1 - decay) * First(model.state_dict()[Key]));
            // 1e-5: float32 against float64 over 20 steps of numbers up to 5.
            ((double)First(average.Weights[Key])).ShouldBe(expected, 1e-5);
        }
    }

    [Fact]
    public void Counters_are_copied_and_running_statistics_averaged()
    {
        using var model = ModelRegistry.Create(
            new ModelSpec { Name = "efficientnet_tiny_stride8", ImageSize = 32 },
            new SqsSpec(),
            3,
            new Rng(1, "weights")
        );
        using var average = new WeightAverage(model, decay: 0.9);
        using (var scope = torch.NewDisposeScope())
        using (torch.no_grad())
        {
            model.state_dict()["bn1.num_batches_tracked"].add_(7);
            model.state_dict()["bn1.running_mean"].add_(1);
        }
        average.Update(model, 1);
        average.Weights["bn1.num_batches_tracked"].item<long>().ShouldBe(7);
        // 9/11 of the way: the first step's decay is 2/11.
        First(average.Weights["bn1.running_mean"]).ShouldBe(9f / 11, 1e-6f);
    }

    private static float First(Tensor tensor) => tensor.ToArray<float>()[0];
}
