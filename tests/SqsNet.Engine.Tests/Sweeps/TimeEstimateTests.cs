using SqsNet.Engine.Data;
using SqsNet.Engine.Models;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Sweeps;

public class TimeEstimateTests
{
    private static readonly DatasetInfo _faces = new()
    {
        Name = "faces",
        Kind = "synthetic",
        Classes = ["a", "b"],
        Width = 64,
        Height = 64,
        Channels = 1,
        Counts = new Dictionary<DatasetSplit, IReadOnlyList<int>>
        {
            [DatasetSplit.Train] = [500, 500],
            [DatasetSplit.Validation] = [150, 150],
            [DatasetSplit.Test] = [60, 60],
        },
    };

    private static readonly SweepSpec _spec = Sample.Sweep(0, 1) with { Training = new() { Epochs = 10, Tta = 5 } };

    [Fact]
    public void A_measured_speed_gives_faces_over_speed_times_trials()
    {
        var estimate = TimeEstimate.Of(_spec, _faces, [new(new ModelSpec(), 100)], cores: 2);
        // 10 x (1000 + 300 / 3) faces of training and validation, 5 x 120 / 3 of the test, at 100 a second.
        estimate.SecondsPerTrial.ShouldBe(112, 1e-9);
        estimate.Trials.ShouldBe(4);
        estimate.Seconds.ShouldBe(448, 1e-9);
        estimate.IsMeasured.ShouldBeTrue();
    }

    [Fact]
    public void Fewer_faces_explicit_quads_and_a_missing_validation_split_count()
    {
        TrainingSpeedOf(new() { Epochs = 1, Tta = 1, FacesPerEpoch = 200 }, _faces).ShouldBe((200 + 100 + 40) / 100.0, 1e-9);
        TrainingSpeedOf(new() { Epochs = 1, Tta = 1, Quads = Engine.Training.QuadMode.Explicit }, _faces)
            .ShouldBe((4000 + 100 + 40) / 100.0, 1e-9);
        var held = _faces with
        {
            Counts = new Dictionary<DatasetSplit, IReadOnlyList<int>> { [DatasetSplit.Train] = [500, 500] },
        };
        TrainingSpeedOf(new() { Epochs = 1, ValidationFraction = 0.3 }, held).ShouldBe((700 + 100) / 100.0, 1e-9);
    }

    [Fact]
    public void Another_models_speed_counts_by_the_ratio_of_its_arithmetic()
    {
        var tiny = new ModelSpec { Name = "sqsnet-tiny" };
        var paper = _spec with { Model = new() { Name = "sqsnet" } };
        var ratio = (double)ModelRegistry.Count(paper.Model, 2).Macs / ModelRegistry.Count(tiny, 2).Macs;
        var own = TimeEstimate.Of(_spec, _faces, [new(tiny, 50)], 2).Seconds;
        TimeEstimate.Of(paper, _faces, [new(tiny, 50)], 2).Seconds.ShouldBe(own * ratio, own * ratio * 1e-9);
    }

    [Fact]
    public void Without_a_measurement_it_follows_from_arithmetic_and_cores_and_says_so()
    {
        var two = TimeEstimate.Of(_spec, _faces, [], cores: 2);
        var four = TimeEstimate.Of(_spec, _faces, [], cores: 4);
        two.IsMeasured.ShouldBeFalse();
        two.Seconds.ShouldBe(2 * four.Seconds, 1e-6);
        var macs = ModelRegistry.Count(new ModelSpec(), 2).Macs;
        two.SecondsPerTrial.ShouldBe(11_200 * macs / (2 * TimeEstimate.MacsPerSecondAndCore), 1e-6);
    }

    private static double TrainingSpeedOf(Engine.Training.TrainingSpec training, DatasetInfo dataset) =>
        TimeEstimate
            .Of(_spec with { Training = training with { BatchSize = 32 } }, dataset, [new(new ModelSpec(), 100)], 2)
            .SecondsPerTrial;
}
