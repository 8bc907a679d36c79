using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Models;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Engine.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Training;

[Collection(nameof(LiveTensorCounts))]
public sealed class TrainerTests(TrialStage stage) : IClassFixture<TrialStage>
{
    private const int MiddleOfEpoch2 = TrialStage.StepsPerEpoch + 2;

    [Fact]
    public void A_trial_reports_every_step_and_epoch_and_leaves_its_best_weights()
    {
        var plan = stage.Plan(stage.Spec);
        var sink = new ListSink();
        stage.Run(plan, sink).ShouldBe(new TrialOutcome(TrialState.Completed), string.Join('\n', sink.Logs()));

        var steps = sink.Metrics(MetricScope.Step);
        steps.Select(m => m.Step).ShouldBe(Enumerable.Range(1, 3 * TrialStage.StepsPerEpoch).Select(s => (long)s));
        steps.Select(m => m.Epoch).Distinct().ShouldBe([1, 2, 3]);
        foreach (var step in steps)
        {
            step.Values.Keys.ShouldContain("train/loss_cls");
            step.Values["train/loss"].ShouldBeGreaterThan(0);
            step.Values["train/accuracy"].ShouldBeInRange(0, 1);
            step.Values["train/images_per_second"].ShouldBeGreaterThan(0);
            step.Values["train/data_share"].ShouldBeInRange(1e-6, 0.9);
        }
        steps[0].Values["train/learning_rate"].ShouldBe(3e-4, 1e-12);

        var epochs = sink.Metrics(MetricScope.Epoch);
        epochs.Select(m => m.Epoch).ShouldBe([1, 2, 3]);
        epochs[0].IsBest.ShouldBeTrue();
        epochs.ShouldAllBe(m => m.Values.Keys.Count(name => name.StartsWith("val/f1/")) == 7);

        var final = sink.Metrics(MetricScope.Final);
        final.SelectMany(m => m.Values.Keys).ShouldContain("test/accuracy");
        final.SelectMany(m => m.Values.Keys).ShouldContain("test/accuracy_tta");
        sink.Events.OfType<ConfusionReported>()
            .Select(c => (c.Split, c.Epoch, c.Counts.Sum(row => row.Sum())))
            .ShouldBe([("val", 1, 28), ("val", 2, 28), ("val", 3, 28), ("test", final[0].Epoch, 21)]);
        epochs.Last(m => m.IsBest).Epoch.ShouldBe(final[0].Epoch);

        BestWeights
            .ReadInfo(Path.Combine(plan.Folder, "best.safetensors"))
            .ShouldNotBeNull()
            .Epoch.ShouldBe(final[0].Epoch);
        sink.Events.Select(e => e.Seconds).ShouldBe(sink.Events.Select(e => e.Seconds).Order());
    }

    [Fact]
    public void The_test_split_is_looked_at_once_and_the_look_is_told_before_its_result()
    {
        var sink = new ListSink();
        stage.Run(stage.Plan(t => t with { Epochs = 1 }), sink);

        sink.Events.OfType<TestLooked>()
            .Select(l => (l.By, l.Weights, l.Epoch, l.Views, l.Faces))
            .ShouldBe([("trial", "best", 1, 5, 21)]);
        sink.Events.TakeWhile(e => e is not TestLooked)
            .OfType<MetricsReported>()
            .ShouldAllBe(m => m.Scope != MetricScope.Final);
    }

    [Fact]
    public void The_last_weights_and_the_average_are_evaluated_beside_the_best()
    {
        var plan = stage.Plan(t => t with { Epochs = 2, EvaluateLast = true, EmaDecay = 0.9, Tta = 1 });
        var sink = new ListSink();
        stage.Run(plan, sink).State.ShouldBe(TrialState.Completed, string.Join('\n', sink.Logs()));

        sink.Events.OfType<TestLooked>().Select(l => l.Weights).ShouldBe(["last", "ema", "best"]);
        var final = sink.Metrics(MetricScope.Final).SelectMany(m => m.Values).ToDictionary();
        // The last epoch's weights are those whose validation the last epoch reported.
        final["val_last/loss"].ShouldBe(sink.Metrics(MetricScope.Epoch)[^1].Values["val/loss"], 1e-12);
        final["val_ema/loss"].ShouldNotBe(final["val_last/loss"]);
        foreach (var weights in new[] { "last", "ema", "best" })
        {
            var path = Path.Combine(plan.Folder, $"{weights}.safetensors");
            BestWeights.ReadInfo(path).ShouldNotBeNull().Step.ShouldBeGreaterThan(0);
            final[weights == "best" ? "test/accuracy" : $"test_{weights}/accuracy"].ShouldBeInRange(0, 1);
        }
    }

