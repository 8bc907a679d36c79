using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Sweeps;

/// <summary>Pause, resume and stop of trials and sweeps, from every state.</summary>
public sealed class SweepLifecycleTests : IAsyncDisposable
{
    private static readonly CancellationToken _none = CancellationToken.None;
    private readonly SweepStage _stage = new();

    private SweepManager Manager => _stage.Manager;

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_paused_trial_halts_gives_up_its_slot_and_goes_on_as_a_new_attempt()
    {
        await _stage.StartAsync(Sample.Sweep(0));
        var first = await _stage.Executor.NextAsync();
        await Manager.PauseTrialAsync(1, _none);
        first.Asked.ShouldBe(ControlRequest.Pause);
        await _stage.EndAsync(first, TrialState.Paused, "at epoch 3");
        _stage.Store.Trial(1).Message.ShouldBe("at epoch 3");
        var second = await _stage.Executor.NextAsync();
        second.TrialId.ShouldBe(2);
        await Manager.ResumeTrialAsync(1, _none);
        await _stage.EndAsync(second, TrialState.Completed);
        var again = await _stage.Executor.NextAsync();
        (again.TrialId, again.Plan.Attempt).ShouldBe((1, 2));
        _stage
            .Store.States(1)
            .Select(s => s.State)
            .ShouldBe([
                TrialState.Running,
                TrialState.Running, // asked to pause
                TrialState.Paused,
                TrialState.Waiting,
                TrialState.Running,
            ]);
    }

    [Fact]
    public async Task Pause_right_after_start_reaches_the_trial_before_its_first_step()
    {
        await _stage.StartAsync(Sample.Sweep(0));
        await Manager.PauseTrialAsync(1, _none);
        (await _stage.Executor.NextAsync()).Asked.ShouldBe(ControlRequest.Pause);
    }

