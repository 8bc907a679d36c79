using System.Text.Json;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;

namespace SqsNet.Engine.Sweeps;

// What people ask for, and what the manager does at its start.
public sealed partial class SweepManager
{
    private async Task<long> StartSweepAsync(SweepSpec spec)
    {
        var planned = SweepPlan.CountConfigurations(spec) * SweepPlan.SeedsAtOnce(spec).Count();
        var id = await _store.AddSweepAsync(spec, planned, CancellationToken.None).ConfigureAwait(false);
        var sweep = new ActiveSweep(id, spec, SweepState.Running);
        _sweeps.Add(id, sweep);
        await GuardAsync(sweep, () => ProposeAsync(sweep)).ConfigureAwait(false);
        return id;
    }

    private async Task PauseAsync(ActiveSweep sweep)
    {
        if (sweep.State.IsFinished())
            throw Refuse("Sweep", sweep.Id, sweep.State, "be paused; only a running one can");
        if (sweep.State != SweepState.Paused)
            await SetStateAsync(sweep, SweepState.Paused, message: null).ConfigureAwait(false);
        foreach (var trial in sweep.Trials.Where(trial => trial.Control is not null && !trial.IsEnding))
            if (trial.Wish != Wish.Halt) // that one is on its way to its rung
                AskToHalt(trial);
    }

    private async Task ResumeAsync(ActiveSweep sweep)
    {
        if (sweep.State is SweepState.Completed or SweepState.Stopped)
            throw Refuse("Sweep", sweep.Id, sweep.State, "be resumed; a failed trial of it can, by itself");
        var retry = sweep.State == SweepState.Failed;
        if (sweep.State != SweepState.Running)
            await SetStateAsync(sweep, SweepState.Running, message: null).ConfigureAwait(false);
        foreach (var trial in sweep.Trials)
            if ((trial.State == TrialState.Paused && !trial.IsHalted) || (retry && trial.State == TrialState.Failed))
                Become(trial, TrialState.Waiting, message: null);
            else if (trial.Wish == Wish.Pause)
                GoOn(trial);
        sweep.Forgive();
        await FillUpAsync(sweep).ConfigureAwait(false);
    }

    private async Task StopAsync(ActiveSweep sweep)
    {
        if (sweep.State == SweepState.Stopped)
            return;
        if (sweep.State == SweepState.Completed || (sweep.State == SweepState.Failed && sweep.AllEnded))
            throw Refuse("Sweep", sweep.Id, sweep.State, "be stopped");
        await SetStateAsync(sweep, SweepState.Stopped, message: null).ConfigureAwait(false);
        foreach (var trial in sweep.Trials.Where(trial => !trial.State.IsFinished()))
            End(trial, "Its sweep was stopped.");
    }

    private Task Pause(ActiveTrial trial)
    {
        if (trial.State.IsFinished())
            throw Refuse("Trial", trial.Id, trial.State, "be paused; only a waiting or running one can");
        if (trial.IsEnding)
            throw new InvalidOperationException($"Trial {trial.Id} is being {Word(trial.Wish)} and cannot be paused.");
        if (trial.Control is not null)
        {
            WriteDown(trial, ControlRequest.Pause, "Halts at its next checkpoint.");
            AskToHalt(trial);
        }
        else if (trial.State == TrialState.Waiting)
            Become(trial, TrialState.Paused, message: null);
        return Task.CompletedTask;
    }

    private async Task ResumeAsync(ActiveTrial trial)
    {
        var sweep = trial.Sweep;
        if (trial.State is TrialState.Completed or TrialState.Pruned)
            throw Refuse("Trial", trial.Id, trial.State, "be resumed; only a paused, stopped or failed one can");
        if (trial.IsEnding)
            throw new InvalidOperationException($"Trial {trial.Id} is being {Word(trial.Wish)} and cannot be resumed.");
        var halted = trial.State.CanResume() || trial is { Control: not null, Wish: Wish.Pause };
        if (!halted)
            return;
        if (sweep.State is SweepState.Paused or SweepState.Stopped)
            throw new InvalidOperationException(
                $"Trial {trial.Id} cannot be resumed: its sweep {sweep.Id} is {SweepSpecJson.Word(sweep.State)}."
                    + (sweep.State == SweepState.Paused ? " Resume the sweep." : "")
            );
        if (sweep.State != SweepState.Running)
            await SetStateAsync(sweep, SweepState.Running, message: null).ConfigureAwait(false);
        if (trial.Control is not null)
            GoOn(trial);
        else
            Become(trial, TrialState.Waiting, message: null);
        await FillUpAsync(sweep).ConfigureAwait(false); // the sweep may have got more epochs while the trial was stopped
        sweep.Forgive();
    }