    [Fact]
    public void A_trial_that_averages_its_weights_ends_bit_for_bit_the_same_after_a_pause()
    {
        var spec = stage.Spec with { Training = stage.Spec.Training with { EmaDecay = 0.9, TrunkLearningRate = 1e-4 } };
        var whole = (Plan: stage.Plan(spec), Sink: new ListSink());
        stage.Run(whole.Plan, whole.Sink).State.ShouldBe(TrialState.Completed);

        var plan = stage.Plan(spec);
        var control = new TrialControl();
        var sink = new ListSink { Heard = e => PauseAt(e, MiddleOfEpoch2, control) };
        stage.Run(plan, sink, control).State.ShouldBe(TrialState.Paused);
        sink.Heard = null;
        stage.Run(plan with { Attempt = 2 }, sink).State.ShouldBe(TrialState.Completed);

        sink.Numbers().ShouldBe(whole.Sink.Numbers());
        File.ReadAllBytes(Path.Combine(plan.Folder, "ema.safetensors"))
            .ShouldBe(File.ReadAllBytes(Path.Combine(whole.Plan.Folder, "ema.safetensors")));
    }

    [Fact]
    public void Trunks_whose_rate_is_all_but_none_stay_as_they_were_drawn_while_the_head_learns()
    {
        var plan = stage.Plan(t =>
            t with
            {
                Epochs = 1,
                TrunkLearningRate = 1e-9,
                WeightDecay = 0,
                LearningRate = 1e-2,
            }
        );
        stage.Run(plan, new ListSink());
        var fresh = stage.Plan(t =>
            t with
            {
                Epochs = 1,
                TrunkLearningRate = 1e-9,
                WeightDecay = 0,
                LearningRate = 1e-9,
                MinLearningRate = 1e-10,
            }
        );
        stage.Run(fresh, new ListSink());

        Farthest("cnn.conv_stem.weight").ShouldBeLessThan(1e-6);
        Farthest("base_head.weight").ShouldBeGreaterThan(1e-3);

        double Farthest(string key) =>
            Values(plan, key).Zip(Values(fresh, key), (moved, still) => Math.Abs(moved - still)).Max();
        static double[] Values(TrialPlan trial, string key)
        {
            var weights = Safetensors.Load(Path.Combine(trial.Folder, "best.safetensors"));
            var values = weights[key].Values();
            foreach (var tensor in weights.Values)
                tensor.Dispose();
            return values;
        }
    }

    [Fact]
    public void Similarity_maps_of_the_same_quads_are_kept_before_training_and_after_each_epoch()
    {
        var plan = stage.Plan(t => t with { Epochs = 2 });
        var sink = new ListSink();
        stage.Run(plan, sink);

        var quads = sink.Events.OfType<QuadsChosen>().Single();
        quads.Dataset.ShouldBe(TrialStage.Dataset);
        quads.Quads.Count.ShouldBe(8);
        var artifacts = sink.Events.OfType<ArtifactSaved>().Where(a => a.Artifact == "maps").ToArray();
        artifacts
            .Select(a => a.Path)
            .ShouldBe(["maps/epoch-0000.maps", "maps/epoch-0001.maps", "maps/epoch-0002.maps"]);
        var maps = artifacts.Select(a => SimilarityMapsFile.Read(Path.Combine(plan.Folder, a.Path))).ToArray();
        foreach (var quad in maps.SelectMany(m => m))
        {
            quad.SAP.ShouldAllBe(s => s > 0 && s <= 1);
            for (var i = 0; i < quad.R.Length; i++)
                quad.R[i].ShouldBe(quad.SAP[i] - (0.5f * (quad.SAN1[i] + quad.SAN2[i])), 1e-5f);
            quad.Norms.Count.ShouldBe(4);
            quad.Norms.SelectMany(map => map.Values).ShouldAllBe(norm => norm > 0);
            quad.Attention.Count.ShouldBe(4);
            foreach (var looked in quad.Attention)
                looked.Values.Average().ShouldBe(1, 1e-5f); // each location looks at all of them together once
        }
        sink.Metrics(MetricScope.Epoch).ShouldAllBe(m => m.Values["val/mask_auc"] > 0 && m.Values["val/mask_auc"] < 1);
        maps[1][0].SAP.ShouldNotBe(maps[0][0].SAP, "training moves the maps");
    }

