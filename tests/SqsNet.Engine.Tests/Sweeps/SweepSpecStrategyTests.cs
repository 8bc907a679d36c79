using System.Text.Json;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Sweeps;

/// <summary>What strategies, conditions and pruners are refused for, and in which words.</summary>
public class SweepSpecStrategyTests
{
    private static readonly SweepSpec _halving = Sample.Sweep() with
    {
        Pruner = new() { Kind = PrunerKind.SuccessiveHalving },
    };

    [Theory]
    [InlineData(StrategyKind.Gp)]
    [InlineData(StrategyKind.Tpe)]
    public void A_strategy_that_goes_on_needs_a_number(StrategyKind kind) =>
        Problem(Sample.Sweep() with { Strategy = new() { Kind = kind } })
            .ShouldBe(("strategy.trials", $"is required for {SweepSpecJson.Word(kind)}: the number of configurations"));

    [Fact]
    public void The_recipe_needs_values_to_try_and_no_number()
    {
        var range = Sample.Space("sqs.tau", new() { Low = 0.1, High = 1 });
        var recipe = Sample.Sweep() with { Strategy = new() { Kind = StrategyKind.Recipe } };
        recipe.Validate().ShouldBeEmpty();
        Problem(recipe with { Space = range }).Path.ShouldBe("space.sqs.tau");
        Problem(recipe with { Strategy = recipe.Strategy with { Trials = 5 } }).Path.ShouldBe("strategy.trials");
    }

    [Fact]
    public void The_recipe_does_not_go_with_trials_that_wait_for_each_other()
    {
        var recipe = Sample.Sweep() with { Strategy = new() { Kind = StrategyKind.Recipe } };
        var (path, message) = Problem(recipe with { Pruner = new() { Kind = PrunerKind.Asha } });
        path.ShouldBe("pruner.kind");
        message.ShouldStartWith("does not go with the strategy recipe");
        message.ShouldEndWith("take successiveHalving");
    }

    [Fact]
    public void Only_a_grid_is_shuffled() =>
        Problem(Sample.Sweep() with { Strategy = new() { Shuffle = true } })
            .ShouldBe(("strategy.shuffle", "belongs to grid; the strategy is oneAtATime"));

    [Fact]
    public void Only_an_ablation_comes_in_pairs() =>
        Problem(Sample.Sweep() with { Strategy = new() { Pairs = true } })
            .ShouldBe(("strategy.pairs", "belongs to ablation; the strategy is oneAtATime"));

    [Theory]
    [InlineData("nothing", "names \"nothing\", which does not stand before it in the space")]
    [InlineData("sqs.tau", "names \"sqs.tau\", which does not stand before it in the space")]
    [InlineData("sqs.alpha", "can never hold: \"sqs.alpha\" is never 7")]
    [InlineData("sqs.beta", "names \"sqs.beta\", which has a range; a condition needs listed values")]
    public void A_condition_names_a_value_that_an_earlier_parameter_may_take(string path, string message)
    {
        var spec = Sample.Sweep() with
        {
            Strategy = new() { Kind = StrategyKind.Random, Trials = 3 },
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.alpha"] = Sample.Values(0.5, 1),
                ["sqs.beta"] = new() { Low = 0, High = 1 },
                ["sqs.tau"] = new()
                {
                    Low = 0.5,
                    High = 1,
                    When = When(path, 7),
                },
            },
        };
        Problem(spec).ShouldBe(("space.sqs.tau.when", message));
    }

    [Fact]
    public void A_strategy_that_changes_one_parameter_at_a_time_takes_no_conditions()
    {
        var spec = Sample.Sweep() with
        {
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.alpha"] = Sample.Values(0.5, 1),
                ["sqs.tau"] = Sample.Values(0.5, 1) with { When = When("sqs.alpha", 0.5) },
            },
        };
        Problem(spec)
            .ShouldBe(("space.sqs.tau.when", "does not go with oneAtATime, which changes one parameter at a time"));
    }

    [Fact]
    public void A_condition_reads_from_json_and_writes_back()
    {
        const string json = """
            { "space": { "sqs.alpha": { "values": [0.5, 1] },
                         "sqs.tau": { "values": [0.5, 2], "when": { "sqs.alpha": [0.5] } } },
              "strategy": { "kind": "grid" } }
            """;
        var spec = SweepSpecJson.Parse(json);
        spec.Validate().ShouldBeEmpty();
        SweepPlan.CountConfigurations(SweepSpecJson.Parse(SweepSpecJson.Serialize(spec))).ShouldBe(3);
    }

    public static TheoryData<string, PrunerSpec> AbsurdPruners =>
        new()
        {
            {
                "pruner.factor",
                new() { Kind = PrunerKind.SuccessiveHalving, Factor = 1 }
            },
            {
                "pruner.minEpochs",
                new() { Kind = PrunerKind.Hyperband, MinEpochs = 51 }
            },
            {
                "pruner.startTrials",
                new() { Kind = PrunerKind.Median, StartTrials = 0 }
            },
            {
                "pruner.warmupEpochs",
                new() { Kind = PrunerKind.Median, WarmupEpochs = -1 }
            },
            {
                "pruner.interval",
                new() { Kind = PrunerKind.Percentile, Interval = 0 }
            },
            {
                "pruner.percentile",
                new() { Kind = PrunerKind.Percentile, Percentile = 100 }
            },
            {
                "pruner.percentile",
                new() { Kind = PrunerKind.Median, Percentile = 25 }
            },
            {
                "pruner.factor",
                new() { Factor = 3 }
            },
            {
                "pruner.startTrials",
                new() { Kind = PrunerKind.Hyperband, StartTrials = 5 }
            },
        };

    [Theory]
    [MemberData(nameof(AbsurdPruners))]
    public void A_pruners_option_lies_in_its_range_and_belongs_to_its_rule(string path, PrunerSpec pruner) =>
        Problem(Sample.Sweep() with { Pruner = pruner }).Path.ShouldBe(path);

    [Fact]
    public void An_option_of_another_rule_is_named_with_the_rule() =>
        Problem(_halving with { Pruner = _halving.Pruner with { Percentile = 5 } })
            .ShouldBe(("pruner.percentile", "does not go with successiveHalving; leave it out"));

    [Theory]
    [InlineData(PrunerKind.None)]
    [InlineData(PrunerKind.Median)]
    [InlineData(PrunerKind.Percentile)]
    [InlineData(PrunerKind.SuccessiveHalving)]
    [InlineData(PrunerKind.Hyperband)]
    public void Every_rule_stands_with_its_defaults(PrunerKind kind) =>
        (Sample.Sweep() with { Pruner = new() { Kind = kind } }).Validate().ShouldBeEmpty();

    private static Dictionary<string, IReadOnlyList<JsonElement>> When(string path, object value) =>
        new() { [path] = [Sample.Json(value)] };

    private static (string Path, string Message) Problem(SweepSpec spec)
    {
        var error = spec.Validate().ShouldHaveSingleItem();
        return (error.Path, error.Message);
    }
}
