using SqsNet.Engine.Data;
using SqsNet.Engine.Models;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fakes;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Tests.Sweeps;

public class SweepSpecValidationTests
{
    private static readonly SweepSpec _good = Sample.Sweep(0, 1);

    [Fact]
    public void The_defaults_are_valid() => new SweepSpec().Validate().ShouldBeEmpty();

    [Theory]
    [InlineData("sqs.tau", 0)]
    [InlineData("sqs.tau", 1e-300)]
    [InlineData("sqs.tau", double.NaN)]
    [InlineData("sqs.tau", double.PositiveInfinity)]
    [InlineData("sqs.alpha", -0.1)]
    [InlineData("sqs.beta", -1)]
    [InlineData("sqs.gamma", -1)]
    [InlineData("sqs.margin", -0.5)]
    [InlineData("sqs.lambda", -1)]
    public void Absurd_hyperparameters_of_the_module_are_refused_where_they_stand(string path, double value)
    {
        var sqs = path[4..] switch
        {
            "tau" => _good.Sqs with { Tau = value },
            "alpha" => _good.Sqs with { Alpha = value },
            "beta" => _good.Sqs with { Beta = value },
            "gamma" => _good.Sqs with { Gamma = value },
            "margin" => _good.Sqs with { Margin = value },
            _ => _good.Sqs with { Lambda = value },
        };
        ShouldRefuse(_good with { Sqs = sqs }, path);
    }

    public static TheoryData<string, TrainingSpec> AbsurdTraining =>
        new()
        {
            {
                "training.epochs",
                new() { Epochs = 0 }
            },
            {
                "training.batchSize",
                new() { BatchSize = 1 }
            },
            {
                "training.learningRate",
                new() { LearningRate = 10 }
            },
            {
                "training.learningRate",
                new() { LearningRate = 0, MinLearningRate = 0 }
            },
            {
                "training.learningRate",
                new() { LearningRate = double.NaN }
            },
            {
                "training.minLearningRate",
                new() { MinLearningRate = 1e-3 }
            },
            {
                "training.weightDecay",
                new() { WeightDecay = -1e-5 }
            },
            {
                "training.schedule.period",
                new() { Schedule = new() { Period = 0 } }
            },
            {
                "training.schedule.periodMultiplier",
                new() { Schedule = new() { PeriodMultiplier = 0 } }
            },
            {
                "training.warmup",
                new() { Warmup = 1 }
            },
            {
                "training.clipGradNorm",
                new() { ClipGradNorm = 0 }
            },
            {
                "training.mixup",
                new() { Mixup = -0.4 }
            },
            {
                "training.cutmix",
                new() { Cutmix = 1e-9 }
            },
            {
                "training.mixProbability",
                new() { MixProbability = 1.5 }
            },
            {
                "training.randomErasing",
                new() { RandomErasing = -0.1 }
            },
            {
                "training.labelSmoothing",
                new() { LabelSmoothing = 1 }
            },
            {
                "training.distillation.weight",
                new() { Distillation = new() { Weight = -1 } }
            },
            {
                "training.distillation.temperature",
                new() { Distillation = new() { Temperature = 0 } }
            },
            {
                "training.earlyStopping.patience",
                new() { EarlyStopping = new() { Patience = 0 } }
            },
            {
                "training.accumulate",
                new() { Accumulate = 0 }
            },
            {
                "training.tta",
                new() { Tta = 3 }
            },
            {
                "training.checkpointEvery",
                new() { CheckpointEvery = 0 }
            },
            {
                "training.validationFraction",
                new() { ValidationFraction = 0.9 }
            },
            {
                "training.facesPerEpoch",
                new() { FacesPerEpoch = 8, BatchSize = 64 }
            },
        };

    [Theory]
    [MemberData(nameof(AbsurdTraining), DisableDiscoveryEnumeration = true)]
    public void Absurd_training_settings_are_refused_where_they_stand(string path, TrainingSpec training) =>
        ShouldRefuse(_good with { Training = training }, path);

    [Fact]
    public void Zero_turns_off_what_may_be_turned_off() => (
            _good with
            {
                Training = new()
                {
                    Mixup = 0,
                    Cutmix = 0,
                    MixProbability = 0,
                    RandomErasing = 0,
                    LabelSmoothing = 0,
                    WeightDecay = 0,
                    MinLearningRate = 0,
                    Distillation = new() { Weight = 0 },
                    EarlyStopping = null,
                },
                Sqs = new() { Lambda = 0, Gamma = 0 },
            }
        ).Validate().ShouldBeEmpty();

