using System.Text.Json;
using SqsNet.Engine.Events;
using SqsNet.Engine.Reports;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Samplers;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Reports;

public class ReportTests
{
    [Fact]
    public void Sensitivity_has_a_row_for_each_value_with_mean_spread_interval_and_trials()
    {
        var input = SampleSweep.Of(
            Sample.Sweep(0, 1, 2) with
            {
                Space = Sample.Space("sqs.tau", Sample.Values(0.5, 1, 2)),
            },
            (configuration, seed) => (configuration == 1 ? 0.9 : 0.8) + (0.01 * seed)
        );
        var table = ReportRegistry.Create("sensitivity", input);
        Shown(table, "value").ShouldBe(["0.5", "1", "2"]);
        Shown(table, "parameter").ShouldBe(["sqs.tau", "", ""]);
        Shown(table, "val_accuracy").ShouldBe(["91.00 ± 1.00", "81.00 ± 1.00", "81.00 ± 1.00"]);
        // t(0.975; 2) = 4.303, times 1 / sqrt(3).
        Shown(table, "interval")[0].ShouldBe("88.52 to 93.48");
        Shown(table, "optimum").ShouldBe(["0.5", "", ""]);
        Shown(table, "range")[0].ShouldBe("81.00 to 91.00");
        Shown(table, "sd_of_means")[0].ShouldBe("5.77");
        table.Rows[0].TrialIds.ShouldBe([4, 5, 6]);
        table.Rows[0].Cells[2].IsBest.ShouldBeTrue();
        table.Notes.ShouldBeEmpty();
    }

    [Fact]
    public void Values_that_are_printed_alike_are_best_together()
    {
        var spec = Sample.Sweep(0, 1) with { Space = Sample.Space("sqs.tau", Sample.Values(0.5, 1, 2)) };
        // 0.900001 and 0.9 are both 90.00 per cent; 0.8999 is 89.99.
        double[] accuracies = [0.9, 0.8999, 0.900001];
        var input = SampleSweep.Of(spec, (configuration, _) => accuracies[configuration]);

        var sensitivity = ReportRegistry.Create("sensitivity", input);
        var metrics = ReportRegistry.Create("metrics", input);

        var byValue = sensitivity.Rows.Zip(Shown(sensitivity, "value"));
        string[] bold = [.. byValue.Where(row => row.First.Cells[2].IsBest).Select(row => row.Second)];
        bold.Length.ShouldBe(2);
        Shown(sensitivity, "optimum")[0].ShouldBe(string.Join(", ", bold));
        metrics.Rows.Select(row => row.Cells[1].IsBest).ShouldBe([true, false, true]);
    }

    [Fact]
    public void The_best_of_a_loss_is_the_smallest_and_is_not_shown_in_per_cent()
    {
        var spec = Sample.Sweep(0, 1) with
        {
            Objective = new() { Metric = "val/loss", Goal = Goal.Minimize },
        };
        var table = ReportRegistry.Create("sensitivity", SampleSweep.Of(spec, (c, _) => c + 1, "val/loss"));
        Shown(table, "val_loss").ShouldBe(["2.0000 ± 0.0000", "1.0000 ± 0.0000"]);
        Shown(table, "optimum")[0].ShouldBe("1");
    }

    [Theory]
    [InlineData("metrics")]
    [InlineData("ablation")]
    [InlineData("architectures")]
    public void The_best_accuracy_is_the_highest_also_where_a_loss_is_the_objective(string name)
    {
        var spec = new SweepSpec
        {
            Seeds = [0, 1],
            Objective = new() { Metric = "val/loss", Goal = Goal.Minimize },
            Strategy = new()
            {
                Kind = StrategyKind.List,
                Configurations = [Sample.Assignment(("model.name", "efficientnet_b0")), Sample.Assignment()],
            },
        };
        var table = ReportRegistry.Create(name, SampleSweep.Of(spec, (c, _) => 0.8 + (0.1 * c), "test/accuracy"));
        table.Rows.Select(row => row.Cells[1].IsBest).ShouldBe([false, true]);
    }

