using static SqsNet.Torch.torch;

namespace SqsNet.Torch.Tests;

/// <summary>What only a GPU has: copies beside the host, fused optimizers, recorded graphs.</summary>
[Trait("Device", "GPU")]
public sealed class CudaTests : ScopedTest
{
    private static readonly Device Gpu = new(DeviceType.CUDA, 0);

    public CudaTests() => Assert.SkipUnless(cuda.is_available(), "there is no GPU here");

    [Fact]
    public void Copies_from_the_host_keep_their_numbers_though_their_memory_is_reused_at_once()
    {
        // Work ahead of the copies keeps the GPU busy while the host overwrites its buffer again and again.
        var busy = randn([2048, 2048], device: Gpu);
        for (var i = 0; i < 20; i++)
            busy = busy.matmul(busy) * 1e-3;
        var numbers = new float[1 << 18];
        var copies = new List<Tensor>();
        for (var i = 0; i < 50; i++)
        {
            Array.Fill(numbers, i);
            copies.Add(tensor<float>(numbers, Gpu));
        }
        for (var i = 0; i < copies.Count; i++)
        {
            copies[i].min().ToDouble().ShouldBe(i);
            copies[i].max().ToDouble().ShouldBe(i);
        }
    }

    [Fact]
    public void Free_memory_falls_by_what_is_taken()
    {
        cuda.empty_cache();
        var (free, total) = cuda.mem_get_info();
        free.ShouldBeInRange(1, total);
        using var taken = empty([1L << 30], ScalarType.Byte, Gpu);
        cuda.mem_get_info().Free.ShouldBeLessThanOrEqualTo(free - (1L << 30));
    }

    [Theory]
    [InlineData(MemoryFormat.Contiguous)]
    [InlineData(MemoryFormat.ChannelsLast)]
    public void Fused_AdamW_agrees_with_the_processors_loop_also_where_gradients_are_laid_out_otherwise(
        MemoryFormat layout
    )
    {
        var start = randn([8, 6, 3, 3]);
        var gradients = Enumerable.Range(0, 4).Select(_ => randn([8, 6, 3, 3])).ToList();
        var here = start.clone().requires_grad_();
        var there = start.to(Gpu).contiguous(layout).requires_grad_();
        using var onProcessor = optim.AdamW([here], lr: 0.01, weight_decay: 0.1);
        using var onGpu = optim.AdamW([there], lr: 0.01, weight_decay: 0.1);
        foreach (var gradient in gradients)
        {
            here.grad = gradient;
            there.grad = gradient.to(Gpu);
            onProcessor.step();
            onGpu.step();
        }
        // 1e-5: single precision, and a fused multiply-add on one side only.
        there.to(CPU).ShouldBeClose(here, 1e-5, 1e-6);
    }

    [Fact]
    public void Clipping_and_averaging_agree_with_the_processors()
    {
        var values = new[] { randn([5, 7]), randn([11]) };
        Tensor[] Parameters(Device device) => [.. values.Select(v => Parameter(v, device))];
        var (here, there) = (Parameters(CPU), Parameters(Gpu));
        nn.utils.clip_grad_norm_(there, 0.5).ToDouble().ShouldBe(nn.utils.clip_grad_norm_(here, 0.5).ToDouble(), 1e-5);
        for (var i = 0; i < here.Length; i++)
            there[i].grad!.to(CPU).ShouldBeClose(here[i].grad!, 1e-5, 1e-6);

        using var noGrad = no_grad();
        Tensor[] Averages(Device device) => [ones([5, 7], device: device), tensor(3L, device: device)];
        Tensor[] News(Device device) => [values[0].to(device), tensor(8L, device: device)];
        var (averageHere, averageThere) = (Averages(CPU), Averages(Gpu));
        optim.average_(averageHere, News(CPU), 0.9);
        optim.average_(averageThere, News(Gpu), 0.9);
        averageThere[0].to(CPU).ShouldBeClose(averageHere[0], 1e-6, 1e-7);
        averageThere[1].item<long>().ShouldBe(8);

        static Tensor Parameter(Tensor value, Device device)
        {
            var parameter = value.to(device).clone().requires_grad_();
            parameter.grad = (value * 3).to(device);
            return parameter;
        }
    }

    [Fact]
    public void A_graph_replays_on_new_input_and_draws_what_the_seed_says()
    {
        using var stream = new CudaStream(Gpu);
        using var graph = new CudaGraph();
        var input = ones([1000], device: Gpu);
        Tensor Work() => nn.functional.dropout(input * 2, 0.5, training: true) + input;
        random.manual_seed(1);
        var unrecorded = Work();
        cuda.synchronize();
        graph.Begin();
        var output = Work();
        graph.End();

        Tensor Replay(long seed)
        {
            random.manual_seed(seed);
            graph.Replay();
            return output.clone();
        }
        Replay(1).equal(unrecorded).ShouldBeTrue();
        Replay(2).equal(unrecorded).ShouldBeFalse();
        Replay(1).equal(unrecorded).ShouldBeTrue();
        input.fill_(0);
        Replay(1).abs().sum().ToDouble().ShouldBe(0);
    }

    [Fact]
    public void A_recorded_backward_pass_fills_the_same_gradients_again()
    {
        using var stream = new CudaStream(Gpu);
        using var graph = new CudaGraph();
        using var layer = nn.Conv2d(3, 8, 3);
        layer.to(Gpu);
        layer.to(channels_last);
        var input = randn([4, 3, 16, 16], device: Gpu);
        Tensor Loss() => layer.forward(input).square().mean();
        for (var i = 0; i < 3; i++)
        {
            layer.zero_grad();
            Loss().backward();
        }
        var expected = layer.weight.grad!.clone();
        layer.zero_grad();
        cuda.synchronize();
        graph.Begin();
        Loss().backward();
        graph.End();
        var gradient = layer.weight.grad!;
        for (var i = 0; i < 2; i++)
        {
            gradient.fill_(7);
            graph.Replay();
            gradient.ShouldBeClose(expected, 1e-4, 1e-5);
        }
    }

    [Fact]
    public void Copies_from_the_host_are_refused_while_recording_and_the_stream_stays_usable()
    {
        using var stream = new CudaStream(Gpu);
        using var graph = new CudaGraph();
        graph.Begin();
        Should.Throw<TorchException>(() => tensor<float>([1], Gpu)).Message.ShouldContain("CUDA graph");
        graph.End();
        tensor<float>([1, 2], Gpu).sum().ToDouble().ShouldBe(3);
    }
}
