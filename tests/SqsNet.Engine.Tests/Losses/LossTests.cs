using System.Text.Json;
using SqsNet.Engine.Losses;
using SqsNet.Engine.Models;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Engine.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Losses;

public sealed class LossTests
{
    private const double Exact = 1e-9;
    private readonly JsonElement _fixture = Reference.Sqs("loss_ce_kl_total");

    [Fact]
    public void Smoothed_cross_entropy_and_its_gradient_equal_the_reference()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var expected in _fixture.GetProperty("ce_smoothing").EnumerateArray())
        {
            var logits = Logits("base");
            var targets = LabelSmoothing.Targets(Labels(), 7, expected.Number("smoothing"), ScalarType.Float64);
            targets.Values().Max().ShouldBe(expected.Number("on"), 1e-15);
            targets.Values().Min().ShouldBe(expected.Number("off"), 1e-15);
            var loss = SoftTargetCrossEntropy.Compute(logits, targets);
            loss.backward();
            loss.Values()[0].ShouldBeClose(expected.Number("loss"), Exact, 0, "loss");
            logits.grad.ShouldMatch(expected.GetProperty("grad"), Exact, "gradient");
        }
    }

    [Fact]
    public void Cross_entropy_against_soft_rows_equals_the_reference()
    {
        using var scope = torch.NewDisposeScope();
        var logits = Logits("base");
        var rows = torch.tensor<double>(_fixture.GetProperty("soft_target_rows").Numbers(), [4, 7]);
        var loss = SoftTargetCrossEntropy.Compute(logits, rows);
        loss.backward();
        var expected = _fixture.GetProperty("ce_soft");
        loss.Values()[0].ShouldBeClose(expected.Number("loss"), Exact, 0, "loss");
        logits.grad.ShouldMatch(expected.GetProperty("grad"), Exact, "gradient");
    }

    [Fact]
    public void Distillation_equals_the_reference_with_and_without_a_moving_teacher()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var expected in _fixture.GetProperty("kl").EnumerateArray())
        {
            var (student, teacher) = (Logits("base"), Logits("enhanced"));
            var detach = expected.GetProperty("detach_teacher").GetBoolean();
            var loss = KnowledgeDistillation.Compute(student, teacher, expected.Number("temperature"), detach);
            loss.backward();
            loss.Values()[0].ShouldBeClose(expected.Number("loss"), Exact, 0, "loss");
            student.grad.ShouldMatch(expected.GetProperty("grad_base"), Exact, "student's gradient");
            if (detach)
                teacher.grad.ShouldBeNull();
            else
                teacher.grad.ShouldMatch(expected.GetProperty("grad_enhanced"), Exact, "teacher's gradient");
        }
    }

    [Fact]
    public void Cross_entropy_survives_extreme_logits()
    {
        using var scope = torch.NewDisposeScope();
        var expected = _fixture.GetProperty("extreme");
        var logits = Tensors.Leaf(expected.GetProperty("logits").Numbers(), 2, 3);
        var labels = torch.tensor<long>([0, 2], [2]);
        var loss = SoftTargetCrossEntropy.Compute(logits, LabelSmoothing.Targets(labels, 3, 0.1, ScalarType.Float64));
        loss.backward();
        loss.Values()[0].ShouldBeClose(expected.Number("loss"), Exact, 0, "loss");
        logits.grad.ShouldMatch(expected.GetProperty("grad"), Exact, "gradient");
    }

    [Fact]
    public void Whole_objective_and_every_gradient_equal_the_reference()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var expected in _fixture.GetProperty("total").EnumerateArray())
        {
            var cfg = expected.GetProperty("cfg");
            var sqs = new SqsSpec
            {
                Tau = cfg.Number("tau"),
                Alpha = cfg.Number("alpha"),
                Beta = cfg.Number("beta"),
                Gamma = cfg.Number("gamma"),
                Margin = cfg.Number("margin"),
                Lambda = cfg.Number("lam"),
                Normalize = cfg.GetProperty("normalize").GetBoolean()
                    ? SimilarityNormalization.L2
                    : SimilarityNormalization.None,
            };
            var distillation = new DistillationSpec
            {
                Weight = cfg.Number("kl_weight"),
                Temperature = cfg.Number("kl_temperature"),
            };
            var (maps, _) = QuadRecipe.Leaves(expected.GetProperty("map_shape").Shape());
            var (plain, enhanced) = (Logits("base"), Logits("enhanced"));
            var refined = new SqsModule(sqs).Refine(maps[0], maps[1], maps[2], maps[3], sqs);
            var output = new SqsOutput(
                refined.SAP,
                refined.SAN1,
                refined.SAN2,
                refined.R,
                refined.Refined,
                plain,
                enhanced
            );
            var targets = LabelSmoothing.Targets(Labels(), 7, cfg.Number("smoothing"), ScalarType.Float64);

            var loss = SqsNetLoss.Compute(
                output,
                targets,
                sqs,
                distillation,
                enhancedWeight: cfg.Number("enhanced_weight")
            );
            loss.Total.backward();

            var parts = expected.GetProperty("parts");
            loss.Total.Values()[0].ShouldBeClose(expected.Number("total"), Exact, 0, "total");
            loss.Similarity.Values()[0].ShouldBeClose(parts.Number("sqs"), Exact, 0, "similarity");
            loss.Distillation.Values()[0].ShouldBeClose(parts.Number("kl"), Exact, 0, "distillation");
            loss.Classification.Values()[0]
                .ShouldBeClose(
                    parts.Number("ce_base") + (cfg.Number("enhanced_weight") * parts.Number("ce_enhanced")),
                    Exact,
                    0,
                    "classification"
                );
            plain.grad.ShouldMatch(expected.GetProperty("grad_base"), Exact, "base");
            enhanced.grad.ShouldMatch(expected.GetProperty("grad_enhanced"), Exact, "enhanced");
            foreach (var (name, map) in new[] { "fA", "fP", "fN1", "fN2" }.Zip(maps))
                map.grad.ShouldMatch(expected.GetProperty("grad_maps").GetProperty(name), Exact, name);
        }
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    public void Smoothing_outside_its_range_is_refused(double smoothing)
    {
        using var scope = torch.NewDisposeScope();
        Should.Throw<ArgumentOutOfRangeException>(() => LabelSmoothing.Targets(Labels(), 7, smoothing));
    }

    [Fact]
    public void Temperature_must_be_positive()
    {
        using var scope = torch.NewDisposeScope();
        var logits = Logits("base");
        Should.Throw<ArgumentOutOfRangeException>(() => KnowledgeDistillation.Compute(logits, logits, temperature: 0));
    }

    private Tensor Logits(string name) => Tensors.Leaf(_fixture.GetProperty($"{name}_values").Numbers(), 4, 7);

    private Tensor Labels() =>
        torch.tensor<long>([.. _fixture.GetProperty("labels").EnumerateArray().Select(l => l.GetInt64())], [4]);
}