    private Task Stop(ActiveTrial trial)
    {
        if (trial.State.IsFinished() && trial.State != TrialState.Stopped)
            throw Refuse("Trial", trial.Id, trial.State, "be stopped");
        if (trial.State != TrialState.Stopped)
            End(trial, message: null);
        return Task.CompletedTask;
    }

    private async Task<long> ForkAsync(ActiveTrial parent, ForkSpec wanted)
    {
        var sweep = parent.Sweep;
        if (sweep.State == SweepState.Stopped)
            throw Refuse("Sweep", sweep.Id, sweep.State, "get another trial");
        var from = ChooseCheckpoint(parent.Id, wanted.Step);
        var spec = Forks.Spec(parent.Record.Spec, wanted.Changes, from);
        var assignment = new Dictionary<string, JsonElement>(parent.Record.Assignment);
        foreach (var (path, value) in wanted.Changes)
            assignment[path] = value;
        var last = sweep.Trials[^1].Record;
        var configuration = Math.Max(sweep.Sampler.Count, sweep.Trials.Max(trial => trial.Record.Configuration) + 1);
        var fork = new NewTrial(sweep.Id, last.Number + 1, configuration, assignment, spec, parent.Id);
        // Copied now, whole: the parent may train on and remove it before the fork gets a slot.
        var parentFolder = _options.TrialDirectory(parent.Id);
        var aside = Forks.Aside(parentFolder, fork.Number);
        try
        {
            await Task.Run(() => Forks.CopyAside(parentFolder, from.Step, aside)).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw new InvalidOperationException(
                $"The checkpoint of step {from.Step} of trial {parent.Id} cannot be copied: {error.Message}",
                error
            );
        }
        if (sweep.State.IsFinished())
            await SetStateAsync(sweep, SweepState.Running, message: null).ConfigureAwait(false);
        var added = await _store.AddTrialsAsync([fork], CancellationToken.None).ConfigureAwait(false);
        Forks.Take(aside, _options.TrialDirectory(added[0].Id));
        sweep.Add(added);
        sweep.Forgive();
        await SetPlannedAsync(sweep).ConfigureAwait(false);
        return sweep.Trials[^1].Id;
    }

    private KeptCheckpoint ChooseCheckpoint(long trialId, long? step)
    {
        var kept = ListCheckpoints(trialId);
        if (kept.Count == 0)
            throw new InvalidOperationException($"Trial {trialId} keeps no checkpoint to go on from.");
        if (step is null)
            return kept[0];
        var steps = string.Join(" and ", kept.Select(checkpoint => checkpoint.Step));
        return kept.FirstOrDefault(checkpoint => checkpoint.Step == step)
            ?? throw new InvalidSpecException([
                new("step", $"must be that of a kept checkpoint; trial {trialId} keeps {steps}, not {step}"),
            ]);
    }

    private static string Word(Wish ending) => ending == Wish.Prune ? "pruned" : "stopped";

    private static void AskToHalt(ActiveTrial trial)
    {
        trial.Wish = Wish.Pause;
        trial.Control?.Pause();
    }

    private void End(ActiveTrial trial, string? message)
    {
        trial.Wish = Wish.Stop;
        if (trial.Control is { } control)
        {
            WriteDown(trial, ControlRequest.Stop, message ?? "Ends at its next step.");
            control.Stop();
        }
        else
            Become(trial, TrialState.Stopped, message);
    }

    /// <summary>Lets a trial that was asked to halt, and has not yet, go on at once.</summary>
    private void GoOn(ActiveTrial trial)
    {
        trial.Wish = Wish.Run;
        WriteDown(trial, ControlRequest.None, message: null);
    }

    /// <summary>Stores what people ask of a trial that trains: if the process ends before it obeys, the next one knows.</summary>
    private void WriteDown(ActiveTrial trial, ControlRequest asked, string? message)
    {
        if (trial.Asked != asked)
            Become(trial, TrialState.Running, message, asked: asked);
    }

    private async Task OnSweepAsync(long sweepId, Func<ActiveSweep, Task> command)
    {
        var sweep = await TakeAsync(sweepId).ConfigureAwait(false);
        await command(sweep).ConfigureAwait(false);
    }

    private Task OnTrialAsync(long trialId, Func<ActiveTrial, Task> command) =>
        OnTrialAsync(
            trialId,
            async trial =>
            {
                await command(trial).ConfigureAwait(false);
                return true;
            }
        );

    private async Task<T> OnTrialAsync<T>(long trialId, Func<ActiveTrial, Task<T>> command)
    {
        var trial = _sweeps.Values.SelectMany(sweep => sweep.Trials).FirstOrDefault(trial => trial.Id == trialId);
        if (trial is null)
        {
            var record =
                await _store.FindTrialAsync(trialId, CancellationToken.None).ConfigureAwait(false)
                ?? throw new NotFoundException($"Trial {trialId}");
            var sweep = await TakeAsync(record.SweepId).ConfigureAwait(false);
            trial = sweep.Trials.First(candidate => candidate.Id == trialId);
        }
        return await command(trial).ConfigureAwait(false);
    }