    [Fact]
    public void A_configuration_that_lost_seeds_to_the_pruner_does_not_compete_and_the_table_says_so()
    {
        var spec = Sample.Sweep(0, 1, 2) with { Pruner = new() { Kind = PrunerKind.Median } };
        // What is left of the first is better than the whole of the second.
        var input = SampleSweep.Of(spec, (c, seed) => c == 0 && seed == 0 ? 0.9 : 0.8);
        input = input with
        {
            Trials =
            [
                .. input.Trials.Select(trial =>
                    trial is { Configuration: 0, Spec.Seed: > 0 } ? trial with { State = TrialState.Pruned } : trial
                ),
            ],
        };
        var table = ReportRegistry.Create("metrics", input);
        table.Rows.Select(row => row.Cells[1].IsBest).ShouldBe([false, true]);
        table.Notes.ShouldContain(note => note.Contains("lost seeds to the pruner does not compete"));
        ReportRegistry.Best(input)!.Value.Group.Configuration.ShouldBe(1);
    }

    [Fact]
    public void A_configuration_competes_under_a_pruner_although_a_seed_of_it_failed()
    {
        var spec = Sample.Sweep(0, 1, 2) with { Pruner = new() { Kind = PrunerKind.Median } };
        var input = SampleSweep.Of(spec, (c, _) => c == 0 ? 0.9 : 0.8);
        input = input with
        {
            Trials =
            [
                .. input.Trials.Select(trial =>
                    trial is { Configuration: 0, Spec.Seed: 2 } ? trial with { State = TrialState.Failed } : trial
                ),
            ],
        };
        ReportRegistry.Best(input)!.Value.Group.Configuration.ShouldBe(0);
    }

