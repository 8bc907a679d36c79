using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Samplers;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Sweeps.Samplers;

public class SamplerTests
{
    private static readonly Dictionary<string, SpaceParameter> _mixed = new()
    {
        ["sqs.tau"] = new()
        {
            Low = 0.1,
            High = 10,
            Log = true,
        },
        ["sqs.lambda"] = new()
        {
            Low = 0.1,
            High = 1,
            Step = 0.1,
        },
        ["training.epochs"] = new() { Low = 5, High = 50 },
        ["training.batchSize"] = new()
        {
            Low = 8,
            High = 64,
            Log = true,
        },
        ["sqs.normalize"] = Sample.Values("l2", "meanSquare"),
        ["sqs.gamma"] = new() { Low = 0, High = 1 },
    };

    private static readonly Dictionary<string, SpaceParameter> _conditional = new()
    {
        ["model.fusion.kind"] = Sample.Values("concat", "crossAttention"),
        ["model.fusion.heads"] = Sample.Values(1, 4) with
        {
            When = new Dictionary<string, IReadOnlyList<JsonElement>>
            {
                ["model.fusion.kind"] = [Sample.Json("crossAttention")],
            },
        },
        ["sqs.tau"] = Sample.Values(1, 2),
    };

    [Fact]
    public void One_at_a_time_starts_with_the_defaults_and_does_not_repeat_them()
    {
        var spec = Sample.Sweep() with
        {
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.tau"] = Sample.Values(0.1, 1, 2),
                ["sqs.beta"] = new()
                {
                    Low = 0.25,
                    High = 1,
                    Step = 0.25,
                },
            },
        };
        SweepPlan
            .Preview(spec)
            .Select(Assignments.Describe)
            .ShouldBe(["defaults", "sqs.tau=0.1", "sqs.tau=2", "sqs.beta=0.25", "sqs.beta=0.75", "sqs.beta=1"]);
        SweepPlan.CountTrials(spec with { Seeds = [0, 1, 2] }).ShouldBe(18);
    }

    [Fact]
    public void Grid_makes_every_combination_once_with_the_last_parameter_fastest()
    {
        var spec = Sample.Sweep() with
        {
            Strategy = new() { Kind = StrategyKind.Grid },
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.tau"] = Sample.Values(0.5, 2),
                ["training.quads"] = Sample.Values("inBatch", "explicit"),
                ["sqs.alpha"] = new()
                {
                    Low = 0.1,
                    High = 0.3,
                    Step = 0.1,
                },
            },
        };
        var made = SweepPlan.Preview(spec).Select(Assignments.Describe).ToList();
        made.Count.ShouldBe(12);
        made.Distinct().Count().ShouldBe(12);
        made[0].ShouldBe("sqs.tau=0.5, training.quads=inBatch, sqs.alpha=0.1");
        made[2].ShouldBe("sqs.tau=0.5, training.quads=inBatch, sqs.alpha=0.3");
        made[3].ShouldBe("sqs.tau=0.5, training.quads=explicit, sqs.alpha=0.1");
    }

    [Theory]
    [InlineData(StrategyKind.Random)]
    [InlineData(StrategyKind.Sobol)]
    [InlineData(StrategyKind.Tpe)]
    [InlineData(StrategyKind.Gp)]
    public void Proposals_lie_in_the_space_and_are_valid_trials(StrategyKind kind)
    {
        var spec = Spec(kind, 60, seed: 7);
        spec.Validate().ShouldBeEmpty();
        foreach (var (assignment, _) in Run(spec))
        {
            SpecPath.Trial(spec, assignment, seed: 0).Validate().ShouldBeEmpty();
            assignment["sqs.tau"].GetDouble().ShouldBeInRange(0.1, 10);
            assignment["training.epochs"].GetInt32().ShouldBeInRange(5, 50);
            assignment["training.batchSize"].GetInt32().ShouldBeInRange(8, 64);
            var steps = assignment["sqs.lambda"].GetDouble() * 10;
            steps.ShouldBe(Math.Round(steps), 1e-9);
        }
    }

    [Theory]
    [InlineData(StrategyKind.Random)]
    [InlineData(StrategyKind.Sobol)]
    [InlineData(StrategyKind.Tpe)]
    [InlineData(StrategyKind.Gp)]
    public void The_same_seed_and_history_propose_the_same_and_another_seed_others(StrategyKind kind)
    {
        var first = Run(Spec(kind, 20, seed: 1)).Select(r => Assignments.Describe(r.Assignment)).ToList();
        Run(Spec(kind, 20, seed: 1)).Select(r => Assignments.Describe(r.Assignment)).ShouldBe(first);
        Run(Spec(kind, 20, seed: 2)).Select(r => Assignments.Describe(r.Assignment)).ShouldNotBe(first);
    }

    [Theory]
    [InlineData(StrategyKind.Random)]
    [InlineData(StrategyKind.Sobol)]
    [InlineData(StrategyKind.Tpe)]
    [InlineData(StrategyKind.Gp)]
    public void A_small_finite_space_is_sampled_without_repeats(StrategyKind kind)
    {
        var spec = Spec(kind, 16, seed: 3) with
        {
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.tau"] = Sample.Values(0.1, 0.5, 1, 2),
                ["sqs.lambda"] = new()
                {
                    Low = 0.2,
                    High = 1,
                    Step = 0.2,
                },
            },
        };
        spec.Validate().ShouldBeEmpty();
        Run(spec).Select(r => Assignments.Describe(r.Assignment)).Distinct().Count().ShouldBe(16);
    }

    [Fact]
    public void Every_value_of_a_dimension_is_equally_likely_on_its_own_scale()
    {
        var rng = new Rng(1, "scale");
        var log = new RangeDimension("sqs.tau", 0.01, 100, Log: true, Step: null, Whole: false);
        var values = Enumerable.Range(0, 4_000).Select(_ => log.FromUnit(rng.NextDouble()).GetDouble()).ToList();
        ((double)values.Count(v => v < 1)).ShouldBe(2_000, 5 * Math.Sqrt(1_000));
        var whole = new RangeDimension("training.epochs", 1, 4, Log: false, Step: 1, Whole: true);
        var counts = Enumerable
            .Range(0, 4_000)
            .Select(_ => whole.FromUnit(rng.NextDouble()).GetInt32())
            .CountBy(v => v);
        foreach (var (value, count) in counts)
        {
            value.ShouldBeInRange(1, 4);
            ((double)count).ShouldBe(1_000, 5 * Math.Sqrt(750));
        }
    }

    [Fact]
    public void A_grid_of_steps_holds_clean_numbers_up_to_its_end() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<PositiveInt>().Filter(n => n.Get < 200),
                ArbMap.Default.ArbFor<PositiveInt>().Filter(n => n.Get < 50),
                (steps, hundredths) =>
                {
                    var step = hundredths.Get / 100.0;
                    var range = new RangeDimension(
                        "sqs.tau",
                        step,
                        (double)((decimal)step * (steps.Get + 1)),
                        false,
                        step,
                        false
                    );
                    range.Count.ShouldBe(steps.Get + 1);
                    for (var i = 0; i < range.Count; i++)
                        ((decimal)range.Value(i).GetDouble()).ShouldBe((decimal)step * (i + 1));
                }
            )
            .QuickCheckThrowOnFailure();

    // The first points of the sequence in Joe and Kuo's own files.
    [Fact]
    public void Plain_sobol_points_are_those_of_joe_and_kuo()
    {
        var sequence = new SobolSequence(6, scramble: null);
        sequence.Point(0).ShouldBe([0, 0, 0, 0, 0, 0]);
        sequence.Point(1).ShouldBe([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
        sequence.Point(2).ShouldBe([0.75, 0.25, 0.25, 0.25, 0.75, 0.75]);
        sequence.Point(4).ShouldBe([0.375, 0.375, 0.625, 0.875, 0.375, 0.125]);
        sequence.Point(8).ShouldBe([0.1875, 0.3125, 0.9375, 0.4375, 0.5625, 0.3125]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_dimension_of_2_to_the_m_sobol_points_falls_once_into_each_cell(bool scrambled)
    {
        const int n = 256;
        var sequence = new SobolSequence(SobolSequence.MaxDimensions, scrambled ? new Rng(5, "sobol") : null);
        var points = Enumerable.Range(0, n).Select(sequence.Point).ToList();
        for (var d = 0; d < SobolSequence.MaxDimensions; d++)
            points.Select(point => (int)(point[d] * n)).Order().ShouldBe(Enumerable.Range(0, n));
        // The first two dimensions are a net: each of the 16 x 16 cells holds one point.
        points.Select(p => ((int)(p[0] * 16), (int)(p[1] * 16))).Distinct().Count().ShouldBe(n);
    }

    [Fact]
    public void Tpe_finds_a_good_region_that_random_points_of_the_same_number_miss()
    {
        var spec = Spec(StrategyKind.Tpe, 60, seed: 0) with
        {
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.alpha"] = new() { Low = 0, High = 1 },
                ["sqs.beta"] = new() { Low = 0, High = 1 },
                ["sqs.gamma"] = new() { Low = 0, High = 1 },
                ["sqs.margin"] = new() { Low = 0, High = 1 },
            },
        };
        static double Score(IReadOnlyDictionary<string, JsonElement> a) =>
            -a.Values.Sum(v => Math.Pow(v.GetDouble() - 0.3, 2));
        double Best(StrategyKind kind, int seed) =>
            Run(
                    spec with
                    {
                        Strategy = new()
                        {
                            Kind = kind,
                            Trials = 60,
                            Seed = seed,
                        },
                    },
                    Score
                )
                .Max(r => r.Value);
        var better = Enumerable
            .Range(0, 10)
            .Count(seed => Best(StrategyKind.Tpe, seed) > Best(StrategyKind.Random, seed));
        better.ShouldBeGreaterThanOrEqualTo(9);
    }

    [Fact]
    public void Tpe_keeps_away_from_configurations_that_still_train()
    {
        var spec = Spec(StrategyKind.Tpe, 60, seed: 0) with
        {
            Space = Sample.Space("sqs.alpha", new() { Low = 0, High = 1 }),
        };
        var sampler = SamplerRegistry.Create(spec);
        var history = Enumerable
            .Range(0, 20)
            .Select(i => new Observation(
                Sample.Assignment(("sqs.alpha", i / 19.0)),
                -Math.Pow((i / 19.0) - 0.5, 2),
                false
            ))
            .ToList();
        double Proposed(List<Observation> past) =>
            sampler.Propose(past.Count, past, new Rng(0, "x"))!.Assignment["sqs.alpha"].GetDouble();
        var alone = Proposed(history);
        List<Observation> crowded =
        [
            .. history,
            .. Enumerable.Range(0, 8).Select(_ => new Observation(Sample.Assignment(("sqs.alpha", alone)), null, true)),
        ];
        Math.Abs(Proposed(crowded) - alone).ShouldBeGreaterThan(0.02);
    }

    [Fact]
    public void A_shuffled_grid_has_the_same_points_in_an_order_of_its_seed()
    {
        SweepSpec Grid(bool shuffle, int seed) =>
            Sample.Sweep() with
            {
                Strategy = new()
                {
                    Kind = StrategyKind.Grid,
                    Shuffle = shuffle,
                    Seed = seed,
                },
                Space = new Dictionary<string, SpaceParameter>
                {
                    ["sqs.tau"] = Sample.Values(0.5, 1, 2, 4),
                    ["sqs.alpha"] = Sample.Values(0.1, 0.2, 0.3),
                },
            };
        List<string> Made(SweepSpec spec) => [.. SweepPlan.Preview(spec).Select(Assignments.Describe)];
        var plain = Made(Grid(shuffle: false, seed: 1));
        var shuffled = Made(Grid(shuffle: true, seed: 1));
        shuffled.ShouldNotBe(plain);
        shuffled.Order().ShouldBe(plain.Order());
        Made(Grid(shuffle: true, seed: 1)).ShouldBe(shuffled);
        Made(Grid(shuffle: true, seed: 2)).ShouldNotBe(shuffled);
    }

    [Fact]
    public void A_grid_makes_each_configuration_of_a_space_with_conditions_once()
    {
        var spec = Sample.Sweep() with
        {
            Strategy = new() { Kind = StrategyKind.Grid },
            Space = _conditional,
        };
        spec.Validate().ShouldBeEmpty();
        SweepPlan
            .Preview(spec)
            .Select(Assignments.Describe)
            .ShouldBe([
                "model.fusion.kind=concat, sqs.tau=1",
                "model.fusion.kind=concat, sqs.tau=2",
                "model.fusion.kind=crossAttention, model.fusion.heads=1, sqs.tau=1",
                "model.fusion.kind=crossAttention, model.fusion.heads=1, sqs.tau=2",
                "model.fusion.kind=crossAttention, model.fusion.heads=4, sqs.tau=1",
                "model.fusion.kind=crossAttention, model.fusion.heads=4, sqs.tau=2",
            ]);
    }

    [Theory]
    [InlineData(StrategyKind.Random)]
    [InlineData(StrategyKind.Sobol)]
    [InlineData(StrategyKind.Tpe)]
    [InlineData(StrategyKind.Gp)]
    public void A_parameter_varies_exactly_where_its_condition_holds(StrategyKind kind)
    {
        var spec = Spec(kind, 40, seed: 1) with
        {
            Space = new Dictionary<string, SpaceParameter>(_conditional)
            {
                ["sqs.lambda"] = new() { Low = 0, High = 1 },
            },
        };
        spec.Validate().ShouldBeEmpty();
        var made = Run(spec, a => a["sqs.lambda"].GetDouble() + (a.ContainsKey("model.fusion.heads") ? 0.1 : 0));
        made.ShouldAllBe(r =>
            r.Assignment.ContainsKey("model.fusion.heads")
            == (r.Assignment["model.fusion.kind"].GetString() == "crossAttention")
        );
        made.Count(r => r.Assignment.Count == 4).ShouldBeInRange(5, 39);
        foreach (var (assignment, _) in made)
            SpecPath.Trial(spec, assignment, seed: 0).Validate().ShouldBeEmpty();
    }

    [Fact]
    public void Gp_finds_the_best_of_a_smooth_function_that_tpe_comes_near()
    {
        var spec = Spec(StrategyKind.Gp, 30, seed: 0) with
        {
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.alpha"] = new() { Low = 0, High = 1 },
                ["sqs.beta"] = new() { Low = 0, High = 1 },
                ["sqs.gamma"] = new() { Low = 0, High = 1 },
            },
        };
        for (var seed = 0; seed < 3; seed++)
            Run(
                    spec with
                    {
                        Strategy = spec.Strategy with { Seed = seed },
                    },
                    a => -a.Values.Sum(v => Math.Pow(v.GetDouble() - 0.3, 2))
                )
                .Max(r => r.Value)
                .ShouldBeGreaterThan(-1e-4);
    }

    [Theory]
    [InlineData(StrategyKind.Tpe, "TPE: of 48 draws", "log l/g")]
    [InlineData(StrategyKind.Gp, "Gaussian process of 12 configurations", "log EI")]
    public void A_proposal_says_by_which_numbers_it_was_chosen(StrategyKind kind, string text, string score)
    {
        var spec = Spec(kind, 13, seed: 0);
        var sampler = SamplerRegistry.Create(spec);
        var history = Run(spec).ConvertAll(r => new Observation(r.Assignment, r.Value, false));
        sampler.Propose(0, [], SamplerRegistry.Stream(spec, 0))!.Reason.Text.ShouldBe("Sobol point 1.");
        var reason = sampler.Propose(12, history[..12], SamplerRegistry.Stream(spec, 12))!.Reason;
        reason.Text.ShouldStartWith(text);
        double.IsFinite(reason.Scores[score]).ShouldBeTrue();
    }

    [Fact]
    public void The_recipe_tunes_lambda_then_margin_then_alpha_then_beta_each_from_the_best_so_far()
    {
        var spec = Sample.Sweep() with
        {
            Space = new Dictionary<string, SpaceParameter>(),
            Strategy = new() { Kind = StrategyKind.Recipe },
        };
        spec.Validate().ShouldBeEmpty();
        SweepPlan.CountConfigurations(spec).ShouldBe(1 + 4 + 4 + 3 + 3);
        // Best at λ = 0.7, m = 0.3, α = 1 (the default), β = 0.3, and every step towards them helps.
        static double Score(IReadOnlyDictionary<string, JsonElement> a)
        {
            double At(string path, double own) => a.TryGetValue(path, out var value) ? value.GetDouble() : own;
            return -Math.Abs(At("sqs.lambda", 0.5) - 0.7)
                - Math.Abs(At("sqs.margin", 0.5) - 0.3)
                - Math.Abs(At("sqs.alpha", 1) - 1)
                - Math.Abs(At("sqs.beta", 0.5) - 0.3);
        }
        var made = Run(spec, Score).ConvertAll(r => Assignments.Describe(r.Assignment));
        made[..6]
            .ShouldBe([
                "defaults",
                "sqs.lambda=0.1",
                "sqs.lambda=0.3",
                "sqs.lambda=0.7",
                "sqs.lambda=1",
                "sqs.lambda=0.7, sqs.margin=0.2",
            ]);
        made[9].ShouldBe("sqs.lambda=0.7, sqs.margin=0.3, sqs.alpha=0.5");
        made[12].ShouldBe("sqs.lambda=0.7, sqs.margin=0.3, sqs.beta=0.3");
        made.Distinct().Count().ShouldBe(15);
    }

    [Fact]
    public void The_recipe_waits_for_a_step_to_end_before_the_next_begins()
    {
        var spec = Sample.Sweep() with
        {
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.margin"] = Sample.Values(0.3, 0.5),
                ["sqs.lambda"] = Sample.Values(0.3, 0.5),
            },
            Strategy = new() { Kind = StrategyKind.Recipe },
        };
        var sampler = SamplerRegistry.Create(spec);
        Proposal? Ask(int index, params Observation[] history) =>
            sampler.Propose(index, history, SamplerRegistry.Stream(spec, index));
        Observation Seen(Proposal proposal, double? value) => new(proposal.Assignment, value, Pending: value is null);
        var own = Ask(0)!;
        var lambda = Ask(1, Seen(own, null))!;
        Assignments.Describe(lambda.Assignment).ShouldBe("sqs.lambda=0.3");
        Ask(2, Seen(own, 0.5), Seen(lambda, null)).ShouldBeNull();
        var margin = Ask(2, Seen(own, 0.5), Seen(lambda, 0.6))!;
        Assignments.Describe(margin.Assignment).ShouldBe("sqs.lambda=0.3, sqs.margin=0.3");
        margin.Reason.Text.ShouldBe("Recipe, step 2 of 2: sqs.margin = 0.3, from sqs.lambda=0.3, the best so far.");
        Assignments.Describe(Ask(2, Seen(own, 0.5), Seen(lambda, 0.4))!.Assignment).ShouldBe("sqs.margin=0.3");
    }

    [Fact]
    public void Ablation_switches_off_each_part_that_is_on()
    {
        var spec = new SweepSpec { Strategy = new() { Kind = StrategyKind.Ablation } };
        spec.Validate().ShouldBeEmpty();
        SweepPlan
            .Preview(spec)
            .Select(a => Ablation.Label(spec, a))
            .ShouldBe(["full", "w/o SQS", "w/o CNN", "w/o Transformer", "w/o distillation", "w/o mixing"]);
        var trials = SweepPlan.Preview(spec).Select(a => SpecPath.Trial(spec, a, 0)).ToList();
        trials.ShouldAllBe(trial => trial.Validate().Count == 0);
        trials[1].Model.SqsModule.ShouldBeFalse();
        trials[2].Model.Name.ShouldStartWith("swin");
        trials[3].Model.Name.ShouldStartWith("efficientnet");
        trials[2].Model.ImageSize.ShouldBe(trials[3].Model.ImageSize);

        var bare = spec with
        {
            Model = new() { SqsModule = false },
            Training = new() { MixProbability = 0 },
        };
        SweepPlan.Preview(bare).Select(a => Ablation.Label(bare, a)).ShouldBe(["full", "w/o CNN", "w/o Transformer"]);
    }

    [Fact]
    public void Ablation_in_pairs_leaves_out_two_parts_together_where_neither_contains_the_other()
    {
        var single = new SweepSpec { Strategy = new() { Kind = StrategyKind.Ablation } };
        var spec = single with { Strategy = single.Strategy with { Pairs = true } };
        spec.Validate().ShouldBeEmpty();
        SweepPlan
            .Preview(spec)
            .Skip(SweepPlan.CountConfigurations(single))
            .Select(a => Ablation.Label(spec, a))
            .ShouldBe([
                "w/o SQS, w/o mixing",
                "w/o CNN, w/o mixing",
                "w/o Transformer, w/o mixing",
                "w/o distillation, w/o mixing",
            ]);
        Ablation.MissingPairs(single).ShouldBe(4);
        Ablation.MissingPairs(spec).ShouldBe(0);

        var named = spec with
        {
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.gamma"] = Sample.Values(0),
                ["sqs.lambda"] = Sample.Values(0, 1),
            },
        };
        SweepPlan
            .Preview(named)
            .Skip(4)
            .Select(Assignments.Describe)
            .ShouldBe(["sqs.gamma=0, sqs.lambda=0", "sqs.gamma=0, sqs.lambda=1"]);
    }

    [Fact]
    public void Ablation_of_a_single_backbone_names_its_parts_in_the_space()
    {
        var spec = new SweepSpec
        {
            Model = new() { Name = "efficientnet_b0" },
            Training = new() { MixProbability = 0 },
            Strategy = new() { Kind = StrategyKind.Ablation },
        };
        spec.Validate().Select(e => e.Path).ShouldBe(["strategy.kind"]);
        var named = spec with { Space = Sample.Space("training.randomErasing", Sample.Values(0)) };
        named.Validate().ShouldBeEmpty();
        SweepPlan.Preview(named).Select(a => Ablation.Label(named, a)).ShouldBe(["full", "training.randomErasing=0"]);
    }

    private static SweepSpec Spec(StrategyKind kind, int trials, int seed) =>
        Sample.Sweep() with
        {
            Space = _mixed,
            Strategy = new()
            {
                Kind = kind,
                Trials = trials,
                Seed = seed,
            },
        };

    private static List<(IReadOnlyDictionary<string, JsonElement> Assignment, double Value)> Run(
        SweepSpec spec,
        Func<IReadOnlyDictionary<string, JsonElement>, double>? score = null
    )
    {
        var sampler = SamplerRegistry.Create(spec);
        var results = new List<(IReadOnlyDictionary<string, JsonElement>, double)>();
        var history = new List<Observation>();
        for (var i = 0; i < sampler.Count; i++)
        {
            var proposed = sampler.Propose(i, history, SamplerRegistry.Stream(spec, i))!.Assignment;
            var value = score?.Invoke(proposed) ?? -Math.Abs(proposed.Values.First().GetDouble() - 0.7);
            history.Add(new(proposed, value, Pending: false));
            results.Add((proposed, value));
        }
        return results;
    }
}