    /// <summary>The sweep in hand; another is taken up from the store, and let go of again if it has ended and stays so.</summary>
    private async Task<ActiveSweep> TakeAsync(long sweepId)
    {
        if (_sweeps.TryGetValue(sweepId, out var inHand))
            return inHand;
        await _log.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        var record =
            await _store.FindSweepAsync(sweepId, CancellationToken.None).ConfigureAwait(false)
            ?? throw new NotFoundException($"Sweep {sweepId}");
        return await TakeAsync(record).ConfigureAwait(false);
    }

    private async Task<ActiveSweep> TakeAsync(SweepRecord record)
    {
        var sweep = new ActiveSweep(record.Id, record.Spec, record.State);
        sweep.Add(await _store.ListTrialsAsync(record.Id, CancellationToken.None).ConfigureAwait(false));
        foreach (var trial in sweep.Trials.Where(trial => trial.Record.LastSeq > 0 && !trial.State.IsFinished()))
            await SetClockAsync(trial).ConfigureAwait(false);
        if (sweep.Pruner is not null || sweep.Promotion is not null)
            await SetCurvesAsync(sweep).ConfigureAwait(false);
        Adopt(sweep);
        if (!sweep.State.IsFinished())
            await FillUpAsync(sweep).ConfigureAwait(false);
        _sweeps.Add(record.Id, sweep);
        return sweep;
    }

    private async Task SetCurvesAsync(ActiveSweep sweep)
    {
        var curves = await _store
            .ReadCurvesAsync(sweep.Id, sweep.Spec.Objective.Metric, CancellationToken.None)
            .ConfigureAwait(false);
        foreach (var trial in sweep.Trials)
        foreach (var point in curves.GetValueOrDefault(trial.Id) ?? [])
            trial.Add(point);
    }

    private async Task SetClockAsync(ActiveTrial trial)
    {
        var after = trial.Record.LastSeq - 1;
        var last = await _log.ReadAsync(trial.Id, after, limit: 1, CancellationToken.None).ConfigureAwait(false);
        if (last.Count > 0)
            trial.Seconds = last[0].Event.Seconds;
    }

    private async Task<Task> EndOfAsync(long sweepId) => (await TakeAsync(sweepId).ConfigureAwait(false)).Ended.Task;

    private async Task RecoverSweepsAsync()
    {
        foreach (var record in await _store.ListSweepsAsync(CancellationToken.None).ConfigureAwait(false))
        {
            var left = !record.State.IsFinished() || record.Counts.Keys.Any(state => !state.IsFinished());
            if (!left || _sweeps.ContainsKey(record.Id))
                continue;
            try
            {
                await TakeAsync(record).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                // One sweep that cannot be read must not keep the others from going on.
                await GiveUpAsync(record.Id, error).ConfigureAwait(false);
            }
        }
        TidyCheckpoints();
    }

    /// <summary>Says of each trial that an earlier process left under way what becomes of it, by what was asked of it and of its sweep.</summary>
    private void Adopt(ActiveSweep sweep)
    {
        foreach (var trial in sweep.Trials)
            if (sweep.State == SweepState.Stopped && !trial.State.IsFinished())
                Become(trial, TrialState.Stopped, "Its sweep was stopped.");
            else if (trial.State != TrialState.Running)
                continue;
            else if (trial.Asked == ControlRequest.Stop)
                Become(trial, TrialState.Stopped, message: null);
            else if (trial.Asked == ControlRequest.Prune)
                Become(trial, TrialState.Pruned, trial.Message);
            else if (trial.Asked == ControlRequest.Halt)
                Become(trial, TrialState.Paused, trial.Message, asked: ControlRequest.Halt);
            else if (trial is { Attempts: >= BarrenStarts, Record.Epoch: 0 })
                Become(
                    trial,
                    TrialState.Failed,
                    $"Was started {trial.Attempts} times and the server ended each time before the first epoch was through."
                );
            else if (sweep.State == SweepState.Paused || trial.Asked == ControlRequest.Pause)
                Become(trial, TrialState.Paused, "The server ended while it trained.");
            else
                Become(
                    trial,
                    TrialState.Waiting,
                    "The server ended while it trained; goes on from its last checkpoint."
                );
        if (sweep is { State: SweepState.Running, OnlyFails: true })
            sweep.Forgive();
    }

    private static InvalidOperationException Refuse<T>(string what, long id, T state, string action)
        where T : struct, Enum => new($"{what} {id} is {SweepSpecJson.Word(state)} and cannot {action}.");
}