    [Fact]
    public void A_value_that_is_averaged_over_configurations_competes_with_the_trials_that_a_pruner_left()
    {
        var spec = Sample.Sweep(0) with
        {
            Strategy = new() { Kind = StrategyKind.Grid },
            Pruner = new() { Kind = PrunerKind.Median },
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.tau"] = Sample.Values(0.5, 2),
                ["sqs.lambda"] = Sample.Values(0.1, 0.2),
            },
        };
        var input = SampleSweep.Of(spec, (c, _) => c / 10.0);
        input = input with
        {
            Trials =
            [
                .. input.Trials.Select(trial =>
                    trial.Configuration == 2 ? trial with { State = TrialState.Pruned } : trial
                ),
            ],
        };
        Shown(ReportRegistry.Create("sensitivity", input), "optimum")[0].ShouldBe("2");
    }

    [Fact]
    public void Trials_that_did_not_come_through_are_counted_and_never_averaged()
    {
        var input = SampleSweep.Of(Sample.Sweep(0, 1, 2), (_, seed) => seed == 2 ? 0.1 : 0.8);
        input = input with
        {
            Trials =
            [
                .. input.Trials.Select(trial =>
                    trial.Spec.Seed != 2 ? trial
                    : trial.Configuration == 0 ? trial with { State = TrialState.Failed }
                    : trial with { State = TrialState.Running }
                ),
            ],
        };
        foreach (var name in ReportRegistry.Names)
        {
            var table = ReportRegistry.Create(name, input);
            table.Notes.ShouldContain("2 of 6 trials are not in these numbers: 1 running, 1 failed.", name);
            table.Rows.SelectMany(row => row.TrialIds).ShouldNotContain(3, name);
        }
        Shown(ReportRegistry.Create("metrics", input), "val_accuracy").ShouldAllBe(cell => cell == "80.00 ± 0.00");
    }

    [Fact]
    public void A_sweep_without_trials_makes_every_table_without_an_error()
    {
        var input = SampleSweep.Of(Sample.Sweep(0, 1), (_, _) => 1);
        var waiting = input with
        {
            Trials = [.. input.Trials.Select(t => t with { State = TrialState.Waiting, Best = Empty })],
        };
        foreach (var none in new[] { input with { Trials = [] }, waiting })
        foreach (var name in ReportRegistry.Names)
        {
            var table = ReportRegistry.Create(name, none);
            table.Notes.ShouldNotBeEmpty(name);
            foreach (var format in Enum.GetValues<ReportFormat>())
                ReportRenderer.Render(table, format).ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void A_value_is_averaged_over_other_parameters_where_it_never_stands_alone_and_the_table_says_so()
    {
        var spec = Sample.Sweep(0) with
        {
            Strategy = new() { Kind = StrategyKind.Grid },
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.tau"] = Sample.Values(0.5, 2),
                ["sqs.lambda"] = Sample.Values(0.1, 0.2),
            },
        };
        var table = ReportRegistry.Create("sensitivity", SampleSweep.Of(spec, (c, _) => c / 10.0));
        Shown(table, "val_accuracy")[..2].ShouldBe(["5.00 ± 7.07", "25.00 ± 7.07"]);
        Shown(table, "n").ShouldBe(["2", "2", "2", "2"]);
        table.Notes.ShouldContain("Averaged over the values of the other parameters: sqs.tau, sqs.lambda.");
    }

    [Fact]
    public void Ablation_takes_differences_seed_by_seed_from_the_full_model()
    {
        var spec = new SweepSpec
        {
            Seeds = [0, 1, 2],
            Strategy = new() { Kind = StrategyKind.Ablation },
        };
        double[] seeds = [0.0, 0.05, 0.1];
        var table = ReportRegistry.Create(
            "ablation",
            SampleSweep.Of(spec, (c, seed) => 0.8 + seeds[seed] - (c == 0 ? 0 : 0.02) + (c == 1 ? 0.001 * seed : 0))
        );
        Shown(table, "configuration")[..2].ShouldBe(["full", "w/o SQS"]);
        Shown(table, "difference")[..2].ShouldBe(["", "-1.90"]);
        // Differences -2.0, -1.9, -1.8: t(0.975; 2) x 0.1 / sqrt(3) = 0.248. The seeds' own spread of 5 has cancelled out.
        Shown(table, "difference_interval")[1].ShouldBe("-2.15 to -1.65");
        table.Rows[0].Cells[1].IsBest.ShouldBeTrue();
    }

    [Fact]
    public void Ablation_in_pairs_says_what_two_parts_do_beyond_their_sum()
    {
        var spec = new SweepSpec
        {
            Seeds = [0, 1, 2],
            Strategy = new() { Kind = StrategyKind.Ablation, Pairs = true },
        };
        var labels = SweepPlan.Preview(spec).Select(a => Ablation.Label(spec, a)).ToList();
        var (sqs, mixing, both) = (
            labels.IndexOf("w/o SQS"),
            labels.IndexOf("w/o mixing"),
            labels.IndexOf("w/o SQS, w/o mixing")
        );
        var table = ReportRegistry.Create(
            "ablation",
            SampleSweep.Of(
                spec,
                (c, seed) =>
                    0.8
                    + (0.05 * seed)
                    - (
                        c == sqs ? 0.03
                        : c == mixing ? 0.02
                        : c == both ? 0.04 + (0.001 * (seed - 1))
                        : 0
                    )
            )
        );

        // 4 points are lost by both, 3 and 2 by each: one makes up for the other by 1.1, 1.0 and 0.9 points.
        var shown = Shown(table, "interaction");
        shown[both].ShouldBe("1.00");
        Shown(table, "interaction_interval")[both].ShouldBe("0.75 to 1.25");
        shown.Take(6).ShouldAllBe(cell => cell == "");
        table.Notes.ShouldContain(note => note.StartsWith("Interaction:"));
    }

    [Fact]
    public void Ablation_without_pairs_says_that_interactions_are_not_known()
    {
        var spec = new SweepSpec { Strategy = new() { Kind = StrategyKind.Ablation } };
        var table = ReportRegistry.Create("ablation", SampleSweep.Of(spec, (_, _) => 0.8));
        table.Columns.ShouldNotContain(column => column.Key == "interaction");
        table.Notes.ShouldContain("How parts interact is not known: 4 pairs of them have not been left out together.");
    }

    [Theory]
    [InlineData("ablation")]
    [InlineData("significance")]
    public void Differences_are_from_the_sweeps_own_values_also_where_a_grid_names_them(string name)
    {
        var spec = new SweepSpec
        {
            Seeds = [0, 1, 2],
            Strategy = new() { Kind = StrategyKind.Grid },
            Space = new Dictionary<string, SpaceParameter>
            {
                ["model.sqsModule"] = new()
                {
                    Values = [JsonSerializer.SerializeToElement(false), JsonSerializer.SerializeToElement(true)],
                },
            },
        };
        var table = ReportRegistry.Create(
            name,
            SampleSweep.Of(spec, (c, seed) => c == 1 ? 0.8 : 0.78 + (0.001 * seed))
        );
        Shown(table, "difference").ShouldContain("-1.90");
        table.Notes.ShouldNotContain(note => note.Contains("no full model"));
        if (name == "ablation")
            Shown(table, "configuration").ShouldBe(["w/o SQS", "full"]);
    }

    [Fact]
    public void Metrics_show_the_range_over_classes_and_name_the_worst()
    {
        var input = SampleSweep.Of(Sample.Sweep(0, 1), (_, _) => 0.8);
        input = input with
        {
            Trials =
            [
                .. input.Trials.Select(trial =>
                    trial with
                    {
                        Best = new Dictionary<string, double>(trial.Best)
                        {
                            ["test/accuracy"] = 0.7 + (0.1 * trial.Spec.Seed),
                            ["test/macro_f1"] = 0.6,
                            ["test/f1/Fear"] = 0.4,
                            ["test/f1/Happy"] = 0.9 + (0.02 * trial.Spec.Seed),
                        },
                    }
                ),
            ],
        };
        var table = ReportRegistry.Create("metrics", input);
        Shown(table, "test_accuracy")[0].ShouldBe("75.00 ± 7.07");
        Shown(table, "test_weighted_f1")[0].ShouldBe("–");
        Shown(table, "class_f1_range")[0].ShouldBe("40.0 to 91.0");
        Shown(table, "worst_class")[0].ShouldBe("Fear");
    }

    [Fact]
    public void Confusion_averages_shares_of_each_trial_over_seeds()
    {
        var input = SampleSweep.Of(Sample.Sweep(0, 1), (c, _) => c == 0 ? 0.9 : 0.5);
        IReadOnlyList<IReadOnlyList<int>> first =
        [
            [8, 2],
            [5, 5],
        ];
        IReadOnlyList<IReadOnlyList<int>> second =
        [
            [6, 4],
            [0, 20],
        ];
        input = input with
        {
            Confusions = new Dictionary<long, ConfusionReported>
            {
                [1] = new("val", 1, ["Happy", "Sad"], first),
                [2] = new("val", 2, ["Happy", "Sad"], second),
                [3] = new(
                    "val",
                    1,
                    ["Happy", "Sad"],
                    [
                        [0, 1],
                        [1, 0],
                    ]
                ),
            },
        };
        var table = ReportRegistry.Create("confusion", input);
        Shown(table, "class").ShouldBe(["Happy", "Sad"]);
        Shown(table, "c0").ShouldBe(["70.0 ± 14.1", "25.0 ± 35.4"]);
        Shown(table, "c1").ShouldBe(["30.0 ± 14.1", "75.0 ± 35.4"]);
        Shown(table, "faces").ShouldBe(["10", "15"]);
        table.Rows[0].TrialIds.ShouldBe([1, 2]);
        table.Notes.ShouldContain("It is the best of 2 configurations by val/accuracy.");
        ReportRegistry.Create("confusion", input with { Configuration = 1 }).Rows[0].TrialIds.ShouldBe([3]);
    }

    [Fact]
    public void Significance_pairs_by_seed_corrects_over_the_table_and_says_which_way()
    {
        var spec = Sample.Sweep(0, 1, 2, 3, 4, 5, 6, 7) with
        {
            Space = Sample.Space("sqs.tau", Sample.Values(0.5, 1, 2)),
        };
        double[] noise = [0.01, -0.02, 0.03, 0.00, -0.01, 0.02, -0.03, 0.015];
        var table = ReportRegistry.Create(
            "significance",
            SampleSweep.Of(
                spec,
                (c, seed) =>
                    0.8
                    + noise[seed]
                    + (
                        c == 1 ? 0.02 + (0.001 * seed)
                        : c == 2 ? 0.01 * ((seed % 2 * 2) - 1)
                        : 0
                    )
            )
        );
        Shown(table, "verdict").ShouldBe(["baseline", "higher", "no difference shown"]);
        Shown(table, "test")[1].ShouldBe("paired t, 8 seeds");
        Shown(table, "difference")[1].ShouldBe("2.35");
        // 2 of 2^8 sign patterns are as far out, times 2 comparisons.
        Shown(table, "p_exact_holm")[1].ShouldBe((2 * 2.0 / 256).ToString("F4"));
        table.Rows[1].TrialIds.Count.ShouldBe(16);
    }

    [Fact]
    public void Significance_refuses_what_its_seeds_cannot_show_and_says_how_many_would()
    {
        var five = SampleSweep.Of(
            Sample.Sweep(0, 1, 2, 3, 4),
            (c, seed) => 0.8 + (0.01 * seed) + (c * (0.01 + (0.001 * seed)))
        );
        var table = ReportRegistry.Create("significance", five);
        Shown(table, "p_exact_holm")[1].ShouldBe("–");
        table.Notes.ShouldContain(note => note.Contains("needs 6 shared seeds for 1 comparison."));

        var one = ReportRegistry.Create("significance", SampleSweep.Of(Sample.Sweep(0), (c, _) => c));
        Shown(one, "test")[1].ShouldBe("refused: 2 seeds needed");
        Shown(one, "verdict")[1].ShouldBe("cannot tell");
    }

    [Fact]
    public void Significance_compares_configurations_without_a_shared_seed_as_independent_samples()
    {
        var input = SampleSweep.Of(Sample.Sweep(0, 1, 2, 3), (c, seed) => 0.5 + (0.1 * c) + (0.01 * seed));
        var apart = input with
        {
            Trials = [.. input.Trials.Where(trial => trial.Spec.Seed < 2 == (trial.Configuration == 0))],
        };
        Shown(ReportRegistry.Create("significance", apart), "test")[1].ShouldBe("Welch t");
    }

    [Fact]
    public void Architectures_stand_beside_the_papers_numbers()
    {
        var spec = new SweepSpec
        {
            Seeds = [0, 1],
            Strategy = new()
            {
                Kind = StrategyKind.List,
                Configurations = [Sample.Assignment(("model.name", "efficientnet_b0")), Sample.Assignment()],
            },
        };
        var table = ReportRegistry.Create("architectures", SampleSweep.Of(spec, (c, _) => 0.5 + (0.1 * c)));
        Shown(table, "model").ShouldBe(["efficientnet_b0", "sqsnet-tiny"]);
        Shown(table, "paper").ShouldBe(["83.55", "–"]);
        table.Rows[1].Cells[1].IsBest.ShouldBeTrue();
    }

    [Fact]
    public void Comparison_ranks_our_best_by_validation_among_published_numbers()
    {
        var input = SampleSweep.Of(new SweepSpec { Dataset = "rafdb", Seeds = [0, 1, 2] }, (_, _) => 0.8);
        input = input with
        {
            Trials =
            [
                .. input.Trials.Select(trial =>
                    trial with
                    {
                        Best = new Dictionary<string, double>(trial.Best)
                        {
                            ["test/accuracy"] = 0.9 + (0.001 * trial.Spec.Seed),
                        },
                    }
                ),
            ],
        };
        var table = ReportRegistry.Create("comparison", input);
        var methods = Shown(table, "method");
        var ours = Array.FindIndex(methods, method => method.StartsWith("ours"));
        methods[ours - 1].ShouldBe("DAN (2021)");
        methods[ours + 1].ShouldBe("HALNet");
        Shown(table, "test_accuracy")[ours].ShouldBe("90.10 ± 0.10");
        table.Rows.ShouldAllBe(row => row.TrialIds.Count == (row == table.Rows[ours] ? 3 : 0));
        ReportRegistry
            .Create("comparison", SampleSweep.Of(Sample.Sweep(0), (_, _) => 1))
            .Notes.ShouldContain("No published results are known for the dataset synthetic.");
    }

    [Fact]
    public void Comparison_takes_only_what_was_trained_on_the_dataset_of_the_published_numbers()
    {
        var spec = new SweepSpec
        {
            Dataset = "rafdb",
            Seeds = [0, 1],
            Strategy = new()
            {
                Kind = StrategyKind.List,
                Configurations = [Sample.Assignment(("dataset", "synthetic")), Sample.Assignment()],
            },
        };
        var table = ReportRegistry.Create("comparison", SampleSweep.Of(spec, (c, _) => c == 0 ? 0.99 : 0.8));
        var ours = table.Rows.Single(row => row.TrialIds.Count > 0);
        ours.TrialIds.ShouldBe([3, 4]);
        table.Notes.ShouldContain("1 configurations on other datasets are left out.");
        table.Notes.ShouldNotContain(note => note.StartsWith("Ours is the best"));
    }

    [Fact]
    public void Efficiency_counts_parameters_and_shows_the_papers_beside()
    {
        var input = SampleSweep.Of(
            new SweepSpec
            {
                Model = new() { Name = "sqsnet" },
                Seeds = [0],
            },
            (_, _) => 0.9
        );
        var table = ReportRegistry.Create("efficiency", input);
        // Fusion and the two heads come on top of the trunks.
        Shown(table, "trunk_parameters_m").ShouldBe(["89.573"]);
        Shown(table, "parameters_m").ShouldBe(["92.735"]);
        Shown(table, "gmacs").ShouldBe(["12.257"]);
        Shown(table, "paper_parameters_m").ShouldBe(["43.5"]);
        table.Notes.ShouldContain(note => note.StartsWith("sqsnet: 43.5 M is less than its two trunks' 89.6 M"));
        foreach (
            var unmeasured in new[]
            {
                "train_images_per_second",
                "latency_ms",
                "latency_quartiles_ms",
                "images_per_second",
            }
        )
            Shown(table, unmeasured).ShouldBe(["–"]);
        table.Notes.ShouldContain(note => note.StartsWith("Not measured, or not with these settings: sqsnet."));
    }

    [Fact]
    public void Efficiency_shows_what_has_been_measured_of_registered_networks_and_where_and_when()
    {
        var day = new DateTimeOffset(2026, 5, 17, 9, 30, 0, TimeSpan.Zero);
        var input = SampleSweep.Of(
            new SweepSpec
            {
                Model = new() { Name = "resnet18" },
                Space = Sample.Space("model.imageSize", Sample.Values(224, 64)),
                Seeds = [0],
            },
            (_, _) => 0.9
        ) with
        {
            Speeds = new([Some.Speed("resnet18", day)], null),
        };
        var table = ReportRegistry.Create("efficiency", input);

        Shown(table, "latency_quartiles_ms")[0].ShouldBe("19.00 to 22.00");
        Shown(table, "images_per_second")[0].ShouldBe("64.0");
        Shown(table, "peak_memory_mib")[0].ShouldBe("256");
        Shown(table, "checkpoint_mib")[0].ShouldBe("42.7");
        table.Notes.ShouldContain(note =>
            note.Contains(
                "resnet18: A processor, 2 threads, float32, libtorch 1.13.1, measured 2026-05-17; medians of 100 passes"
            )
        );
        // Another size is another amount of work: nothing of it has been measured.
        Shown(table, "image_size").ShouldBe(["224", "64"]);
        Shown(table, "latency_ms").ShouldBe(["20.00", "–"]);
        foreach (var format in Enum.GetValues<ReportFormat>())
            ReportRenderer.Render(table, format).ShouldContain("19");
        ReportRenderer.Render(table, ReportFormat.Csv).ShouldContain("latency_quartiles_ms_low");
    }

    [Fact]
    public void Efficiency_tells_of_measured_numbers_that_cannot_be_read_and_of_batches_that_do_not_fit()
    {
        var spec = new SweepSpec
        {
            Model = new() { Name = "resnet18" },
            Seeds = [0],
        };
        var speed = Some.Speed("resnet18", default) with { Batch = null, BatchProblem = "32 images do not fit." };
        var table = ReportRegistry.Create(
            "efficiency",
            SampleSweep.Of(spec, (_, _) => 0.9) with
            {
                Speeds = new([speed], "The file is damaged."),
            }
        );
        Shown(table, "images_per_second").ShouldBe(["–"]);
        table.Notes.ShouldContain("resnet18: 32 images do not fit.");
        table.Notes.ShouldContain("The file is damaged.");
    }

    [Fact]
    public void Forks_are_left_out_and_said()
    {
        var input = SampleSweep.Of(Sample.Sweep(0), (_, _) => 0.8);
        var fork = input.Trials[0] with { Id = 99, Number = 2, Configuration = 2, ParentId = 1 };
        var table = ReportRegistry.Create("metrics", input with { Trials = [.. input.Trials, fork] });
        table.Rows.Count.ShouldBe(2);
        table.Notes.ShouldContain(note => note.StartsWith("1 forked trials are left out"));
    }

    [Fact]
    public void A_fork_does_not_make_a_table_wait_for_trials_that_never_come()
    {
        var input = SampleSweep.Of(Sample.Sweep(0), (_, _) => 0.8);
        var fork = input.Trials[0] with { Id = 99, Number = 2, Configuration = 2, ParentId = 1 };
        var forked = input with { Sweep = input.Sweep with { PlannedTrials = 3 }, Trials = [.. input.Trials, fork] };
        ReportRegistry.Create("metrics", forked).Notes.ShouldNotContain(note => note.Contains("planned trials"));
        var waiting = forked with { Sweep = forked.Sweep with { PlannedTrials = 5 } };
        ReportRegistry.Create("metrics", waiting).Notes.ShouldContain("2 planned trials have not been made yet.");
    }

    [Fact]
    public void An_unknown_table_is_not_found_and_the_known_ones_are_named() =>
        Should
            .Throw<NotFoundException>(() =>
                ReportRegistry.Create("table-9", SampleSweep.Of(Sample.Sweep(0), (_, _) => 1))
            )
            .Message.ShouldContain("sensitivity");

    private static Dictionary<string, double> Empty => [];

    private static string[] Shown(ReportTable table, string key)
    {
        var index = table.Columns.ToList().FindIndex(column => column.Key == key);
        return [.. table.Rows.Select(row => ReportRenderer.Show(row.Cells[index], table.Columns[index]))];
    }
}
