using Microsoft.Extensions.Logging;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps.Pruners;
using SqsNet.Engine.Sweeps.Racing;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Sweeps;

// What the loop does by itself: propose, hand out, take in, end.
public sealed partial class SweepManager
{
    /// <summary>Brings everything forward as far as it goes, after each command and each outcome.</summary>
    private async Task TendAsync()
    {
        foreach (var sweep in _sweeps.Values.ToList())
            await GuardAsync(
                    sweep,
                    () =>
                    {
                        SettleRungs(sweep);
                        return EndIfDoneAsync(sweep);
                    }
                )
                .ConfigureAwait(false);
        while (!_shuttingDown && _running < _slots && await NextSweepAsync().ConfigureAwait(false) is { } sweep)
            await GuardAsync(sweep, () => StartTrial(sweep)).ConfigureAwait(false);
        if (_shuttingDown && _running == 0)
            Rest();
    }

    /// <summary>The sweep whose turn it is, with a waiting trial; null when none can use a slot.</summary>
    private async Task<ActiveSweep?> NextSweepAsync()
    {
        foreach (var sweep in _turns.Order(_sweeps.Values.Where(s => s.MayRun)).ToList())
        {
            if (sweep.Promotion is { } promotion)
                Promote(sweep, promotion.Next(sweep.RungTrials));
            if (sweep.NextWaiting is null)
                await GuardAsync(sweep, () => ProposeAsync(sweep)).ConfigureAwait(false);
            if (sweep.MayRun && sweep.NextWaiting is not null)
                return sweep;
        }
        return null;
    }

    /// <summary>Asks the sampler, or the race, for what comes next; a sweep that has nothing to come may end by it.</summary>
    private async Task ProposeAsync(ActiveSweep sweep)
    {
        if (sweep.AllProposed)
            return;
        var trials = await ReadTrialsAsync(sweep).ConfigureAwait(false);
        var made = sweep.Race is { } race ? ByRace(sweep, race, trials) : NewConfigurations(sweep, trials);
        if (made.Count > 0)
        {
            sweep.Add(await _store.AddTrialsAsync(made, CancellationToken.None).ConfigureAwait(false));
            if (sweep.Race is not null)
                await SetPlannedAsync(sweep).ConfigureAwait(false);
        }
        else if (sweep.IsRaceDecided)
            await EndIfDoneAsync(sweep).ConfigureAwait(false);
    }