    [Fact]
    public void A_trial_paused_in_the_middle_of_an_epoch_ends_bit_for_bit_like_an_undisturbed_one()
    {
        var (undisturbed, expected) = stage.Undisturbed;

        var plan = stage.Plan(stage.Spec);
        var control = new TrialControl();
        var sink = new ListSink { Heard = e => PauseAt(e, MiddleOfEpoch2, control) };
        stage.Run(plan, sink, control).State.ShouldBe(TrialState.Paused);
        sink.Metrics(MetricScope.Step).Count.ShouldBe(MiddleOfEpoch2);
        sink.Heard = null;
        stage.Run(plan with { Attempt = 2 }, sink).State.ShouldBe(TrialState.Completed);

        sink.Numbers().ShouldBe(expected);
        Weights(plan).ShouldBe(Weights(undisturbed));
        sink.Events.Select(e => e.Seconds).ShouldBe(sink.Events.Select(e => e.Seconds).Order());
    }

    [Fact]
    public void A_trial_that_crashed_goes_on_from_its_last_epoch_to_the_same_bits()
    {
        var (undisturbed, expected) = stage.Undisturbed;

        var plan = stage.Plan(stage.Spec);
        var crashed = new ListSink { Heard = e => CrashAt(e, MiddleOfEpoch2) };
        stage.Run(plan, crashed).State.ShouldBe(TrialState.Failed);
        var resumed = new ListSink();
        stage.Run(plan with { Attempt = 2 }, resumed).State.ShouldBe(TrialState.Completed);

        resumed.Metrics(MetricScope.Step)[0].Step.ShouldBe(TrialStage.StepsPerEpoch + 1);
        resumed.Numbers().ShouldBe(expected.TakeLast(resumed.Numbers().Count));
        Weights(plan).ShouldBe(Weights(undisturbed));
        resumed.Events.OfType<QuadsChosen>().ShouldBeEmpty();
    }

    [Fact]
    public void A_damaged_checkpoint_is_passed_over_for_the_one_before_with_a_warning()
    {
        var (undisturbed, _) = stage.Undisturbed;
        var plan = stage.Plan(stage.Spec);
        var control = new TrialControl();
        stage.Run(plan, new ListSink { Heard = e => PauseAt(e, MiddleOfEpoch2, control) }, control);
        var newest = Directory.GetFiles(Path.Combine(plan.Folder, "checkpoint"), "*.safetensors").Order().Last();
        var bytes = File.ReadAllBytes(newest);
        bytes[^100] ^= 1;
        File.WriteAllBytes(newest, bytes);

        var sink = new ListSink();
        stage.Run(plan with { Attempt = 2 }, sink).State.ShouldBe(TrialState.Completed);
        sink.Logs().ShouldContain(log => log.StartsWith($"Warning: The checkpoint of step {MiddleOfEpoch2}"));
        sink.Metrics(MetricScope.Step)[0].Step.ShouldBe(TrialStage.StepsPerEpoch + 1);
        Weights(plan).ShouldBe(Weights(undisturbed));
    }

    [Fact]
    public void A_trial_with_nothing_but_damaged_checkpoints_fails_and_says_what_to_do()
    {
        var plan = stage.Plan(t => t with { Epochs = 1 });
        stage.Run(plan, new ListSink());
        foreach (var description in Directory.GetFiles(Path.Combine(plan.Folder, "checkpoint"), "*.json"))
            File.WriteAllText(description, "{");
        var outcome = stage.Run(plan with { Attempt = 2 }, new ListSink());
        outcome.State.ShouldBe(TrialState.Failed);
        outcome.Message.ShouldNotBeNull().ShouldContain("train from the start");
    }

