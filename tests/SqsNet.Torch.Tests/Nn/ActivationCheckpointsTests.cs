using static SqsNet.Torch.torch;

namespace SqsNet.Torch.Tests.Nn;

public sealed class ActivationCheckpointsTests
{
    [Fact]
    public void Parameters_and_inputs_get_the_gradients_of_a_plain_backward_pass()
    {
        using var scope = NewDisposeScope();
        using var blocks = Blocks();

        Learn(blocks, checkpointed: false, out var inputOfPlain);
        var plain = Gradients(blocks);
        foreach (var parameter in blocks.parameters())
            parameter.grad = null;
        Learn(blocks, checkpointed: true, out var input);

        Gradients(blocks).ShouldBe(plain);
        input.ShouldBe(inputOfPlain);
    }

    [Fact]
    public void Draws_go_on_after_the_backward_pass_as_after_the_forward_pass()
    {
        using var scope = NewDisposeScope();
        using var blocks = Blocks();

        Learn(blocks, checkpointed: false, out _);
        var plain = rand(4).ToArray<float>();
        Learn(blocks, checkpointed: true, out _);

        rand(4).ToArray<float>().ShouldBe(plain);
    }

    [Fact]
    public void What_led_to_the_outputs_is_not_kept()
    {
        var plain = BytesHeld(checkpointed: false);
        var checkpointed = BytesHeld(checkpointed: true);

        // Of four results of each of eight blocks the last alone is kept, beside the masks' bytes.
        checkpointed.ShouldBeLessThan(plain / 3);
    }

    [Fact]
    public void Without_gradients_a_module_is_merely_called()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(3, 2);
        using var checkpoints = ActivationCheckpoints.Begin();
        using var noGrad = no_grad();

        ActivationCheckpoints.Call(linear, ones(1, 3)).requires_grad.ShouldBeFalse();
    }

    [Fact]
    public void A_thread_has_one_step_at_a_time()
    {
        using (ActivationCheckpoints.Begin())
            Should.Throw<InvalidOperationException>(() => ActivationCheckpoints.Begin());
        ActivationCheckpoints.Begin().Dispose();
    }

    private static void Learn(Sequential blocks, bool checkpointed, out double[] gradientOfInput)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var image = randn([2, 4, 5, 5]);
        image.requires_grad = true;
        using var checkpoints = checkpointed ? ActivationCheckpoints.Begin() : null;
        var x = image * 2; // not a leaf: the gradient must pass on to what was before
        foreach (var block in blocks.Layers)
            x = ActivationCheckpoints.Call(block, x);
        x.square().sum().backward();
        checkpoints?.Backward(() => autocast(DeviceType.CPU, bfloat16, enabled: false));
        gradientOfInput = image.grad!.to(float64).ToArray<double>();
    }

    private static long BytesHeld(bool checkpointed)
    {
        using var scope = NewDisposeScope();
        using var blocks = nn.Sequential(
            Enumerable.Range(0, 8).Select(_ => nn.Sequential(nn.GELU(), nn.GELU(), nn.GELU(), nn.GELU()))
        );
        var x = randn([1 << 20]);
        x.requires_grad = true;
        using var checkpoints = checkpointed ? ActivationCheckpoints.Begin() : null;
        var before = TorchRuntime.CpuBytesInUse;
        foreach (var block in blocks.Layers)
        {
            using var ofBlock = NewDisposeScope();
            x = ActivationCheckpoints.Call(block, x).MoveToOuterDisposeScope();
        }
        return TorchRuntime.CpuBytesInUse - before;
    }

    private static Sequential Blocks() =>
        nn.Sequential(
            Enumerable
                .Range(0, 3)
                .Select(_ => nn.Sequential(nn.Conv2d(4, 4, 3, padding: 1), nn.BatchNorm2d(4), nn.Dropout()))
        );

    private static double[][] Gradients(Sequential blocks) =>
        [.. blocks.parameters().Select(parameter => parameter.grad!.to(float64).ToArray<double>())];
}
