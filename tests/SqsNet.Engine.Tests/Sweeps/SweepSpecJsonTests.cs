using System.Text.Json;
using SqsNet.Engine.Models;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Tests.Sweeps;

public class SweepSpecJsonTests
{
    private const string Documented = """
        {
          "name": "tau sensitivity", "notes": "", "tags": ["table-4"],
          "dataset": "synthetic",
          "model": { "name": "sqsnet", "cnn": "efficientnet_b6", "transformer": "swin_small_patch4_window7_224",
                     "fusion": { "kind": "crossAttention", "heads": 1, "tied": true, "residual": false }, "width": 1024, "imageSize": 224, "pretrained": null, "sqsModule": true },
          "training": { "epochs": 50, "batchSize": 64, "learningRate": 3e-4, "minLearningRate": 1e-6, "weightDecay": 1e-5,
                        "schedule": { "kind": "cosineWarmRestarts", "period": 50, "periodMultiplier": 1 },
                        "mixup": 0.4, "cutmix": 0.4, "mixProbability": 0.5, "randomErasing": 0.5, "labelSmoothing": 0.1,
                        "distillation": { "weight": 1.0, "temperature": 1.0 },
                        "earlyStopping": { "patience": 10 }, "precision": "fp32", "quads": "inBatch", "tta": 5,
                        "checkpointEvery": 1, "validationFraction": 0.1 },
          "sqs": { "tau": 1.0, "alpha": 1.0, "beta": 0.5, "gamma": 0.5, "margin": 0.5, "lambda": 0.5,
                   "normalize": "l2", "negatives": "distinct", "learnable": false },
          "space": { "sqs.tau": { "values": [0.1, 0.5, 1.0, 2.0] }, "sqs.lambda": { "low": 0.1, "high": 1.0, "log": false, "step": null } },
          "strategy": { "kind": "oneAtATime", "trials": null, "seed": 0 },
          "pruner": { "kind": "none" },
          "objective": { "metric": "val/accuracy", "goal": "maximize" },
          "seeds": [0, 1, 2, 3, 4],
          "executor": { "kind": "inProcess", "parallel": 1 }
        }
        """;

    [Fact]
    public void Parse_reads_the_documented_sweep()
    {
        var spec = SweepSpecJson.Parse(Documented);

        spec.Name.ShouldBe("tau sensitivity");
        spec.Tags.ShouldBe(["table-4"]);
        spec.Model.Fusion.ShouldBe(new FusionSpec());
        spec.Model.Pretrained.ShouldBeNull();
        spec.Training.ShouldBe(new TrainingSpec());
        spec.Sqs.ShouldBe(new SqsSpec());
        spec.Space["sqs.tau"].Values!.Select(v => v.GetDouble()).ShouldBe([0.1, 0.5, 1.0, 2.0]);
        spec.Space["sqs.lambda"].High.ShouldBe(1.0);
        spec.Strategy.Kind.ShouldBe(StrategyKind.OneAtATime);
        spec.Seeds.ShouldBe([0, 1, 2, 3, 4]);
        spec.Executor.ShouldBe(new ExecutorSpec());
    }

    [Fact]
    public void Parse_takes_the_defaults_for_what_is_left_out() =>
        JsonSerializer
            .Serialize(SweepSpecJson.Parse("{}"), SweepSpecJson.Options)
            .ShouldBe(JsonSerializer.Serialize(new SweepSpec(), SweepSpecJson.Options));

    [Fact]
    public void Serialize_and_Parse_are_inverse()
    {
        var text = SweepSpecJson.Serialize(
            SweepSpecJson.Parse(Documented) with
            {
                Name = "τ, \"quoted\" <b>",
                Training = new() { EarlyStopping = null, ClipGradNorm = 1.0 },
            }
        );
        SweepSpecJson.Serialize(SweepSpecJson.Parse(text)).ShouldBe(text);
        text.ShouldContain("\"earlyStopping\": null");
        text.ShouldContain("τ");
        text.ShouldNotContain("<b>");
    }