    [Fact]
    public void A_trial_whose_checkpoints_were_removed_trains_from_the_start_to_the_same_bits()
    {
        var (undisturbed, _) = stage.Undisturbed;
        var plan = stage.Plan(stage.Spec with { Training = stage.Spec.Training with { Epochs = 2 } });
        stage.Run(plan, new ListSink());
        Directory.Delete(Path.Combine(plan.Folder, "checkpoint"), recursive: true);
        var sink = new ListSink();
        stage.Run(plan with { Attempt = 2, Spec = stage.Spec }, sink).State.ShouldBe(TrialState.Completed);
        sink.Logs().ShouldContain("Info: There is no checkpoint to go on from: trains from the start.");
        Weights(plan).ShouldBe(Weights(undisturbed));
    }

    [Fact]
    public void Checkpoints_that_forks_may_want_stay_when_the_trial_is_over()
    {
        var plan = stage.Plan(t => t with { Epochs = 5, CheckpointEvery = 5, KeepEvery = 2 });
        stage.Run(plan, new ListSink());
        new CheckpointStore(Path.Combine(plan.Folder, "checkpoint"))
            .Positions()
            .Select(position => position.Epoch - 1)
            .ShouldBe([5, 4, 2]);
    }

    [Fact]
    public void No_tensor_is_left_from_one_epoch_to_the_next_nor_after_the_trial()
    {
        var before = TorchRuntime.LiveTensors;
        var atEpochs = new List<long>();
        var sink = new ListSink
        {
            Heard = e =>
            {
                if (e is MetricsReported { Scope: MetricScope.Epoch })
                    atEpochs.Add(TorchRuntime.LiveTensors);
            },
        };
        stage.Run(stage.Plan(stage.Spec), sink);
        atEpochs[1].ShouldBe(atEpochs[0]);
        atEpochs[2].ShouldBe(atEpochs[0]);
        TorchRuntime.LiveTensors.ShouldBe(before);
    }

    [Fact]
    public void A_stop_ends_the_trial_with_a_checkpoint_to_fork_from()
    {
        var plan = stage.Plan(stage.Spec);
        var control = new TrialControl();
        var sink = new ListSink
        {
            Heard = e =>
            {
                if (e is MetricsReported { Step: 2 })
                    control.Stop();
            },
        };
        stage.Run(plan, sink, control).State.ShouldBe(TrialState.Stopped);
        sink.Metrics(MetricScope.Step).Count.ShouldBe(2);
        Directory.GetFiles(Path.Combine(plan.Folder, "checkpoint"), "*.json").Length.ShouldBe(1);
    }

