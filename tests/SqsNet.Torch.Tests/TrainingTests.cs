using static SqsNet.Torch.torch;

namespace SqsNet.Torch.Tests;

public sealed class TrainingTests
{
    [Fact]
    public void A_small_network_learns_and_leaks_no_tensor()
    {
        random.manual_seed(1);
        var before = TorchRuntime.LiveTensors;
        using (
            var net = nn.Sequential(
                nn.Conv2d(1, 4, 3, padding: 1),
                nn.BatchNorm2d(4),
                nn.ReLU(),
                nn.Flatten(),
                nn.Linear(64, 2)
            )
        )
        using (var optimizer = optim.AdamW(net.parameters(), lr: 0.02))
        using (NewDisposeScope())
        {
            var images = randn([32, 1, 4, 4]);
            var labels = images.mean([1, 2, 3]).gt(0).to(ScalarType.Int64);
            var losses = Enumerable.Range(0, 30).Select(_ => Step(net, optimizer, images, labels)).ToList();
            losses[^1].ShouldBeLessThan(losses[0] / 4);
        }
        TorchRuntime.LiveTensors.ShouldBe(before);
    }

    private static double Step(Module<Tensor, Tensor> net, AdamW optimizer, Tensor images, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var loss = nn.functional.cross_entropy(net.forward(images), labels);
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        return loss.ToDouble();
    }
}