    [Fact]
    public void Every_problem_is_reported_at_once()
    {
        var paths = Paths(
            _good with
            {
                Name = " ",
                Dataset = "../faces",
                Training = new() { Epochs = 0, BatchSize = 1 },
                Sqs = new() { Tau = 0 },
                Seeds = [1, 1, -2],
                Executor = new() { Parallel = 0 },
                Objective = new() { Metric = "test/accuracy" },
                Space = Sample.Space("sqs.tua", Sample.Values(1)),
                Tags = [""],
            }
        );
        paths.ShouldBe([
            "dataset",
            "executor.parallel",
            "name",
            "objective.metric",
            "seeds[1]",
            "seeds[2]",
            "space.sqs.tua",
            "sqs.tau",
            "tags[0]",
            "training.batchSize",
            "training.epochs",
        ]);
    }

    [Fact]
    public void A_misspelt_path_is_answered_with_the_nearest_one() =>
        ShouldRefuse(_good with { Space = Sample.Space("sqs.lamda", Sample.Values(1)) }, "space.sqs.lamda")
            .ShouldContain("did you mean \"sqs.lambda\"?");

    [Theory]
    [InlineData("name")]
    [InlineData("seeds")]
    [InlineData("strategy.trials")]
    [InlineData("executor.parallel")]
    [InlineData("")]
    [InlineData("sqs.tau.x")]
    public void What_makes_the_sweep_itself_cannot_vary(string path) =>
        Paths(_good with { Space = Sample.Space(path, Sample.Values(1)) })
            .ShouldBe([path.Length == 0 ? "space." : $"space.{path}"]);