    [Fact]
    public void A_fork_goes_on_from_its_parents_checkpoint_under_its_own_specification()
    {
        var parent = stage.Undisturbed.Plan;
        var child = stage.Plan(t => t with { Epochs = 4, LearningRate = 1e-4 });
        new CheckpointStore(Path.Combine(parent.Folder, "checkpoint")).CopyTo(
            Path.Combine(child.Folder, "checkpoint"),
            step: 12
        );
        var sink = new ListSink();
        stage.Run(child, sink).State.ShouldBe(TrialState.Completed, string.Join('\n', sink.Logs()));
        var steps = sink.Metrics(MetricScope.Step);
        steps.Select(m => m.Step).ShouldBe([13, 14, 15, 16]);
        steps.ShouldAllBe(m => m.Epoch == 4 && m.Values["train/learning_rate"] <= 1e-4);
        sink.Metrics(MetricScope.Epoch)
            .ShouldHaveSingleItem()
            .IsBest.ShouldBeTrue("its parent's epochs are no measure");
        BestWeights.ReadInfo(Path.Combine(child.Folder, "best.safetensors"))!.Epoch.ShouldBe(4);
        sink.Events.OfType<QuadsChosen>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Memory_that_is_not_there_fails_the_trial_with_a_remedy()
    {
        var spec = stage.Spec with
        {
            Model = stage.Spec.Model with { ImageSize = 1024 },
            // Hundreds of gigabytes for the images alone, refused before a byte is touched.
            Training = stage.Spec.Training with
            {
                BatchSize = 8192,
                Quads = QuadMode.Explicit,
                MixProbability = 0,
            },
        };
        var outcome = stage.Run(
            stage.Plan(spec with { Model = spec.Model with { Name = "efficientnet_tiny_stride8" } }),
            new ListSink()
        );
        outcome.State.ShouldBe(TrialState.Failed);
        outcome.Message.ShouldNotBeNull().ShouldMatch("Out of memory.*training.batchSize \\(now 8192\\).*inBatch");
    }

    [Fact]
    public void A_trial_that_was_stopped_before_it_began_does_not_begin()
    {
        var control = new TrialControl();
        control.Stop();
        var sink = new ListSink();
        stage.Run(stage.Plan(stage.Spec), sink, control).State.ShouldBe(TrialState.Stopped);
        sink.Events.ShouldBeEmpty();
    }

    [Fact]
    public void A_loss_that_is_not_a_number_fails_the_trial_with_step_and_remedy()
    {
        var outcome = stage.Run(stage.Plan(t => t with { LearningRate = 1e30 }), new ListSink());
        outcome.State.ShouldBe(TrialState.Failed);
        outcome.Message.ShouldNotBeNull().ShouldMatch(@"at step \d+ \(epoch 1\).*learningRate.*clipGradNorm");
    }

    [Fact]
    public void An_unknown_dataset_and_an_unknown_device_are_outcomes()
    {
        var plan = stage.Plan(stage.Spec with { Dataset = "nothing" });
        stage.Run(plan, new ListSink()).Message.ShouldNotBeNull().ShouldContain("'nothing'");
        var outcome = stage.Run(stage.Plan(stage.Spec) with { Device = "cuda:99" }, new ListSink());
        outcome.State.ShouldBe(TrialState.Failed);
        outcome.Message.ShouldNotBeNull().ShouldContain("cuda:99");
    }

    [Fact]
    public void An_objective_of_a_class_that_the_dataset_lacks_is_an_outcome()
    {
        var plan = stage.Plan(stage.Spec with { Objective = new() { Metric = "val/f1/Fear" } });
        var outcome = stage.Run(plan, new ListSink());
        outcome.State.ShouldBe(TrialState.Failed);
        outcome.Message.ShouldNotBeNull().ShouldContain("did you mean \"fear\"?");
    }

    [Fact]
    public void A_trial_does_not_go_on_with_other_faces_under_the_name_of_those_that_it_learned_from()
    {
        var plan = stage.Plan(stage.Spec with { Dataset = "changing" });
        var control = new TrialControl();
        stage.Import("changing", new(TrialStage.TrainFaces, 28, 21));
        var sink = new ListSink { Heard = e => PauseAt(e, MiddleOfEpoch2, control) };
        stage.Run(plan, sink, control).State.ShouldBe(TrialState.Paused);

        stage.Import("changing", new(TrialStage.TrainFaces, 21, 28));
        var outcome = stage.Run(plan with { Attempt = 2 }, new ListSink());

        outcome.State.ShouldBe(TrialState.Failed);
        outcome.Message.ShouldNotBeNull().ShouldContain("other faces, labels or splits");
        stage.Import("changing", new(TrialStage.TrainFaces, 28, 21));
        stage.Run(plan with { Attempt = 3 }, new ListSink()).State.ShouldBe(TrialState.Completed);
    }

    [Fact]
    public void Early_stopping_ends_a_trial_that_no_longer_improves()
    {
        var sink = new ListSink();
        // At this rate nothing is learned, so that the first epoch stays the best.
        var plan = stage.Plan(t =>
            t with
            {
                Epochs = 12,
                LearningRate = 1e-9,
                MinLearningRate = 0,
                EarlyStopping = new() { Patience = 2 },
            }
        );
        var outcome = stage.Run(plan, sink);
        outcome.State.ShouldBe(TrialState.Completed);
        outcome.Message.ShouldNotBeNull().ShouldContain("no better epoch than");
        var epochs = sink.Metrics(MetricScope.Epoch);
        epochs.Count.ShouldBeLessThan(12);
        epochs.Count.ShouldBe(epochs.Last(m => m.IsBest).Epoch + 2);
    }

    [Fact]
    public void Faces_per_epoch_shortens_the_epoch()
    {
        var sink = new ListSink();
        stage.Run(stage.Plan(t => t with { Epochs = 2, FacesPerEpoch = 28 }), sink);
        sink.Metrics(MetricScope.Step).Count.ShouldBe(4);
    }

    [Fact]
    public void Batches_that_accumulate_make_one_step()
    {
        var sink = new ListSink();
        var plan = stage.Plan(t => t with { Epochs = 2, Accumulate = 3 });
        stage.Run(plan, sink).State.ShouldBe(TrialState.Completed);

        // Four batches of an epoch are a step of three and one of what is left.
        sink.Metrics(MetricScope.Step).Select(m => (m.Epoch, m.Step)).ShouldBe([(1, 1), (1, 2), (2, 3), (2, 4)]);
    }

    [Fact]
    public void A_training_metric_as_the_objective_is_the_mean_of_its_epoch()
    {
        var sink = new ListSink();
        var spec = stage.Spec with
        {
            Objective = new() { Metric = "train/loss", Goal = Goal.Minimize },
        };
        stage.Run(stage.Plan(spec), sink);
        var first = sink.Metrics(MetricScope.Step).Where(m => m.Epoch == 1).Average(m => m.Values["train/loss"]);
        sink.Metrics(MetricScope.Epoch)[0].Values["train/loss"].ShouldBe(first, 1e-9);
    }

    [Theory]
    [InlineData("efficientnet_tiny_stride8", QuadMode.InBatch, true, false)]
    [InlineData("sqsnet-tiny", QuadMode.InBatch, false, false)]
    [InlineData("sqsnet-tiny", QuadMode.InBatch, true, true)]
    [InlineData("sqsnet-tiny", QuadMode.Explicit, true, true)]
    public void Quad_losses_are_reported_where_the_module_takes_part(
        string model,
        QuadMode quads,
        bool module,
        bool expected
    )
    {
        var spec = stage.Spec with
        {
            Model = stage.Spec.Model with { Name = model, SqsModule = module },
            Training = stage.Spec.Training with { Epochs = 1, Quads = quads, MixProbability = 0 },
        };
        var sink = new ListSink();
        stage.Run(stage.Plan(spec), sink).State.ShouldBe(TrialState.Completed, string.Join('\n', sink.Logs()));
        sink.Metrics(MetricScope.Step)
            .ShouldAllBe(m =>
                m.Values.ContainsKey("train/loss_sqs") == expected && m.Values.ContainsKey("train/loss_kl") == expected
            );
    }

    [Fact]
    public void Mixed_batches_have_no_quad_loss_and_their_share_is_the_mix_probability()
    {
        var sink = new ListSink();
        stage.Run(stage.Plan(t => t with { Epochs = 1, MixProbability = 1 }), sink);
        sink.Metrics(MetricScope.Step).ShouldAllBe(m => !m.Values.ContainsKey("train/loss_sqs"));

        sink = new ListSink();
        stage.Run(stage.Plan(t => t with { Epochs = 3, BatchSize = 7 }), sink);
        var mixed = sink.Metrics(MetricScope.Step).Count(m => !m.Values.ContainsKey("train/loss_sqs"));
        // 24 fair coins: four standard deviations.
        mixed.ShouldBeInRange(3, 21);
    }

    private static void PauseAt(TrialEvent e, long step, TrialControl control)
    {
        if (e is MetricsReported { Scope: MetricScope.Step } metrics && metrics.Step == step)
            control.Pause();
    }

    private static void CrashAt(TrialEvent e, long step)
    {
        if (e is MetricsReported { Scope: MetricScope.Step } metrics && metrics.Step == step)
            throw new InvalidOperationException("The power went out.");
    }

    /// <summary>The bytes of the tensors at the end of training and of the best epoch.</summary>
    private static string Weights(TrialPlan plan)
    {
        var last = Directory.GetFiles(Path.Combine(plan.Folder, "checkpoint"), "*.safetensors").Order().Last();
        return string.Join(
            ' ',
            new[] { last, Path.Combine(plan.Folder, "best.safetensors") }.Select(path =>
                Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))
            )
        );
    }
}