    [Fact]
    public async Task A_waiting_trial_is_paused_and_stopped_without_ever_starting()
    {
        var id = await _stage.StartAsync(Sample.Sweep(0, 1));
        var first = await _stage.Executor.NextAsync();
        await Manager.PauseTrialAsync(2, _none);
        await Manager.StopTrialAsync(3, _none);
        _stage.Store.Trial(2).State.ShouldBe(TrialState.Paused);
        _stage.Store.Trial(3).State.ShouldBe(TrialState.Stopped);
        await _stage.EndAsync(first, TrialState.Completed);
        var next = await _stage.Executor.NextAsync();
        next.TrialId.ShouldBe(4);
        await _stage.EndAsync(next, TrialState.Completed);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Running);
        await Manager.StopTrialAsync(2, _none);
        await Manager.WaitAsync(id, _none);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Completed);
        _stage.Store.Sweep(id).Message.ShouldBe("Of 4 trials, 2 were stopped.");
        _stage.Store.Trial(2).Attempts.ShouldBe(0);
    }

    [Fact]
    public async Task A_stopped_running_trial_ends_when_it_obeys_and_the_sweep_goes_on()
    {
        await _stage.StartAsync(Sample.Sweep(0));
        var first = await _stage.Executor.NextAsync();
        await Manager.StopTrialAsync(1, _none);
        await Manager.StopTrialAsync(1, _none);
        first.Asked.ShouldBe(ControlRequest.Stop);
        _stage.Store.Trial(1).State.ShouldBe(TrialState.Running);
        await Should.ThrowAsync<InvalidOperationException>(() => Manager.PauseTrialAsync(1, _none));
        await Should.ThrowAsync<InvalidOperationException>(() => Manager.ResumeTrialAsync(1, _none));
        await _stage.EndAsync(first, TrialState.Stopped);
        (await _stage.Executor.NextAsync()).TrialId.ShouldBe(2);
    }

    [Fact]
    public async Task A_stop_that_crosses_a_pause_wins()
    {
        await _stage.StartAsync(Sample.Sweep(0));
        var first = await _stage.Executor.NextAsync();
        await Manager.PauseTrialAsync(1, _none);
        await Manager.StopTrialAsync(1, _none);
        first.End(TrialState.Paused);
        await _stage.Store.UntilAsync(1, TrialState.Stopped);
    }

    [Fact]
    public async Task A_resume_that_crosses_a_pause_lets_the_trial_go_on_at_once()
    {
        await _stage.StartAsync(Sample.Sweep(0));
        var first = await _stage.Executor.NextAsync();
        await Manager.PauseTrialAsync(1, _none);
        await Manager.ResumeTrialAsync(1, _none);
        first.End(TrialState.Paused);
        var again = await _stage.Executor.NextAsync();
        (again.TrialId, again.Plan.Attempt).ShouldBe((1, 2));
        again.Asked.ShouldBe(ControlRequest.None);
        _stage.Store.States(1).ShouldNotContain(s => s.State == TrialState.Paused);
    }

    [Theory]
    [InlineData(TrialState.Completed)]
    [InlineData(TrialState.Pruned)]
    public async Task A_trial_that_came_through_refuses_everything_and_says_what_it_is(TrialState state)
    {
        await _stage.StartAsync(Sample.Sweep(0));
        await _stage.EndAsync(await _stage.Executor.NextAsync(), state);
        foreach (
            var command in (Func<long, CancellationToken, Task>[])
                [Manager.PauseTrialAsync, Manager.ResumeTrialAsync, Manager.StopTrialAsync]
        )
            (await Should.ThrowAsync<InvalidOperationException>(() => command(1, _none))).Message.ShouldContain(
                $"Trial 1 is {SweepSpecJson.Word(state)}"
            );
    }

    [Fact]
    public async Task Commands_that_change_nothing_are_accepted_and_leave_no_event()
    {
        var id = await _stage.StartAsync(Sample.Sweep(0));
        var first = await _stage.Executor.NextAsync();
        await Manager.ResumeTrialAsync(1, _none);
        await Manager.ResumeTrialAsync(2, _none);
        await Manager.ResumeSweepAsync(id, _none);
        await Manager.PauseTrialAsync(2, _none);
        await Manager.PauseTrialAsync(2, _none);
        await Manager.StopTrialAsync(2, _none);
        await Manager.StopTrialAsync(2, _none);
        first.Asked.ShouldBe(ControlRequest.None);
        _stage.Store.States(1).Count.ShouldBe(1);
        _stage.Store.States(2).Select(s => s.State).ShouldBe([TrialState.Paused, TrialState.Stopped]);
    }

    [Fact]
    public async Task A_failed_trial_of_a_completed_sweep_can_be_tried_again()
    {
        var id = await _stage.StartAsync(Sample.Sweep(0));
        await _stage.EndAsync(await _stage.Executor.NextAsync(), TrialState.Failed, "out of memory");
        await _stage.EndAsync(await _stage.Executor.NextAsync(), TrialState.Completed);
        await Manager.WaitAsync(id, _none);
        await Manager.ResumeTrialAsync(1, _none);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Running);
        var again = await _stage.Executor.NextAsync();
        again.Plan.Attempt.ShouldBe(2);
        again.End(TrialState.Completed);
        await Manager.WaitAsync(id, _none);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Completed);
        _stage.Store.Sweep(id).Message.ShouldBeNull();
    }

    [Fact]
    public async Task A_stopped_trial_of_a_completed_sweep_goes_on_to_the_epochs_that_the_sweep_has_by_now()
    {
        var id = await _stage.StartAsync(Sample.Sweep(0));
        var first = await _stage.Executor.NextAsync();
        await Manager.StopTrialAsync(1, _none);
        await _stage.EndAsync(first, TrialState.Stopped);
        var second = await _stage.Executor.NextAsync();
        second.Report(0.5, epoch: second.Plan.Spec.Training.Epochs);
        await _stage.EndAsync(second, TrialState.Completed);
        await Manager.WaitAsync(id, _none);
        var epochs = _stage.Store.Trial(1).Spec.Training.Epochs + 5;
        await Manager.ExtendSweepAsync(id, new() { Epochs = epochs }, _none);
        await _stage.EndAsync(await _stage.Executor.NextAsync(), TrialState.Completed);
        await Manager.WaitAsync(id, _none);
        _stage.Store.Trial(1).State.ShouldBe(TrialState.Stopped);

        await Manager.ResumeTrialAsync(1, _none);

        var again = await _stage.Executor.NextAsync();
        (again.TrialId, again.Plan.Attempt, again.Plan.Spec.Training.Epochs).ShouldBe((1, 2, epochs));
        await _stage.EndAsync(again, TrialState.Completed);
        await Manager.WaitAsync(id, _none);
        _stage.Store.Sweep(id).Message.ShouldBeNull();
    }

    [Fact]
    public async Task One_trial_of_a_sweep_that_gave_up_can_be_tried_again_by_itself()
    {
        var id = await _stage.StartAsync(Sample.Sweep(0, 1));
        for (var i = 0; i < 3; i++)
            await _stage.EndAsync(await _stage.Executor.NextAsync(), TrialState.Failed);
        await Manager.WaitAsync(id, _none);
        await Manager.ResumeTrialAsync(2, _none);
        var again = await _stage.Executor.NextAsync();
        again.TrialId.ShouldBe(2);
        await _stage.EndAsync(again, TrialState.Failed);
        (await _stage.Executor.NextAsync()).TrialId.ShouldBe(4);
    }

    [Fact]
    public async Task A_paused_sweep_hands_out_nothing_and_goes_on_with_all_its_trials()
    {
        var id = await _stage.StartAsync(Sample.Sweep(0, 1) with { Executor = new() { Parallel = 2 } });
        var attempts = await _stage.Executor.NextAsync(2);
        var (first, second) = (attempts[0], attempts[1]);
        await Manager.PauseSweepAsync(id, _none);
        await Manager.PauseSweepAsync(id, _none);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Paused);
        await _stage.EndAsync(first, TrialState.Paused);
        await _stage.EndAsync(second, TrialState.Completed);
        _stage.Executor.Untaken.ShouldBe(0);
        (
            await Should.ThrowAsync<InvalidOperationException>(() => Manager.ResumeTrialAsync(1, _none))
        ).Message.ShouldContain("Resume the sweep");
        await Manager.ResumeSweepAsync(id, _none);
        (await _stage.Executor.NextAsync(2)).Select(a => a.TrialId).ShouldBe([1, 3]);
    }

    [Fact]
    public async Task Resuming_a_sweep_whose_trials_have_not_halted_yet_lets_them_go_on()
    {
        var id = await _stage.StartAsync(Sample.Sweep(0));
        var first = await _stage.Executor.NextAsync();
        await Manager.PauseSweepAsync(id, _none);
        await Manager.ResumeSweepAsync(id, _none);
        first.End(TrialState.Paused);
        (await _stage.Executor.NextAsync()).TrialId.ShouldBe(1);
    }

    [Fact]
    public async Task A_stopped_sweep_ends_its_trials_for_good()
    {
        var id = await _stage.StartAsync(Sample.Sweep(0, 1));
        var first = await _stage.Executor.NextAsync();
        await Manager.PauseTrialAsync(2, _none);
        await Manager.StopSweepAsync(id, _none);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Stopped);
        first.Asked.ShouldBe(ControlRequest.Stop);
        var ended = Manager.WaitAsync(id, _none);
        await _stage.SettleAsync();
        ended.IsCompleted.ShouldBeFalse();
        await _stage.EndAsync(first, TrialState.Stopped);
        await ended;
        _stage.Store.Trials(id).ShouldAllBe(t => t.State == TrialState.Stopped);
        await Manager.StopSweepAsync(id, _none);
        await Should.ThrowAsync<InvalidOperationException>(() => Manager.ResumeSweepAsync(id, _none));
        await Should.ThrowAsync<InvalidOperationException>(() => Manager.PauseSweepAsync(id, _none));
        await Should.ThrowAsync<InvalidOperationException>(() => Manager.ResumeTrialAsync(1, _none));
    }

    [Fact]
    public async Task A_completed_sweep_refuses_everything_and_says_what_it_is()
    {
        var id = _stage.Store.Leave(Sample.Sweep(0), SweepState.Completed, TrialState.Completed, TrialState.Completed);
        foreach (
            var command in (Func<long, CancellationToken, Task>[])
                [Manager.PauseSweepAsync, Manager.ResumeSweepAsync, Manager.StopSweepAsync]
        )
            (await Should.ThrowAsync<InvalidOperationException>(() => command(id, _none))).Message.ShouldContain(
                $"Sweep {id} is completed"
            );
    }

    [Fact]
    public async Task Unknown_ids_are_not_found()
    {
        await Should.ThrowAsync<SqsNet.Engine.Events.NotFoundException>(() => Manager.PauseSweepAsync(9, _none));
        await Should.ThrowAsync<SqsNet.Engine.Events.NotFoundException>(() => Manager.StopTrialAsync(9, _none));
    }

    [Fact]
    public async Task Recovery_lets_interrupted_trials_go_on_and_leaves_finished_ones_alone()
    {
        var id = _stage.Store.Leave(
            Sample.Sweep(0, 1),
            SweepState.Running,
            TrialState.Completed,
            TrialState.Running,
            TrialState.Paused,
            TrialState.Waiting
        );
        await Manager.RecoverAsync(_none);
        await Manager.RecoverAsync(_none);
        var again = await _stage.Executor.NextAsync();
        (again.TrialId, again.Plan.Attempt).ShouldBe((2, 2));
        _stage.Store.States(2).Select(s => s.State).ShouldBe([TrialState.Waiting, TrialState.Running]);
        await _stage.EndAsync(again, TrialState.Completed);
        (await _stage.Executor.NextAsync()).TrialId.ShouldBe(4);
        _stage.Store.States(1).ShouldBeEmpty();
        _stage.Store.Trials(id)[2].State.ShouldBe(TrialState.Paused);
    }

    [Fact]
    public async Task Recovery_respects_what_was_asked_of_the_sweep_before_the_crash()
    {
        var paused = _stage.Store.Leave(Sample.Sweep(0), SweepState.Paused, TrialState.Running, TrialState.Waiting);
        var stopped = _stage.Store.Leave(Sample.Sweep(0), SweepState.Stopped, TrialState.Running, TrialState.Waiting);
        await Manager.RecoverAsync(_none);
        _stage.Executor.Untaken.ShouldBe(0);
        _stage.Store.Trials(paused).Select(t => t.State).ShouldBe([TrialState.Paused, TrialState.Waiting]);
        _stage.Store.Trials(stopped).Select(t => t.State).ShouldBe([TrialState.Stopped, TrialState.Stopped]);
    }

    [Theory]
    [InlineData(ControlRequest.Pause, TrialState.Paused)]
    [InlineData(ControlRequest.Stop, TrialState.Stopped)]
    [InlineData(ControlRequest.None, TrialState.Running)]
    public async Task Recovery_respects_what_was_asked_of_a_trial_that_had_not_obeyed_before_the_crash(
        ControlRequest asked,
        TrialState then
    )
    {
        await _stage.StartAsync(Sample.Sweep(0));
        await _stage.Executor.NextAsync();
        await Manager.PauseTrialAsync(1, _none);
        if (asked == ControlRequest.Stop)
            await Manager.StopTrialAsync(1, _none);
        if (asked == ControlRequest.None)
            await Manager.ResumeTrialAsync(1, _none);
        (_stage.Store.Trial(1).State, _stage.Store.Trial(1).Asked).ShouldBe((TrialState.Running, asked));

        await using var next = new SweepStage(slots: 1, store: _stage.Store);
        await next.Manager.RecoverAsync(_none);

        var attempt = await next.Executor.NextAsync();
        attempt.TrialId.ShouldBe(asked == ControlRequest.None ? 1 : 2);
        (next.Store.Trial(1).State, next.Store.Trial(1).Asked).ShouldBe((then, ControlRequest.None));
    }

    [Fact]
    public async Task Recovery_makes_the_trials_that_a_crash_kept_from_being_stored()
    {
        var id = _stage.Store.Leave(Sample.Sweep(0), SweepState.Running);
        await Manager.RecoverAsync(_none);
        for (var i = 0; i < 2; i++)
            (await _stage.Executor.NextAsync()).End(TrialState.Completed);
        await Manager.WaitAsync(id, _none);
        _stage.Store.Trials(id).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Recovery_does_not_start_a_trial_for_ever_that_takes_the_process_down()
    {
        var id = _stage.Store.Leave(Sample.Sweep(0), SweepState.Running, TrialState.Running, TrialState.Waiting);
        _stage.Store.Change(1, trial => trial with { Attempts = SweepManager.BarrenStarts, Epoch = 0 });
        await Manager.RecoverAsync(_none);
        _stage.Store.Trial(1).State.ShouldBe(TrialState.Failed);
        (await _stage.Executor.NextAsync()).TrialId.ShouldBe(2);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Running);
    }

    [Fact]
    public async Task A_sweep_that_cannot_be_read_does_not_keep_the_others_from_going_on()
    {
        var good = _stage.Store.Leave(Sample.Sweep(0), SweepState.Running, TrialState.Running, TrialState.Waiting);
        var bad = _stage.Store.Leave(Sample.Sweep(0), SweepState.Running, TrialState.Running, TrialState.Waiting);
        var hit = false;
        _stage.Store.Before = name =>
        {
            if (name != nameof(MemoryStore.ListTrialsAsync) || hit)
                return;
            hit = true;
            throw new InvalidDataException("damaged page");
        };
        await Manager.RecoverAsync(_none);
        _stage.Store.Sweep(bad).State.ShouldBe(SweepState.Failed);
        _stage.Store.Sweep(bad).Message!.ShouldContain("damaged page");
        _stage.Store.Trial((await _stage.Executor.NextAsync()).TrialId).SweepId.ShouldBe(good);
    }

    [Fact]
    public async Task A_restarted_server_goes_on_where_the_last_one_shut_down()
    {
        var id = await _stage.StartAsync(Sample.Sweep(0));
        var attempt = await _stage.Executor.NextAsync();
        attempt.Report(accuracy: 0.4, seconds: 7);
        var shutdown = Manager.ShutdownAsync(_none);
        attempt.End(TrialState.Paused);
        await shutdown;

        await using var next = new SweepStage(store: _stage.Store);
        await next.Manager.RecoverAsync(_none);
        var again = await next.Executor.NextAsync();
        (again.TrialId, again.Plan.Attempt).ShouldBe((1, 2));
        next.Store.States(1)[^1].Seconds.ShouldBe(7);
        again.End(TrialState.Completed);
        (await next.Executor.NextAsync()).End(TrialState.Completed);
        await next.Manager.WaitAsync(id, _none);
        next.Store.Sweep(id).State.ShouldBe(SweepState.Completed);
    }
}
