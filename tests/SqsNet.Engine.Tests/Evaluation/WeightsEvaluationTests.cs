using SqsNet.Engine.Data;
using SqsNet.Engine.Evaluation;
using SqsNet.Engine.Events;
using SqsNet.Engine.Models;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Engine.Tests.Training;
using SqsNet.Engine.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Evaluation;

[Collection(nameof(LiveTensorCounts))]
public sealed class WeightsEvaluationTests(TrialStage stage) : IClassFixture<TrialStage>
{
    private string Weights => Path.Combine(stage.Undisturbed.Plan.Folder, "best.safetensors");

    [Fact]
    public void The_best_weights_give_the_trials_own_numbers_with_and_without_augmentation()
    {
        var numbers = stage.Undisturbed.Numbers.Where(n => n.StartsWith("Final")).Select(n => n.Split(' ')).ToArray();
        var report = Run(
            new()
            {
                Weights = Weights,
                Dataset = TrialStage.Dataset,
                Tta = 5,
            }
        );
        numbers.Length.ShouldBe(24);
        foreach (var number in numbers)
            report.Metrics[number[3]].ShouldBe(double.Parse(number[4]), 1e-12, number[3]);
        report.Model.ShouldBe("sqsnet-tiny");
        report.Faces.ShouldBe(21);
        report.Confusion.Sum(row => row.Sum()).ShouldBe(21);
        report.FacesPerSecond.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Every_look_at_the_test_split_is_counted_beside_the_weights_and_none_at_another()
    {
        using var folder = new TemporaryFolder();
        var weights = folder.File("best.safetensors");
        File.Copy(Weights, weights);
        var request = new EvaluationRequest { Weights = weights, Dataset = TrialStage.Dataset };

        Run(request).TestLooks.ShouldBe(1);
        Run(request with { Split = DatasetSplit.Validation }).TestLooks.ShouldBeNull();
        Run(request with { Tta = 5 }).TestLooks.ShouldBe(2);
        TestLooks
            .Read(folder.Path)
            .Select(l => (l.By, l.Weights, l.Views))
            .ShouldBe([("eval", "best", 1), ("eval", "best", 5)]);
    }

    [Fact]
    public void Naming_the_weights_own_model_leaves_its_variant_as_it_is()
    {
        var request = new EvaluationRequest { Weights = Weights, Dataset = TrialStage.Dataset };
        Run(request with { Model = new ModelSpec { Name = "sqsnet-tiny" } }).Metrics.ShouldBe(Run(request).Metrics);
    }

    [Fact]
    public void The_validation_split_is_the_trials_own()
    {
        var report = Run(
            new()
            {
                Weights = Weights,
                Dataset = TrialStage.Dataset,
                Split = DatasetSplit.Validation,
            }
        );
        report.Split.ShouldBe("val");
        report.Faces.ShouldBe(28);
        report.Metrics.Keys.ShouldContain("val/accuracy");
        report.Metrics.Keys.ShouldNotContain("val/accuracy_tta");
    }

    [Fact]
    public void Weights_of_another_model_and_absent_weights_are_refused()
    {
        var request = new EvaluationRequest
        {
            Weights = Weights,
            Dataset = TrialStage.Dataset,
            Model = new ModelSpec { Name = "efficientnet_tiny_stride8" },
        };
        Should
            .Throw<InvalidDataException>(() => Run(request))
            .Message.ShouldContain("not of efficientnet_tiny_stride8");
        Should.Throw<FileNotFoundException>(() => Run(request with { Weights = "/nowhere/w.safetensors" }));
        Should.Throw<ArgumentException>(() => Run(request with { Tta = 3 })).Message.ShouldContain("not 3");
        Should.Throw<NotFoundException>(() => Run(request with { Dataset = "nothing", Model = null }));
    }

    [Fact]
    public void Weights_are_not_held_against_a_dataset_that_was_made_anew_since_they_were_trained_on_it()
    {
        using var folder = new TemporaryFolder();
        var weights = folder.File("best.safetensors");
        var info = BestWeights.ReadInfo(Weights)! with { DatasetHash = "of other faces" };
        using (torch.NewDisposeScope())
        using (var model = WeightsModel.Load(Weights, info.Model, info, info.Classes.Count))
            BestWeights.Save(weights, model, info);
        var request = new EvaluationRequest { Weights = weights, Dataset = TrialStage.Dataset };
        Should.Throw<ArgumentException>(() => Run(request)).Message.ShouldContain("other faces, labels or splits");
        File.Exists(folder.File(TestLooks.FileName)).ShouldBeFalse();
    }

    [Fact]
    public void Nothing_is_left_in_memory()
    {
        var weights = Weights;
        var before = TorchRuntime.LiveTensors;
        Run(new() { Weights = weights, Dataset = TrialStage.Dataset });
        TorchRuntime.LiveTensors.ShouldBe(before);
    }

    private EvaluationReport Run(EvaluationRequest request) =>
        new WeightsEvaluation(stage.Datasets, stage.Options, TimeProvider.System).Run(request with { Device = "cpu" });
}
