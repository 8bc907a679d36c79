using SqsNet.Engine.Data;
using SqsNet.Engine.Evaluation;
using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Tests.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Evaluation;

public sealed class EvaluatorTests : IClassFixture<TrialStage>, IDisposable
{
    private readonly FaceDataset _dataset;
    private readonly ImageModel _model;
    private readonly BatchBuilder _batches;

    public EvaluatorTests(TrialStage stage)
    {
        _dataset = stage.Datasets.Open(TrialStage.Dataset);
        _model = ModelRegistry.Create(stage.Spec.Model, stage.Spec.Sqs, _dataset.Info.Classes.Count, new Rng(0, "w"));
        _batches = new BatchBuilder(_dataset, _model.ImageSize, torch.CPU);
    }

    public void Dispose()
    {
        _model.Dispose();
        _dataset.Dispose();
    }

    [Fact]
    public void Loss_and_counts_are_those_of_the_base_head_in_evaluation_mode()
    {
        var faces = _dataset.Indices(DatasetSplit.Test);
        var result = Evaluator.Evaluate(_model, _batches, faces).ShouldNotBeNull();

        using var scope = torch.NewDisposeScope();
        _model.eval();
        var logits = _model.call(_batches.Images(faces));
        var expected = torch.nn.functional.cross_entropy(logits, _batches.Labels(faces)).ToDouble();
        result.Loss.ShouldBe(expected, 1e-5);
        var right = logits.argmax(1).eq(_batches.Labels(faces)).sum().ToInt32();
        result.Confusion.Accuracy.ShouldBe((double)right / faces.Count, 1e-12);
        Enumerable.Range(0, 7).Select(result.Confusion.Support).ShouldBe(_dataset.Info.Counts[DatasetSplit.Test]);
    }

    [Fact]
    public void The_models_mode_is_what_it_was()
    {
        foreach (var training in new[] { true, false })
        {
            _model.train(training);
            Evaluator.Evaluate(_model, _batches, _dataset.Indices(DatasetSplit.Test), views: 5);
            _model.training.ShouldBe(training);
        }
    }

    [Fact]
    public void Evaluation_does_not_move_the_running_statistics()
    {
        var before = _model.named_buffers().Select(b => b.buffer.sum().ToDouble()).ToArray();
        Evaluator.Evaluate(_model, _batches, _dataset.Indices(DatasetSplit.Test));
        _model.named_buffers().Select(b => b.buffer.sum().ToDouble()).ShouldBe(before);
    }

    [Fact]
    public void An_interrupted_evaluation_has_no_result() =>
        Evaluator
            .Evaluate(_model, _batches, _dataset.Indices(DatasetSplit.Test), interrupted: () => true)
            .ShouldBeNull();

    [Fact]
    public void Without_faces_the_loss_is_NaN()
    {
        var result = Evaluator.Evaluate(_model, _batches, []).ShouldNotBeNull();
        result.Loss.ShouldBe(double.NaN);
        result.Confusion.Total.ShouldBe(0);
    }
}
