using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Sweeps;

public sealed class SweepManagerTests : IAsyncDisposable
{
    private static readonly CancellationToken _none = CancellationToken.None;
    private readonly SweepStage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_sweep_trains_each_configuration_with_each_seed_and_completes()
    {
        var id = await _stage.StartAsync(Sample.Sweep(3, 4));
        var ended = _stage.Manager.WaitAsync(id, _none);
        var seen = new List<(int, int, double)>();
        for (var i = 0; i < 4; i++)
        {
            var attempt = await _stage.Executor.NextAsync();
            var trial = _stage.Store.Trial(attempt.TrialId);
            seen.Add((trial.Configuration, attempt.Plan.Spec.Seed, attempt.Plan.Spec.Sqs.Tau));
            attempt.Plan.Folder.ShouldBe(_stage.Folder(attempt.TrialId));
            ended.IsCompleted.ShouldBeFalse();
            attempt.End(TrialState.Completed);
        }
        await ended;
        seen.ShouldBe([(0, 3, 1.0), (0, 4, 1.0), (1, 3, 0.5), (1, 4, 0.5)]);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Completed);
        _stage.Store.Sweep(id).Message.ShouldBeNull();
        _stage.Store.Sweep(id).PlannedTrials.ShouldBe(4);
        _stage
            .Store.States(1)
            .Select(s => (s.State, s.Attempt))
            .ShouldBe([(TrialState.Running, 1), (TrialState.Completed, 1)]);
    }

    [Fact]
    public async Task A_recipe_leaves_slots_free_until_the_step_that_decides_has_ended()
    {
        var id = await _stage.StartAsync(
            Sample.Sweep() with
            {
                Space = new Dictionary<string, SpaceParameter>
                {
                    ["sqs.lambda"] = Sample.Values(0.3, 0.5),
                    ["sqs.margin"] = Sample.Values(0.3, 0.5),
                },
                Strategy = new() { Kind = StrategyKind.Recipe },
                Executor = new() { Parallel = 4 },
            }
        );
        var first = await _stage.Executor.NextAsync(2);
        first.Select(attempt => attempt.Plan.Spec.Sqs.Lambda).ShouldBe([0.5, 0.3]);
        first[0].Report(0.5);
        await _stage.EndAsync(first[0], TrialState.Completed);
        _stage.Store.Trials(id).Count.ShouldBe(2);
        first[1].Report(0.6);
        await _stage.EndAsync(first[1], TrialState.Completed);
        var last = await _stage.Executor.NextAsync();
        (last.Plan.Spec.Sqs.Lambda, last.Plan.Spec.Sqs.Margin).ShouldBe((0.3, 0.3));
        _stage.Store.Trial(3).Reason!.Text.ShouldStartWith("Recipe, step 2 of 2: sqs.margin = 0.3");
        last.End(TrialState.Completed);
        await _stage.Manager.WaitAsync(id, _none);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Completed);
    }

    [Fact]
    public async Task Start_refuses_a_specification_with_problems_and_stores_nothing()
    {
        var spec = Sample.Sweep() with { Seeds = [] };
        var refused = await Should.ThrowAsync<InvalidSpecException>(() => _stage.StartAsync(spec));
        refused.Errors.ShouldContain(e => e.Path == "seeds");
        (await _stage.Store.ListSweepsAsync(_none)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Start_refuses_a_dataset_that_nobody_has_registered() =>
        (
            await Should.ThrowAsync<InvalidSpecException>(() =>
                _stage.StartAsync(Sample.Sweep() with { Dataset = "rafdb" })
            )
        )
            .Errors.Select(e => e.Path)
            .ShouldBe(["dataset"]);

    [Fact]
    public async Task Parallel_limits_how_many_trials_of_a_sweep_train_at_once()
    {
        await _stage.StartAsync(Sample.Sweep(0, 1, 2) with { Executor = new() { Parallel = 2 } });
        var first = await _stage.Executor.NextAsync();
        await _stage.Executor.NextAsync();
        await _stage.SettleAsync();
        _stage.Executor.Untaken.ShouldBe(0);
        await _stage.EndAsync(first, TrialState.Completed);
        (await _stage.Executor.NextAsync()).TrialId.ShouldBe(3);
    }

    [Fact]
    public async Task Slots_go_in_turns_to_sweeps_that_have_as_many_running_trials()
    {
        await using var stage = new SweepStage(slots: 1);
        var many = Sample.Sweep(0, 1, 2) with { Executor = new() { Parallel = 8 } };
        var (one, two) = (await stage.StartAsync(many), await stage.StartAsync(many));
        var sweeps = new List<long>();
        for (var i = 0; i < 6; i++)
        {
            var attempt = await stage.Executor.NextAsync();
            sweeps.Add(stage.Store.Trial(attempt.TrialId).SweepId);
            await stage.EndAsync(attempt, TrialState.Completed);
        }
        sweeps.ShouldBe([one, two, one, two, one, two]);
    }

    [Theory]
    [InlineData(3, 1, "one two one one two one one one")]
    [InlineData(1, 2, "one two two one two two one two")]
    public async Task One_slot_goes_round_in_fair_shares(int first, int second, string turns)
    {
        await using var stage = new SweepStage(slots: 1);
        var (one, _) = (await stage.StartAsync(Shared(first)), await stage.StartAsync(Shared(second)));
        var order = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            var attempt = await stage.Executor.NextAsync();
            order.Add(stage.Store.Trial(attempt.TrialId).SweepId == one ? "one" : "two");
            await stage.EndAsync(attempt, TrialState.Completed);
        }
        string.Join(' ', order).ShouldBe(turns);

        static SweepSpec Shared(int share) =>
            Sample.Sweep(0, 1, 2, 3, 4, 5) with
            {
                Executor = new() { Parallel = 8, Share = share },
            };
    }

    [Fact]
    public async Task A_higher_priority_gets_every_slot_that_it_can_use_once_it_is_given()
    {
        await using var stage = new SweepStage(slots: 1);
        await stage.StartAsync(Sample.Sweep(0, 1, 2));
        var urgent = await stage.StartAsync(Sample.Sweep(0, 1));
        await stage.Manager.QueueSweepAsync(urgent, new() { Priority = 5 }, _none);
        stage.Store.Sweep(urgent).Spec.Executor.Priority.ShouldBe(5);
        var sweeps = new List<long>();
        for (var i = 0; i < 6; i++)
        {
            var attempt = await stage.Executor.NextAsync();
            sweeps.Add(stage.Store.Trial(attempt.TrialId).SweepId);
            await stage.EndAsync(attempt, TrialState.Completed);
        }
        sweeps.ShouldBe([1, urgent, urgent, urgent, urgent, 1]);
        await Should.ThrowAsync<InvalidOperationException>(() =>
            stage.Manager.QueueSweepAsync(urgent, new() { Priority = 1 }, _none)
        );
    }

    [Fact]
    public async Task A_second_sweep_gets_the_next_free_slots_until_both_have_as_many()
    {
        var many = Sample.Sweep(0, 1, 2) with { Executor = new() { Parallel = 8 } };
        var one = await _stage.StartAsync(many);
        var running = new List<HandExecutor.Attempt>();
        for (var i = 0; i < 4; i++)
            running.Add(await _stage.Executor.NextAsync());
        var two = await _stage.StartAsync(many);
        var next = new List<long>();
        foreach (var attempt in running.Take(3))
        {
            await _stage.EndAsync(attempt, TrialState.Completed);
            next.Add(_stage.Store.Trial((await _stage.Executor.NextAsync()).TrialId).SweepId);
        }
        next.ShouldBe([two, two, one]);
    }

    [Fact]
    public async Task An_executor_that_throws_fails_its_trial_and_the_sweep_goes_on()
    {
        var id = await _stage.StartAsync(Sample.Sweep());
        (await _stage.Executor.NextAsync()).Throw(new InvalidOperationException("no room on the device"));
        await _stage.Store.UntilAsync(1, TrialState.Failed);
        _stage.Store.Trial(1).Message.ShouldBe("The executor failed: no room on the device");
        (await _stage.Executor.NextAsync()).End(TrialState.Completed);
        await _stage.Manager.WaitAsync(id, _none);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Completed);
        _stage.Store.Sweep(id).Message.ShouldBe("Of 2 trials, 1 failed.");
    }

    [Fact]
    public async Task An_executor_that_throws_at_once_fails_every_trial_and_the_sweep_says_so()
    {
        _stage.Executor.Broken = new InvalidOperationException("no executor");
        var id = await _stage.StartAsync(Sample.Sweep());
        await _stage.Manager.WaitAsync(id, _none);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Failed);
        _stage
            .Store.Sweep(id)
            .Message.ShouldBe("Every trial failed. The first failure: The executor failed: no executor");
    }

    [Theory]
    [InlineData(TrialState.Waiting)]
    [InlineData(TrialState.Running)]
    public async Task An_outcome_that_is_no_end_fails_the_trial(TrialState state)
    {
        await _stage.StartAsync(Sample.Sweep());
        (await _stage.Executor.NextAsync()).End(state);
        await _stage.Store.UntilAsync(1, TrialState.Failed);
        _stage.Store.Trial(1).Message!.ShouldContain("no end");
    }

    [Fact]
    public async Task A_sweep_that_only_fails_gives_up_after_three_trials_and_says_why()
    {
        var id = await _stage.StartAsync(Sample.Sweep(0, 1, 2, 3, 4));
        for (var i = 0; i < 3; i++)
            await _stage.EndAsync(await _stage.Executor.NextAsync(), TrialState.Failed, $"bad {i}");
        await _stage.Manager.WaitAsync(id, _none);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Failed);
        _stage.Store.Sweep(id).Message!.ShouldContain("bad 0");
        _stage.Executor.Untaken.ShouldBe(0);
        _stage.Store.Trials(id).Count(t => t.State == TrialState.Waiting).ShouldBe(7);
    }

    [Fact]
    public async Task A_sweep_with_three_failures_waits_for_what_still_trains_before_it_gives_up()
    {
        var id = await _stage.StartAsync(Sample.Sweep(0, 1, 2, 3, 4) with { Executor = new() { Parallel = 4 } });
        var attempts = new List<HandExecutor.Attempt>();
        for (var i = 0; i < 4; i++)
            attempts.Add(await _stage.Executor.NextAsync());
        attempts[0].End(TrialState.Failed);
        attempts[1].End(TrialState.Failed);
        attempts.Add(await _stage.Executor.NextAsync());
        attempts.Add(await _stage.Executor.NextAsync());
        await _stage.EndAsync(attempts[2], TrialState.Failed);
        _stage.Executor.Untaken.ShouldBe(0);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Running);
        await _stage.EndAsync(attempts[3], TrialState.Completed);
        await _stage.Executor.NextAsync();
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Running);
    }

    [Fact]
    public async Task A_sweep_that_gave_up_tries_its_failed_trials_again_when_resumed()
    {
        var id = await _stage.StartAsync(Sample.Sweep(0, 1));
        for (var i = 0; i < 3; i++)
            await _stage.EndAsync(await _stage.Executor.NextAsync(), TrialState.Failed);
        await _stage.Manager.WaitAsync(id, _none);
        await _stage.Manager.ResumeSweepAsync(id, _none);
        for (var i = 0; i < 4; i++)
        {
            var attempt = await _stage.Executor.NextAsync();
            attempt.Plan.Attempt.ShouldBe(i < 3 ? 2 : 1);
            attempt.End(TrialState.Completed);
        }
        await _stage.Manager.WaitAsync(id, _none);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Completed);
    }

    [Theory]
    [InlineData(nameof(MemoryStore.Append))]
    [InlineData(nameof(MemoryStore.SetSweepStateAsync))]
    [InlineData(nameof(MemoryStore.AddTrialsAsync))]
    public async Task A_broken_store_fails_the_sweep_that_it_hit_and_the_next_sweep_works(string method)
    {
        var hits = 0;
        _stage.Store.Before = name =>
        {
            if (name == method && hits++ == 0)
                throw new IOException("disk full");
        };
        var id = await _stage.StartAsync(Sample.Sweep());
        if (method == nameof(MemoryStore.SetSweepStateAsync))
            for (var i = 0; i < 2; i++)
                (await _stage.Executor.NextAsync()).End(TrialState.Completed);
        await _stage.Manager.WaitAsync(id, _none);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Failed);
        _stage.Store.Sweep(id).Message.ShouldBe("Could not go on: disk full");

        var next = await _stage.StartAsync(Sample.Sweep());
        for (var i = 0; i < 2; i++)
            (await _stage.Executor.NextAsync()).End(TrialState.Completed);
        await _stage.Manager.WaitAsync(next, _none);
        _stage.Store.Sweep(next).State.ShouldBe(SweepState.Completed);
    }

    [Fact]
    public async Task Wait_refuses_an_unknown_sweep_and_returns_at_once_for_one_that_has_ended()
    {
        await Should.ThrowAsync<SqsNet.Engine.Events.NotFoundException>(() => _stage.Manager.WaitAsync(7, _none));
        var id = _stage.Store.Leave(Sample.Sweep(), SweepState.Completed, TrialState.Completed, TrialState.Completed);
        await _stage.Manager.WaitAsync(id, _none);
    }

    [Fact]
    public async Task Metrics_of_a_running_trial_reach_the_log_and_its_end_carries_its_training_time()
    {
        await _stage.StartAsync(Sample.Sweep());
        var attempt = await _stage.Executor.NextAsync();
        attempt.Report(accuracy: 0.5, seconds: 42);
        await _stage.EndAsync(attempt, TrialState.Completed);
        _stage.Store.Trial(1).Best["val/accuracy"].ShouldBe(0.5);
        _stage.Store.States(1)[^1].Seconds.ShouldBe(42);
    }

    [Fact]
    public async Task Shutdown_lets_running_trials_halt_and_wait_for_the_next_start()
    {
        var id = await _stage.StartAsync(Sample.Sweep());
        var attempt = await _stage.Executor.NextAsync();
        var waiting = _stage.Manager.WaitAsync(id, _none);
        var shutdown = _stage.Manager.ShutdownAsync(_none);
        await Should.ThrowAsync<InvalidOperationException>(() => _stage.StartAsync(Sample.Sweep()));
        attempt.Asked.ShouldBe(ControlRequest.Pause);
        shutdown.IsCompleted.ShouldBeFalse();
        attempt.End(TrialState.Paused);
        await shutdown;
        _stage.Store.Trial(1).State.ShouldBe(TrialState.Waiting);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Running);
        _stage.Executor.Untaken.ShouldBe(0);
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Shutdown_keeps_a_pause_that_a_person_asked_for()
    {
        await _stage.StartAsync(Sample.Sweep());
        var attempt = await _stage.Executor.NextAsync();
        await _stage.Manager.PauseTrialAsync(1, _none);
        var shutdown = _stage.Manager.ShutdownAsync(_none);
        attempt.End(TrialState.Paused);
        await shutdown;
        _stage.Store.Trial(1).State.ShouldBe(TrialState.Paused);
    }

    [Fact]
    public async Task Shutdown_without_running_trials_completes_at_once_and_again()
    {
        await _stage.Manager.ShutdownAsync(_none);
        await _stage.Manager.ShutdownAsync(_none);
    }
}