    [Fact]
    public void Each_value_is_checked_in_its_place()
    {
        var spec = _good with
        {
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.tau"] = Sample.Values(1, 0, "warm"),
                ["training.batchSize"] = Sample.Values(32, 32.5),
                ["model.fusion.kind"] = Sample.Values("concat", "cross"),
                ["training.minLearningRate"] = Sample.Values(1e-6, 1e-2),
                ["sqs.normalize"] = new() { Values = [Sample.Json(null)] },
                ["model.width"] = new() { Values = [Sample.Json(null), Sample.Json(64)] },
            },
        };
        Paths(spec)
            .ShouldBe([
                "space.model.fusion.kind.values[1]",
                "space.sqs.normalize.values[0]",
                "space.sqs.tau.values[1]",
                "space.sqs.tau.values[2]",
                "space.training.batchSize.values[1]",
                "space.training.minLearningRate.values[1]",
            ]);
    }

    [Fact]
    public void Values_that_do_not_fit_together_are_found_in_the_grid()
    {
        var spec = _good with
        {
            Strategy = new() { Kind = StrategyKind.Grid },
            Space = new Dictionary<string, SpaceParameter>
            {
                ["training.learningRate"] = Sample.Values(3e-4, 1e-5),
                ["training.minLearningRate"] = Sample.Values(1e-6, 1e-4),
            },
        };
        ShouldRefuse(spec, "space").ShouldContain("training.minLearningRate must not be above the learning rate");
    }

    public static TheoryData<string, SpaceParameter> BadRanges =>
        new()
        {
            {
                "",
                new() { Low = 1 }
            },
            {
                "",
                new() { Low = double.NaN, High = 1 }
            },
            {
                ".low",
                new()
                {
                    Low = 2,
                    High = 1,
                    Step = 0.1,
                }
            },
            {
                ".low",
                new()
                {
                    Low = 0,
                    High = 1,
                    Step = 0.1,
                }
            },
            {
                ".high",
                new()
                {
                    Low = 1,
                    High = 1e9,
                    Step = 1e8,
                }
            },
            {
                ".step",
                new()
                {
                    Low = 1,
                    High = 2,
                    Step = 0,
                }
            },
            {
                ".step",
                new()
                {
                    Low = 1,
                    High = 2,
                    Step = 5,
                }
            },
            {
                "",
                new() { Low = 1, High = 2 }
            },
            {
                "",
                new()
                {
                    Values = [Sample.Json(1)],
                    Low = 1,
                    High = 2,
                }
            },
            {
                ".values",
                new() { Values = [] }
            },
            { ".values[1]", Sample.Values(1, 1.0) },
        };

    [Theory]
    [MemberData(nameof(BadRanges), DisableDiscoveryEnumeration = true)]
    public void Bad_ranges_are_refused_where_they_are_bad(string where, SpaceParameter parameter) =>
        Paths(_good with { Space = Sample.Space("sqs.tau", parameter) }).ShouldContain($"space.sqs.tau{where}");

    [Fact]
    public void A_logarithmic_range_needs_a_low_end_above_0_and_no_step()
    {
        var random = _good with
        {
            Strategy = new() { Kind = StrategyKind.Random, Trials = 4 },
        };
        Paths(
                random with
                {
                    Space = Sample.Space(
                        "sqs.alpha",
                        new()
                        {
                            Low = 0,
                            High = 1,
                            Log = true,
                        }
                    ),
                }
            )
            .ShouldBe(["space.sqs.alpha.low"]);
        Paths(
                random with
                {
                    Space = Sample.Space(
                        "sqs.alpha",
                        new()
                        {
                            Low = 0.1,
                            High = 1,
                            Log = true,
                            Step = 0.1,
                        }
                    ),
                }
            )
            .ShouldBe(["space.sqs.alpha.step"]);
        Paths(random with { Space = Sample.Space("training.epochs", new() { Low = 0.5, High = 9 }) })
            .ShouldBe(["space.training.epochs.low"]);
        Paths(random with { Space = Sample.Space("sqs.normalize", new() { Low = 0, High = 1 }) })
            .ShouldBe(["space.sqs.normalize"]);
    }

    [Fact]
    public void Strategies_say_what_they_need()
    {
        Paths(_good with { Strategy = new() { Kind = StrategyKind.Random } }).ShouldBe(["strategy.trials"]);
        Paths(
                _good with
                {
                    Strategy = new() { Kind = StrategyKind.Random, Trials = 0 },
                }
            )
            .ShouldBe(["strategy.trials"]);
        Paths(
                _good with
                {
                    Strategy = new() { Kind = StrategyKind.Random, Trials = 3 },
                }
            )
            .ShouldBe(["strategy.trials"]);
        Paths(
                _good with
                {
                    Strategy = new() { Kind = StrategyKind.Grid, Trials = 3 },
                }
            )
            .ShouldBe(["strategy.trials"]);
        Paths(
                _good with
                {
                    Strategy = new() { Kind = StrategyKind.Grid, Seed = -1 },
                }
            )
            .ShouldBe(["strategy.seed"]);
        Paths(_good with { Strategy = new() { Kind = StrategyKind.List } })
            .ShouldBe(["space", "strategy.configurations"]);
        Paths(_good with { Strategy = new() { Configurations = [] } }).ShouldBe(["strategy.configurations"]);
        Paths(
                new SweepSpec
                {
                    Strategy = new() { Kind = StrategyKind.Random, Trials = 3 },
                }
            )
            .ShouldBe(["space"]);
        Paths(new SweepSpec { Strategy = new() { Kind = StrategyKind.Grid } }).ShouldBeEmpty();
    }

    [Fact]
    public void Each_configuration_of_a_list_is_checked()
    {
        var spec = new SweepSpec
        {
            Strategy = new()
            {
                Kind = StrategyKind.List,
                Configurations =
                [
                    Sample.Assignment(("sqs.tau", 0.5)),
                    Sample.Assignment(("sqs.tau", 0), ("model.nam", "x")),
                    Sample.Assignment(("model", new { name = "resnet18" }), ("model.name", "resnet18")),
                    Sample.Assignment(("training.learningRate", 1e-7)),
                ],
            },
        };
        Paths(spec)
            .ShouldBe([
                "strategy.configurations[1].model.nam",
                "strategy.configurations[2].model.name",
                "strategy.configurations[3].training.learningRate",
            ]);
        Paths(
                new SweepSpec
                {
                    Strategy = new()
                    {
                        Kind = StrategyKind.List,
                        Configurations = [Sample.Assignment(), Sample.Assignment()],
                    },
                }
            )
            .ShouldBe(["strategy.configurations[1]"]);
    }

    [Fact]
    public void A_sweep_of_too_many_trials_is_refused_with_the_sum()
    {
        var spec = _good with
        {
            Strategy = new() { Kind = StrategyKind.Grid },
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.alpha"] = new()
                {
                    Low = 0,
                    High = 1,
                    Step = 0.01,
                },
                ["sqs.beta"] = new()
                {
                    Low = 0,
                    High = 1,
                    Step = 0.01,
                },
            },
        };
        ShouldRefuse(spec, "space").ShouldContain("10,201 configurations x 2 seeds = 20,402 trials");
    }

    [Fact]
    public void Every_dataset_that_the_sweep_names_must_be_registered()
    {
        _good.Validate(FindSynthetic).ShouldBeEmpty();
        (_good with { Dataset = "rafdb", Space = Sample.Space("dataset", Sample.Values("synthetic", "ferplus")) })
            .Validate(FindSynthetic)
            .Select(e => e.Path)
            .ShouldBe(["dataset", "space.dataset.values[1]"]);
        var listed = new SweepSpec
        {
            Strategy = new()
            {
                Kind = StrategyKind.List,
                Configurations = [Sample.Assignment(), Sample.Assignment(("dataset", "affectnet"))],
            },
        };
        listed.Validate(FindSynthetic).Select(e => e.Path).ShouldBe(["strategy.configurations[1].dataset"]);
    }

    [Theory]
    [InlineData("val/accuracy", Goal.Minimize, "objective.goal")]
    [InlineData("val/loss", Goal.Maximize, "objective.goal")]
    [InlineData("test/accuracy", Goal.Maximize, "objective.metric")]
    [InlineData("val/acuracy", Goal.Maximize, "objective.metric")]
    [InlineData("val/f1/", Goal.Maximize, "objective.metric")]
    [InlineData("", Goal.Maximize, "objective.metric")]
    public void An_objective_is_a_known_metric_in_its_own_direction(string metric, Goal goal, string path) =>
        ShouldRefuse(
            _good with
            {
                Objective = new() { Metric = metric, Goal = goal },
            },
            path
        );

    [Fact]
    public void The_objective_may_be_one_class_of_the_dataset()
    {
        (_good with { Objective = new() { Metric = "val/f1/fear" } }).Validate(FindSynthetic).ShouldBeEmpty();
        var error = (_good with { Objective = new() { Metric = "val/f1/Fear" } })
            .Validate(FindSynthetic)
            .ShouldHaveSingleItem();
        error.Path.ShouldBe("objective.metric");
        error.Message.ShouldContain("did you mean \"fear\"?");
    }

    private static DatasetInfo? FindSynthetic(string name) =>
        name != "synthetic"
            ? null
            : new()
            {
                Name = name,
                Kind = name,
                Classes = ExpressionNames.Canonical,
                Width = 64,
                Height = 64,
                Channels = 3,
                Counts = new Dictionary<DatasetSplit, IReadOnlyList<int>>(),
            };

    [Fact]
    public void Batches_too_small_for_quads_are_refused_where_quads_are_made_within_them()
    {
        var small = _good with { Training = new() { BatchSize = 3 } };
        ShouldRefuse(small, "training.batchSize").ShouldContain("explicit");
        foreach (
            var training in new TrainingSpec[]
            {
                new() { BatchSize = 4 },
                new() { BatchSize = 3, Quads = QuadMode.Explicit },
                new() { BatchSize = 3, Sampling = Sampling.Weighted },
            }
        )
            (small with { Training = training }).Validate().ShouldBeEmpty();
        (small with { Model = new() { SqsModule = false } }).Validate().ShouldBeEmpty();
        (small with { Model = new() { Name = "efficientnet_b0" } }).Validate().ShouldBeEmpty();
    }

    [Fact]
    public void Heads_must_divide_the_width() =>
        ShouldRefuse(
            _good with
            {
                Model = new ModelSpec
                {
                    Width = 64,
                    Fusion = new() { Heads = 5 },
                },
            },
            "model.fusion.heads"
        );

    private static string[] Paths(SweepSpec spec) =>
        [.. spec.Validate().Select(e => e.Path).Order(StringComparer.Ordinal)];

    private static string ShouldRefuse(SweepSpec spec, string path)
    {
        var errors = spec.Validate();
        errors.Select(e => e.Path).ShouldBe([path]);
        errors[0].Message.ShouldNotBeNullOrWhiteSpace();
        return errors[0].Message;
    }
}
