using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Sweeps;

public sealed class SweepExtensionTests : IAsyncDisposable
{
    private static readonly CancellationToken _none = CancellationToken.None;
    private readonly SweepStage _stage = new(slots: 1);

    private static readonly SweepSpec _random = Sample.Sweep(0, 1) with
    {
        Space = Sample.Space("sqs.tau", new() { Low = 0.1, High = 2 }),
        Strategy = new() { Kind = StrategyKind.Random, Trials = 2 },
        Training = new() { Epochs = 5 },
    };

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public void A_place_in_the_queue_leaves_what_it_does_not_name()
    {
        var spec = Sample.Sweep(0) with
        {
            Executor = new() { Priority = 2, Share = 3 },
        };
        new QueuePlace { Priority = 5 }
            .Apply(spec)
            .Executor.ShouldBe(spec.Executor with { Priority = 5 });
        new QueuePlace { Share = 7 }
            .Apply(spec)
            .Executor.ShouldBe(spec.Executor with { Share = 7 });
    }

    [Fact]
    public async Task More_seeds_are_trained_for_every_configuration_of_a_sweep_that_had_completed()
    {
        var id = await CompleteAsync(_random);

        await ExtendAsync(id, new() { Seeds = [7] });

        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Running);
        _stage.Store.Sweep(id).PlannedTrials.ShouldBe(6);
        await TrainAllAsync(id);
        var added = _stage.Store.Trials(id).Skip(4).ToList();
        added.Select(t => (t.Number, t.Configuration, t.Spec.Seed)).ShouldBe([(4, 0, 7), (5, 1, 7)]);
        added[1].Assignment.ShouldBe(_stage.Store.Trials(id)[2].Assignment);
        added[0].Reason!.Text.ShouldBe("Seed 7 for a configuration that was there: the sweep was extended.");
        _stage.Store.Sweep(id).Spec.Seeds.ShouldBe([0, 1, 7]);
    }

    [Fact]
    public async Task More_configurations_are_those_that_a_longer_sweep_would_have_had()
    {
        var longer = _random with { Strategy = _random.Strategy with { Trials = 4 } };
        var whole = SweepPlan.Preview(longer);
        var id = await CompleteAsync(_random);

        await ExtendAsync(id, new() { Trials = 4 });
        await TrainAllAsync(id);

        var trials = _stage.Store.Trials(id);
        trials.Count.ShouldBe(8);
        for (var i = 0; i < 4; i++)
            trials.First(t => t.Configuration == i).Spec.Sqs.Tau.ShouldBe(whole[i]["sqs.tau"].GetDouble());
    }

    [Fact]
    public async Task Pairs_of_an_ablation_are_trained_behind_its_single_parts()
    {
        var ablation = Sample.Sweep(0, 1) with
        {
            Strategy = new() { Kind = StrategyKind.Ablation },
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.gamma"] = Sample.Values(0),
                ["sqs.lambda"] = Sample.Values(0),
            },
        };
        var id = await CompleteAsync(ablation);
        var single = _stage.Store.Trials(id).Count;

        await ExtendAsync(id, new() { Pairs = true });
        await TrainAllAsync(id);

        var added = _stage.Store.Trials(id).Skip(single).ToList();
        added.Select(t => (t.Configuration, t.Spec.Seed)).ShouldBe([(3, 0), (3, 1)]);
        added[0].Spec.Sqs.Gamma.ShouldBe(0);
        added[0].Spec.Sqs.Lambda.ShouldBe(0);
        added[0].Reason!.Text.ShouldBe("Both left out: sqs.gamma=0, sqs.lambda=0.");
        (await Should.ThrowAsync<InvalidSpecException>(() => ExtendAsync(id, new() { Pairs = true })))
            .Errors.Select(error => (error.Path, error.Message))
            .ShouldBe([("pairs", "are there already")]);
    }

    [Fact]
    public async Task More_epochs_let_what_is_through_go_on_and_leave_what_was_stopped()
    {
        var id = await _stage.StartAsync(_random);
        await _stage.Manager.StopTrialAsync(2, _none);
        await EndAtAsync(await _stage.Executor.NextAsync(), epoch: 5);
        var running = await _stage.Executor.NextAsync();

        await ExtendAsync(id, new() { Epochs = 8 });

        _stage.Store.Trial(1).State.ShouldBe(TrialState.Waiting);
        _stage.Store.Trial(1).Message.ShouldBe("Trains on, to epoch 8.");
        _stage.Store.Trial(2).Spec.Training.Epochs.ShouldBe(5);
        (running.TrialId, running.Plan.Spec.Training.Epochs).ShouldBe((3, 5));
        running.Report(0.5, epoch: 5);
        running.End(TrialState.Completed); // by the epochs that it began with
        await _stage.Store.UntilAsync(3, TrialState.Waiting);
        var epochs = new Dictionary<long, int>();
        while (!_stage.Store.Sweep(id).State.IsFinished())
        {
            var attempt = await _stage.Executor.NextAsync();
            epochs[attempt.TrialId] = attempt.Plan.Spec.Training.Epochs;
            await _stage.EndAsync(attempt, TrialState.Completed);
        }
        epochs.ShouldBe(
            new Dictionary<long, int>
            {
                [1] = 8,
                [3] = 8,
                [4] = 8,
            },
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task More_epochs_leave_what_early_stopping_ended_before_or_ends_meanwhile()
    {
        var id = await _stage.StartAsync(_random);
        await EndAtAsync(await _stage.Executor.NextAsync(), epoch: 3);
        var running = await _stage.Executor.NextAsync();

        await ExtendAsync(id, new() { Epochs = 8 });
        await EndAtAsync(running, epoch: 4);

        foreach (var left in new[] { 1, 2 })
            _stage.Store.States(left).Select(s => s.State).ShouldNotContain(TrialState.Waiting);
        _stage.Store.Trial(1).Spec.Training.Epochs.ShouldBe(5);
        await TrainAllAsync(id);
        _stage.Store.Trials(id).Select(trial => trial.Epoch).ShouldBe([3, 4, 8, 8]);
        _stage.Store.Trials(id).ShouldAllBe(trial => trial.Attempts == 1);

        // Known to the store alone, after a restart; a further extension leaves them, too.
        await using var next = new SweepStage(slots: 1, _stage.Store);
        await next.Manager.ExtendSweepAsync(id, new() { Epochs = 9 }, _none);
        (await next.Executor.NextAsync()).TrialId.ShouldBe(3);
        _stage.Store.Trials(id).Take(2).ShouldAllBe(trial => trial.State == TrialState.Completed);
    }

    [Fact]
    public async Task More_seeds_get_the_epochs_of_the_sweep_where_their_sibling_was_left_at_fewer()
    {
        var id = await _stage.StartAsync(_random);
        await _stage.Manager.StopTrialAsync(3, _none);
        await TrainAllAsync(id);

        await ExtendAsync(id, new() { Epochs = 8, Seeds = [7] });

        var trials = _stage.Store.Trials(id);
        (trials[2].State, trials[2].Spec.Training.Epochs).ShouldBe((TrialState.Stopped, 5));
        trials.Skip(4).Select(t => (t.Configuration, t.Spec.Training.Epochs)).ShouldBe([(0, 8), (1, 8)]);
    }

    [Fact]
    public async Task What_a_crash_left_of_an_extension_is_filled_up_at_the_next_start()
    {
        var id = await CompleteAsync(_random);
        // As a crash leaves it between the first writes of an extension and the last.
        await _stage.Store.SetSweepStateAsync(id, SweepState.Running, null, _none);
        await _stage.Store.SetSweepSpecAsync(id, _random with { Seeds = [0, 1, 7] }, _none);
        _stage.Store.Trials(id).Count.ShouldBe(4);

        await using var next = new SweepStage(slots: 1, _stage.Store);
        await next.Manager.RecoverAsync(_none);

        _stage.Store.Trials(id).Skip(4).Select(t => t.Spec.Seed).ShouldBe([7, 7]);
    }

    [Fact]
    public async Task A_store_that_breaks_during_an_extension_fails_the_sweep_and_resuming_fills_it_up()
    {
        var id = await CompleteAsync(_random);
        _stage.Store.Before = method =>
        {
            if (method == nameof(MemoryStore.AddTrialsAsync))
                throw new IOException("the disk is gone");
        };
        await Should.ThrowAsync<IOException>(() => ExtendAsync(id, new() { Seeds = [7] }));
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Failed);
        _stage.Store.Before = _ => { };

        await _stage.Manager.ResumeSweepAsync(id, _none);
        await TrainAllAsync(id);

        _stage.Store.Trials(id).Skip(4).Select(t => t.Spec.Seed).ShouldBe([7, 7]);
    }

    [Fact]
    public async Task A_race_gives_further_seeds_to_contenders_alone()
    {
        var raced = _random with { Strategy = _random.Strategy with { Trials = 5 }, Racing = new() };
        var id = await CompleteAsync(raced);
        var before = _stage.Store.Trials(id).Count;

        await ExtendAsync(id, new() { Seeds = [7, 8] });
        await TrainAllAsync(id);

        var added = _stage.Store.Trials(id).Skip(before).ToList();
        added.ShouldNotBeEmpty();
        added.Count.ShouldBeLessThan(10);
        added.ShouldAllBe(t => t.Reason!.Text.StartsWith("Seed "));
    }

    [Fact]
    public async Task What_is_no_extension_is_refused_with_every_problem()
    {
        var id = await CompleteAsync(_random);
        await RefuseAsync(new(), "seeds");
        await RefuseAsync(
            new()
            {
                Seeds = [1, -3],
                Trials = 2,
                Epochs = 5,
            },
            "seeds[0]",
            "trials",
            "epochs"
        );
        await RefuseAsync(new() { Seeds = [-3] }, "seeds[2]");
        await RefuseAsync(new() { Trials = 20_000 }, "strategy.trials");
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Completed);

        async Task RefuseAsync(SweepExtension extension, params string[] paths) =>
            (await Should.ThrowAsync<InvalidSpecException>(() => ExtendAsync(id, extension)))
                .Errors.Select(e => e.Path)
                .ShouldBe(paths);
    }

    [Fact]
    public async Task A_stopped_sweep_is_not_extended()
    {
        var id = await _stage.StartAsync(_random);
        await _stage.Manager.StopSweepAsync(id, _none);
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => ExtendAsync(id, new() { Seeds = [7] }));
        refused.Message.ShouldContain("stopped and cannot be extended");
    }

    private Task ExtendAsync(long id, SweepExtension extension) =>
        _stage.Manager.ExtendSweepAsync(id, extension, _none);

    private async Task<long> CompleteAsync(SweepSpec spec)
    {
        var id = await _stage.StartAsync(spec);
        await TrainAllAsync(id);
        return id;
    }

    private async Task TrainAllAsync(long id)
    {
        while (!_stage.Store.Sweep(id).State.IsFinished())
        {
            var attempt = await _stage.Executor.NextAsync();
            await EndAtAsync(attempt, attempt.Plan.Spec.Training.Epochs);
        }
    }

    private Task EndAtAsync(HandExecutor.Attempt attempt, int epoch)
    {
        var spec = attempt.Plan.Spec;
        attempt.Report(0.7 - (0.1 * spec.Sqs.Tau) + (0.001 * spec.Seed), epoch: epoch);
        return _stage.EndAsync(attempt, TrialState.Completed);
    }
}