    /// <summary>The sweep's trials as the sampler and the race must see them.</summary>
    private async Task<IReadOnlyList<TrialRecord>> ReadTrialsAsync(ActiveSweep sweep)
    {
        if (!sweep.Sampler.IsAdaptive && sweep.Race is null)
            return [.. sweep.Trials.Select(trial => trial.Record)];
        // They must see what the trials that just ended have reported.
        await _log.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return await _store.ListTrialsAsync(sweep.Id, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Configurations of the sampler: all at once, or one where what has ended decides on the next.</summary>
    private static List<NewTrial> NewConfigurations(ActiveSweep sweep, IReadOnlyList<TrialRecord> trials)
    {
        var history = SweepPlan.History(sweep.Spec, trials).ToList();
        var made = new List<NewTrial>();
        var oneByOne = sweep.Sampler.IsAdaptive || sweep.Race is not null;
        var last = oneByOne ? sweep.Proposed + 1 : sweep.Sampler.Count;
        for (var index = sweep.Proposed; index < last; index++)
        {
            // None yet: what still trains decides on what comes next, and its end brings us here again.
            if (sweep.Sampler.Propose(index, history, SamplerRegistry.Stream(sweep.Spec, index)) is not { } proposal)
                break;
            history.Add(new(proposal.Assignment, Value: null, Pending: true));
            made.AddRange(SweepPlan.Trials(sweep.Id, sweep.Spec, sweep.Trials.Count + made.Count, index, proposal));
        }
        return made;
    }

    /// <summary>The one trial that a race wants next; none where it waits or is decided.</summary>
    private static List<NewTrial> ByRace(ActiveSweep sweep, Race race, IReadOnlyList<TrialRecord> trials)
    {
        var entries = RaceEntry.Of(sweep.Spec, trials);
        var step = race.Next(entries, more: !sweep.AllBegun);
        if (step.Wish == RaceWish.NewConfiguration)
        {
            var begun = NewConfigurations(sweep, trials);
            if (begun.Count > 0)
                return begun.ConvertAll(trial => trial with { Reason = trial.Reason?.And(step.Reason) });
            // The sampler waits for an answer; one more seed may be what it waits for.
            step = race.Next(entries, more: false);
        }
        sweep.IsRaceDecided = step.Wish == RaceWish.Nothing && sweep.AllBegun;
        if (step.Wish != RaceWish.OneMoreSeed)
            return [];
        var entry = entries.First(e => e.Configuration == step.Configuration);
        var sibling = trials.First(trial => trial.ParentId is null && trial.Configuration == step.Configuration);
        var seed = sweep.Spec.Seeds[entry.Started];
        return [SweepPlan.NextSeed(sweep.Spec, sibling, sweep.Trials.Count, seed, step.Reason)];
    }

    private Task SetPlannedAsync(ActiveSweep sweep) =>
        _store.SetPlannedTrialsAsync(sweep.Id, sweep.Planned, CancellationToken.None);

    private Task StartTrial(ActiveSweep sweep)
    {
        var trial = sweep.NextWaiting!;
        var plan = new TrialPlan(
            trial.Id,
            trial.Record.Spec,
            trial.Attempts + 1,
            _options.TrialDirectory(trial.Id),
            _options.Device,
            sweep.Spec.Executor.Kind
        );
        try
        {
            Become(trial, TrialState.Running, message: null, attempt: plan.Attempt);
        }
        catch
        {
            trial.State = TrialState.Waiting;
            throw;
        }
        trial.Attempts = plan.Attempt;
        trial.Wish = Wish.Run;
        trial.Control = new();
        trial.AttemptEpochs = plan.Spec.Training.Epochs;
        _turns.Serve(sweep);
        _running++;
        // Never on the loop's own thread: an executor may be slow to return. Its end comes back as work for the loop.
        _ = Task.Run(() => AttemptAsync(trial, plan, trial.Control));
        return Task.CompletedTask;
    }

    private async Task AttemptAsync(ActiveTrial trial, TrialPlan plan, TrialControl control)
    {
        TrialOutcome outcome;
        var reached = 0;
        try
        {
            if (trial.Record.ParentId is { } parent)
                Forks.EnsureCheckpoint(_options.TrialDirectory(parent), trial.Record.Number, plan.Folder);
            var sink = new AttemptSink(
                _log,
                trial,
                epoch =>
                {
                    reached = epoch.Epoch;
                    _work.Writer.TryWrite(() => GuardAsync(trial.Sweep, () => Judge(trial, control, epoch)));
                }
            );
            outcome = await _executor.ExecuteAsync(plan, sink, control).ConfigureAwait(false);
        }
        catch (Exception thrown)
        {
            _logger.LogError(thrown, "The executor failed to run trial {TrialId}", plan.TrialId);
            outcome = new(TrialState.Failed, $"The executor failed: {thrown.Message}");
        }
        _work.Writer.TryWrite(() => GuardAsync(trial.Sweep, () => TakeIn(trial, control, outcome, reached)));
    }

    /// <summary>Asks the pruner about a trial whose epoch has ended, and writes down what it decides.</summary>
    private Task Judge(ActiveTrial trial, TrialControl control, MetricsReported epoch)
    {
        var sweep = trial.Sweep;
        // A fork is a person's own question, and its curve does not begin where the others' do.
        if ((sweep.Pruner is null && sweep.Promotion is null) || trial.Record.ParentId is not null)
            return Task.CompletedTask;
        if (!epoch.Values.TryGetValue(sweep.Spec.Objective.Metric, out var value))
            return Task.CompletedTask;
        trial.Add(new(epoch.Epoch, epoch.Step, epoch.Seconds, value));
        // At its last epoch a trial has cost all that it will.
        var goesOn = epoch.Epoch < trial.Record.Spec.Training.Epochs;
        if (!goesOn || trial.Control != control || trial.Wish != Wish.Run)
            return Task.CompletedTask;
        var others = sweep.RungTrials.Where(other => other.Curve.TrialId != trial.Id).ToList();
        if (sweep.Promotion?.Judge(trial.Curve, others) is var (atRung, halts))
        {
            Record(trial, epoch.Epoch, atRung);
            if (halts)
            {
                trial.Wish = Wish.Halt;
                WriteDown(trial, ControlRequest.Halt, $"{atRung.Text} Waits with its checkpoint.");
                control.Pause();
            }
        }
        if (sweep.Pruner?.Judge(trial.Curve, [.. others.Select(other => other.Curve)]) is { } decision)
        {
            Record(trial, epoch.Epoch, decision);
            if (decision.Prune)
            {
                trial.Wish = Wish.Prune;
                WriteDown(trial, ControlRequest.Prune, decision.Text);
                control.Prune();
            }
        }
        return Task.CompletedTask;
    }

    private void Record(ActiveTrial trial, int epoch, PruneDecision decision) =>
        _log.Append(trial.Id, new PruningDecided(epoch, decision) { At = _clock.GetUtcNow(), Seconds = trial.Seconds });

    /// <summary>Sends the best trial on that waits at a rung and may go.</summary>
    /// <returns>Whether one was.</returns>
    private bool Promote(ActiveSweep sweep, Promotion? promotion)
    {
        if (promotion is null)
            return false;
        var trial = sweep.Trials.First(candidate => candidate.Id == promotion.TrialId);
        Record(trial, trial.Curve.Points[^1].Epoch, promotion.Decision);
        Become(trial, TrialState.Waiting, promotion.Decision.Text);
        return true;
    }

    /// <summary>
    /// When nothing is left to train but what waits at rungs: sends on who may go, else the best where none has trained
    /// to its end, else ends what waits.
    /// </summary>
    private void SettleRungs(ActiveSweep sweep)
    {
        if (
            sweep is not { State: SweepState.Running, AllProposed: true, Promotion: { } promotion }
            || !sweep.Trials.Any(trial => trial.IsHalted)
            || sweep.Trials.Any(trial => !trial.State.IsFinished() && !trial.IsHalted)
            || Promote(sweep, promotion.Next(sweep.RungTrials))
        )
            return;
        var whole = sweep.Trials.Any(trial => trial.State == TrialState.Completed && trial.Record.ParentId is null);
        if (!whole && Promote(sweep, promotion.Last(sweep.RungTrials)))
            return;
        foreach (var trial in sweep.Trials.Where(trial => trial.IsHalted))
        {
            var last = trial.Curve.Points[^1];
            var why = FormattableString.Invariant(
                $"Waited at epoch {last.Epoch} with {last.Value:G5} and was not sent on."
            );
            Become(trial, TrialState.Pruned, why);
        }
    }

    /// <summary>Writes down how an attempt ended, and what comes next.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="control">The attempt's wire.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="reached">The last epoch that it reported; 0 where its checkpoint was behind the last one.</param>
    private Task TakeIn(ActiveTrial trial, TrialControl control, TrialOutcome outcome, int reached)
    {
        _running--;
        trial.Control = null;
        trial.Sweep.IsRaceDecided = trial.Sweep.Race is null;
        var asked = control.Request != ControlRequest.None;
        // One that stopped early has no use for the epochs that it got meanwhile.
        var goesOn =
            trial.AttemptEpochs < trial.Record.Spec.Training.Epochs && (reached == 0 || reached == trial.AttemptEpochs);
        var (state, message) = outcome.State switch
        {
            TrialState.Paused or TrialState.Pruned when trial.Wish == Wish.Stop => (
                TrialState.Stopped,
                outcome.Message
            ),
            TrialState.Paused or TrialState.Pruned when trial.Wish == Wish.Prune => (TrialState.Pruned, trial.Message),
            TrialState.Paused when trial.Wish == Wish.Halt => (TrialState.Paused, trial.Message),
            TrialState.Paused when trial.Wish == Wish.Run && _shuttingDown => (
                TrialState.Waiting,
                "The server was shut down; goes on from its checkpoint."
            ),
            TrialState.Paused when trial.Wish == Wish.Run && asked => (TrialState.Waiting, outcome.Message),
            TrialState.Waiting or TrialState.Running => (
                TrialState.Failed,
                $"The executor ended with state {SweepSpecJson.Word(outcome.State)}, which is no end."
            ),
            TrialState.Completed when goesOn => (TrialState.Waiting, GoesOn(trial.Record.Spec)),
            _ => (outcome.State, outcome.Message),
        };
        var waits = state == TrialState.Paused && trial.Wish == Wish.Halt;
        Become(trial, state, message, asked: waits ? ControlRequest.Halt : ControlRequest.None);
        TidyCheckpoints();
        return Task.CompletedTask;
    }

    /// <summary>Ends a sweep that has nothing left to do, and lets go of one that has ended.</summary>
    private async Task EndIfDoneAsync(ActiveSweep sweep)
    {
        if (
            sweep is { State: SweepState.Running, OnlyFails: true, Running: 0 }
            && !(sweep.AllEnded && sweep.AllProposed)
        )
        {
            var first = sweep.Trials.First(trial => trial.State == TrialState.Failed);
            await SetStateAsync(
                    sweep,
                    SweepState.Failed,
                    $"Gave up: the first {FailuresToGiveUp} trials failed and none came through. The first failure: {first.Message}"
                )
                .ConfigureAwait(false);
        }
        else if (sweep is { State: SweepState.Running, AllProposed: true, AllEnded: true })
        {
            var (state, message) = EndOf(sweep);
            await SetStateAsync(sweep, state, message).ConfigureAwait(false);
        }
        if (sweep.State.IsFinished() && sweep.Running == 0)
        {
            _sweeps.Remove(sweep.Id);
            sweep.Ended.TrySetResult();
        }
    }

    private static (SweepState State, string? Message) EndOf(ActiveSweep sweep)
    {
        int Count(TrialState state) => sweep.Trials.Count(trial => trial.State == state);
        var (failed, stopped) = (Count(TrialState.Failed), Count(TrialState.Stopped));
        if (failed > 0 && failed == sweep.Trials.Count)
            return (SweepState.Failed, $"Every trial failed. The first failure: {sweep.Trials[0].Message}");
        var parts = new List<string>();
        if (failed > 0)
            parts.Add($"{failed} failed");
        if (stopped > 0)
            parts.Add($"{stopped} were stopped");
        return (
            SweepState.Completed,
            parts.Count > 0 ? $"Of {sweep.Trials.Count} trials, {string.Join(" and ", parts)}." : null
        );
    }

    /// <summary>Stores a sweep's state, after everything that led to it.</summary>
    private async Task SetStateAsync(ActiveSweep sweep, SweepState state, string? message)
    {
        await _log.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        await _store.SetSweepStateAsync(sweep.Id, state, message, CancellationToken.None).ConfigureAwait(false);
        sweep.State = state;
    }

    /// <summary>The one place where a trial's state changes.</summary>
    private void Become(
        ActiveTrial trial,
        TrialState state,
        string? message,
        int? attempt = null,
        ControlRequest asked = ControlRequest.None
    )
    {
        // The state in hand first: whatever the log does, a trial must not be handed out twice.
        (trial.State, trial.Message, trial.Asked) = (state, message, asked);
        _log.Append(
            trial.Id,
            new StateChanged(state, attempt ?? trial.Attempts, message)
            {
                At = _clock.GetUtcNow(),
                Seconds = trial.Seconds,
                Asked = asked,
            }
        );
    }

    /// <summary>Does something for a sweep; an error ends this sweep and no other.</summary>
    private async Task GuardAsync(ActiveSweep sweep, Func<Task> action)
    {
        try
        {
            await action().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            await FailAsync(sweep, error).ConfigureAwait(false);
        }
    }

    private async Task FailAsync(ActiveSweep sweep, Exception error)
    {
        sweep.State = SweepState.Failed;
        await GiveUpAsync(sweep.Id, error).ConfigureAwait(false);
        if (sweep.Running > 0)
            return;
        _sweeps.Remove(sweep.Id);
        sweep.Ended.TrySetResult();
    }

    private async Task GiveUpAsync(long sweepId, Exception error)
    {
        _logger.LogError(error, "Sweep {SweepId} cannot go on", sweepId);
        try
        {
            var message = $"Could not go on: {error.Message}";
            await _store
                .SetSweepStateAsync(sweepId, SweepState.Failed, message, CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (Exception again)
        {
            _logger.LogError(again, "The failure of sweep {SweepId} could not be stored", sweepId);
        }
    }

    private void BeginShutdown()
    {
        _shuttingDown = true;
        foreach (var trial in _sweeps.Values.SelectMany(sweep => sweep.Trials))
            trial.Control?.Pause();
    }

    private void Rest()
    {
        foreach (var sweep in _sweeps.Values)
            sweep.Ended.TrySetCanceled();
        _idle.TrySetResult();
    }
}
