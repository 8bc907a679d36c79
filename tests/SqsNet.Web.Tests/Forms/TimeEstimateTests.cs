using SqsNet.Engine.Data;
using SqsNet.Engine.Models;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;
using SqsNet.Web.Forms;

namespace SqsNet.Web.Tests.Forms;

public sealed class TimeEstimateTests
{
    private static readonly DatasetInfo s_faces = new()
    {
        Name = "faces",
        Kind = "imagefolder",
        Classes = ["a", "b"],
        Width = 64,
        Height = 64,
        Channels = 1,
        Counts = new Dictionary<DatasetSplit, IReadOnlyList<int>> { [DatasetSplit.Train] = [500, 500] },
    };

    private static readonly SweepSpec s_tenEpochs = new() { Training = new() { Epochs = 10 } };

    private static readonly ModelInfo s_tiny = ModelRegistry.Find("sqsnet-tiny")!;

    [Fact]
    public void Measured_speed_gives_the_time_of_all_faces_of_all_epochs_of_all_trials() =>
        TimeEstimate.Of(s_tenEpochs, 4, s_faces, s_tiny, measured: 100)!.Time.ShouldBe(TimeSpan.FromSeconds(400));

    [Fact]
    public void Budget_of_faces_shortens_it_and_trials_at_once_share_the_processor()
    {
        var spec = s_tenEpochs with
        {
            Training = s_tenEpochs.Training with { FacesPerEpoch = 100 },
            Executor = new() { Parallel = 2 },
        };

        TimeEstimate.Of(spec, 4, s_faces, s_tiny, measured: 100)!.Time.ShouldBe(TimeSpan.FromSeconds(40));
    }

    [Fact]
    public void Explicit_quads_cost_four_faces_each()
    {
        var spec = s_tenEpochs with { Training = s_tenEpochs.Training with { Quads = QuadMode.Explicit } };

        TimeEstimate.Of(spec, 1, s_faces, s_tiny, measured: 100)!.Time.ShouldBe(TimeSpan.FromSeconds(400));
    }

    [Fact]
    public void Without_a_measured_speed_it_says_that_it_guesses() =>
        TimeEstimate.Of(s_tenEpochs, 1, s_faces, s_tiny, measured: null)!.Basis.ShouldContain("guess");

    [Fact]
    public void Larger_images_take_longer()
    {
        var large = s_tenEpochs with { Model = new() { ImageSize = 2 * s_tiny.DefaultImageSize } };

        TimeEstimate
            .Of(large, 1, s_faces, s_tiny, null)!
            .Time.ShouldBe(4 * TimeEstimate.Of(s_tenEpochs, 1, s_faces, s_tiny, null)!.Time);
    }

    [Fact]
    public void Nothing_known_gives_no_estimate()
    {
        TimeEstimate.Of(s_tenEpochs, 1, null, s_tiny, 100).ShouldBeNull();
        TimeEstimate.Of(s_tenEpochs, 1, s_faces, null, null).ShouldBeNull();
    }
}
