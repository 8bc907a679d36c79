using SqsNet.Engine.Efficiency;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Models;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Efficiency;

/// <summary>Alone: other tests that compute would be in the numbers, and one of these sets the memory limit.</summary>
[Collection(nameof(BigModels))]
public sealed class EfficiencyMeterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DevicePool _devices = new(["cpu"]);

    [Fact]
    public void A_small_model_is_measured_on_the_processor()
    {
        var model = ModelRegistry.Find("efficientnet_tiny_stride8")!;
        var phases = new List<MeasuringPhase>();
        var before = TorchRuntime.LiveTensors;

        var speed = Meter().Measure(model, "cpu", phases.Add, () => { });

        TorchRuntime.LiveTensors.ShouldBe(before);
        phases.ShouldBe([MeasuringPhase.Building, MeasuringPhase.Single, MeasuringPhase.Batch]);
        speed.Model.ShouldBe(model.Name);
        speed.ImageSize.ShouldBe(64);
        (speed.Device, speed.Threads, speed.Dtype).ShouldBe(("cpu", 1, "float32"));
        speed.Library.ShouldBe($"libtorch {TorchRuntime.Version}");
        speed.Single.Images.ShouldBe(1);
        speed.Single.Times.Repetitions.ShouldBeGreaterThanOrEqualTo(7);
        speed.Single.Times.LowerQuartileSeconds.ShouldBeInRange(1e-5, speed.Single.Times.MedianSeconds);
        speed.Single.Times.UpperQuartileSeconds.ShouldBeGreaterThanOrEqualTo(speed.Single.Times.MedianSeconds);

        // Weights are held all the time; 32 images and what layers make of them come on top.
        var batch = speed.Batch.ShouldNotBeNull();
        speed.BatchProblem.ShouldBeNull();
        batch.Images.ShouldBe(32);
        speed.Single.PeakBytes.ShouldBeInRange(model.CheckpointBytes, 2 * model.CheckpointBytes + (16 << 20));
        batch.PeakBytes.ShouldBeGreaterThan(model.CheckpointBytes + (32L * 3 * 64 * 64 * sizeof(float)));
        batch.PeakBytes.ShouldBeGreaterThan(2 * speed.Single.PeakBytes);
        batch.ImagesPerSecond.ShouldBe(32 / batch.Times.MedianSeconds);
    }

    [Fact]
    public void A_batch_that_does_not_fit_into_memory_is_said_so_and_the_latency_stands()
    {
        var model = ModelRegistry.Find("efficientnet_tiny_stride8")!;
        void LimitMemory(MeasuringPhase phase)
        {
            if (phase == MeasuringPhase.Batch)
                TorchRuntime.Initialize(1, TorchRuntime.CpuBytesInUse + (2 << 20));
        }
        try
        {
            var speed = Meter().Measure(model, "cpu", LimitMemory, () => { });
            speed.Single.Times.MedianSeconds.ShouldBeGreaterThan(0);
            speed.Batch.ShouldBeNull();
            speed.BatchProblem.ShouldNotBeNull().ShouldStartWith("32 images do not fit into memory");
        }
        finally
        {
            TorchRuntime.Initialize();
        }
    }

    [Fact]
    public async Task A_round_measures_one_model_after_the_other_and_keeps_each()
    {
        var file = new SpeedFile(_folder.Path);
        var measuring = Measuring(file);
        measuring.Obstacle.ShouldBeNull();
        var round = measuring.Start(Models("efficientnet_tiny_stride8", "swin_micro_patch4_window4_64"));

        measuring.Obstacle.ShouldBe("Models are being measured already.");
        Should.Throw<InvalidOperationException>(() => measuring.Start(Models("resnet18")));

        var ended = await round;
        ended.Problem.ShouldBeNull();
        (ended.Done, ended.IsOver, ended.Model).ShouldBe((2, true, null));
        file.Read().Speeds.Select(speed => speed.Model).ShouldBe(ended.Models, ignoreOrder: true);
        measuring.Obstacle.ShouldBeNull();
    }

    [Fact]
    public async Task Nothing_is_measured_beside_a_trial_and_a_trial_that_begins_ends_the_round()
    {
        var file = new SpeedFile(_folder.Path);
        var measuring = Measuring(file);
        using (_devices.Take())
        {
            measuring.Obstacle.ShouldBe("A trial trains on cpu: numbers measured beside it would be worth nothing.");
            Should.Throw<InvalidOperationException>(() => measuring.Start(Models("resnet18")));
        }
        measuring.Obstacle.ShouldBeNull();

        var round = measuring.Start(Models("efficientnet_tiny_stride8"));
        using var trial = _devices.Take();
        var ended = await round;
        ended.Problem.ShouldNotBeNull().ShouldStartWith("A trial trains on cpu");
        ended.IsOver.ShouldBeTrue();
        file.Read().Speeds.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_round_can_be_cancelled()
    {
        var measuring = Measuring(new SpeedFile(_folder.Path));
        var round = measuring.Start(Models("resnet18", "vit_small_patch16_224"));
        measuring.Cancel();
        var ended = await round;
        ended.Problem.ShouldBe("The measurement was cancelled.");
        ended.Done.ShouldBe(0);
        measuring.Cancel(); // nothing is on: nothing happens
    }

    public void Dispose() => _folder.Dispose();

    private static List<ModelInfo> Models(params string[] names) =>
        [.. names.Select(name => ModelRegistry.Find(name)!)];

    private EfficiencyMeter Meter() =>
        new(new EngineOptions { DataDirectory = _folder.Path, Threads = 1 }, TimeProvider.System);

    private ModelMeasuring Measuring(SpeedFile file) => new(Meter(), file, DevicesOfThePool());

    private Lazy<DevicePool> DevicesOfThePool()
    {
        var devices = new Lazy<DevicePool>(() => _devices);
        _ = devices.Value;
        return devices;
    }
}
