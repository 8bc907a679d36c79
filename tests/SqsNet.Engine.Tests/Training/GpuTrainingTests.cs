using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Engine.Training;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Tests.Training;

/// <summary>Whole steps and trials on a GPU.</summary>
[Collection(nameof(LiveTensorCounts))]
[Trait("Device", "GPU")]
public sealed class GpuTrainingTests : IClassFixture<TrialStage>
{
    private static readonly Device Gpu = new(DeviceType.CUDA, 0);
    private readonly TrialStage _stage;

    public GpuTrainingTests(TrialStage stage)
    {
        _stage = stage;
        Assert.SkipUnless(cuda.is_available(), "there is no GPU here");
    }

    [Theory]
    [InlineData(QuadMode.InBatch, 0.5)]
    [InlineData(QuadMode.Explicit, 0)]
    public void Recorded_steps_are_the_steps_that_unrecorded_ones_would_be(QuadMode quads, double mixed)
    {
        var spec = _stage.Spec with { Training = _stage.Spec.Training with { Quads = quads, MixProbability = mixed } };
        var warnings = new List<string>();
        var recorded = Losses(spec, record: true, warnings);
        warnings.ShouldBeEmpty();
        var unrecorded = Losses(spec, record: false, warnings);
        for (var step = 0; step < recorded.Count; step++)
            // 1 %: sums of GPU kernels run in no fixed order, and each step of Adam amplifies what differs.
            recorded[step].ShouldBe(unrecorded[step], 0.01 * unrecorded[step], $"step {step}");
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void A_trial_trains_pauses_and_goes_on(Precision precision)
    {
        var plan = _stage.Plan(t => t with { Precision = precision, EmaDecay = 0.9, ClipGradNorm = 1 }) with
        {
            Device = "cuda:0",
        };
        var sink = new ListSink();
        _stage.Run(plan, sink).ShouldBe(new TrialOutcome(TrialState.Completed), string.Join('\n', sink.Logs()));
        sink.Logs().ShouldNotContain(log => log.StartsWith("Warning"));
        var losses = sink.Metrics(MetricScope.Step).Select(m => m.Values["train/loss"]).ToList();
        losses.Count.ShouldBe(3 * TrialStage.StepsPerEpoch);
        losses.ShouldAllBe(loss => double.IsFinite(loss));
        sink.Metrics(MetricScope.Final).ShouldNotBeEmpty();
    }

    [Fact]
    public void Trials_train_side_by_side_on_one_GPU()
    {
        var sinks = Enumerable.Range(0, 3).Select(_ => new ListSink()).ToArray();
        var plans = sinks.Select(_ => _stage.Plan(_stage.Spec) with { Device = "cuda:0" }).ToArray();
        var outcomes = new TrialOutcome[sinks.Length];
        var threads = sinks
            .Select((sink, i) => new Thread(() => outcomes[i] = _stage.Run(plans[i], sink), 16 << 20))
            .ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        for (var i = 0; i < sinks.Length; i++)
        {
            outcomes[i].ShouldBe(new TrialOutcome(TrialState.Completed), string.Join('\n', sinks[i].Logs()));
            sinks[i]
                .Logs()
                .ShouldNotContain(log => log.StartsWith("Warning"), "a step that could not be recorded warns");
        }
        var first = sinks.Select(sink => sink.Metrics(MetricScope.Step)[0].Values["train/loss"]).ToList();
        first.ShouldAllBe(loss => Math.Abs(loss - first[0]) < 1e-3 * first[0]);
    }

    private List<double> Losses(TrialSpec spec, bool record, List<string> warnings)
    {
        using var stream = new CudaStream(Gpu);
        using var scope = NewDisposeScope();
        using var dataset = _stage.Datasets.Open(spec.Dataset);
        var pool = new FacePool(dataset.Indices(DatasetSplit.Train), dataset.Label);
        using var model = ModelRegistry.Create(spec.Model, spec.Sqs, dataset.Info.Classes.Count, new Rng(1, "weights"));
        model.to(Gpu);
        model.to(channels_last);
        using var optimizer = optim.AdamW(model.parameters(), 1e-4);
        using var batches = new BatchBuilder(dataset, model.ImageSize, Gpu, model.Normalization);
        batches.MakeResident();
        var builder = new StepBatchBuilder(model, spec, batches, pool);
        var sampler = new BatchSampler(pool, TrialStage.BatchSize, seed: 1);
        StepGradients New() => new(model, new StepLoss(model, spec), optimizer, spec.Training, warnings.Add);
        var gradients = New();
        var losses = new List<double>();
        for (var epoch = 1; epoch <= 4; epoch++)
            foreach (var anchors in sampler.Epoch(epoch))
            {
                using var step = NewDisposeScope();
                random.manual_seed(losses.Count);
                if (!record)
                    gradients = New(); // one that has seen no step yet does not record
                var computed = gradients.Compute(builder.Build(anchors, new Rng(losses.Count, "step")));
                optimizer.step();
                losses.Add(computed.Total.ToDouble());
            }
        gradients.Dispose();
        return losses;
    }
}