    [Fact]
    public void A_trial_survives_the_way_through_JSON()
    {
        var trial = new TrialSpec
        {
            Dataset = "synthetic",
            Model = new() { Fusion = new() { Kind = FusionKind.Concat } },
            Training = new() { Precision = Precision.Bf16 },
            Sqs = new() { Normalize = SimilarityNormalization.MeanSquare },
            Objective = new() { Goal = Goal.Minimize, Metric = "val/loss" },
            Seed = 3,
        };
        var text = SweepSpecJson.Serialize(trial);
        SweepSpecJson.ParseTrial(text).ShouldBe(trial);
        text.ShouldContain("\"meanSquare\"");
        text.ShouldContain("\"bf16\"");
    }

    [Fact]
    public void Every_problem_is_reported_at_once_with_its_path()
    {
        var errors = Problems(
            """
            { "nmae": "x", "model": { "fusion": { "kind": "CrossAttention", "heads": 1.5 }, "sqsModule": "yes" },
              "training": { "epochs": "50", "quads": 1, "schedule": null }, "sqs": { "tau": 1e400, "lamda": 0.5 },
              "space": { "sqs.tau": { "low": "a", "values": 3 } }, "seeds": [0, null, 1.5], "tags": "x", "dataset": null, "notes": "", "notes": "" }
            """
        );
        errors.Keys.ShouldBe(
            [
                "nmae",
                "model.fusion.kind",
                "model.fusion.heads",
                "model.sqsModule",
                "training.epochs",
                "training.quads",
                "training.schedule",
                "sqs.tau",
                "sqs.lamda",
                "space.sqs.tau.low",
                "space.sqs.tau.values",
                "seeds[1]",
                "seeds[2]",
                "tags",
                "notes",
                "dataset",
            ],
            ignoreOrder: true
        );
        errors["nmae"].ShouldContain("did you mean \"name\"?");
        errors["sqs.lamda"].ShouldContain("did you mean \"lambda\"?");
        errors["sqs.lamda"].ShouldContain("Known: tau, alpha, beta, gamma, margin, lambda");
        errors["model.fusion.kind"].ShouldContain("crossAttention, concat");
        errors["training.quads"].ShouldContain("inBatch, explicit");
        errors["training.epochs"].ShouldContain("\"50\"");
        errors["sqs.tau"].ShouldContain("1e400");
    }

    [Theory]
    [InlineData("{\n  \"name\": \"ä\" oops }", "line 2, column 15")]
    [InlineData("", "line 1, column 1")]
    [InlineData("{ \"seeds\": [1, }", "line 1")]
    public void Malformed_JSON_is_located_by_line_and_column(string json, string where) =>
        Problems(json)[SweepSpecJson.Root].ShouldContain(where);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("{ \"name\": \"\\ud800\" }")]
    [InlineData("{ \"\\ud800\": 1 }")]
    public void Anything_but_an_object_of_valid_text_is_a_problem_and_never_a_crash(string json) =>
        Problems(json).Count.ShouldBe(1);

    [Fact]
    public void Nesting_without_end_is_a_problem_and_never_a_crash() =>
        Problems(new string('[', 100_000)).ShouldContainKey(SweepSpecJson.Root);

    [Fact]
    public void A_trial_without_its_parts_names_each_of_them()
    {
        SweepSpecJson.TryParseTrial("{}", out _, out var errors).ShouldBeFalse();
        errors.Select(e => e.Path).ShouldBe(["dataset", "model", "training", "sqs", "objective", "seed"], true);
    }

    [Fact]
    public void Parse_throws_with_the_problems() =>
        Should
            .Throw<InvalidSpecException>(() => SweepSpecJson.Parse("""{ "sqs": { "tau": "hot" }, "x": 1 }"""))
            .Errors.Count.ShouldBe(2);

    private static Dictionary<string, string> Problems(string json)
    {
        SweepSpecJson.TryParse(json, out var spec, out var errors).ShouldBeFalse();
        spec.ShouldBeNull();
        return errors.ToDictionary(e => e.Path, e => e.Message);
    }
}
