using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Sweeps;

// A sweep that gets more than it was started with, or another place in the queue.
public sealed partial class SweepManager
{
    private async Task ExtendAsync(ActiveSweep sweep, SweepExtension extension)
    {
        if (sweep.State is SweepState.Stopped or SweepState.Failed)
            throw Refuse("Sweep", sweep.Id, sweep.State, "be extended");
        var longer = extension.Apply(sweep.Spec);
        // In this order, so that a crash in between leaves a sweep that goes on and is filled up at the next start.
        if (sweep.State.IsFinished())
            await SetStateAsync(sweep, SweepState.Running, message: null).ConfigureAwait(false);
        await _store.SetSweepSpecAsync(sweep.Id, longer, CancellationToken.None).ConfigureAwait(false);
        try
        {
            sweep.Take(longer);
            await FillUpAsync(sweep).ConfigureAwait(false);
            await SetPlannedAsync(sweep).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // Else it would complete without what it was to get more of; resumed, it is filled up.
            await FailAsync(sweep, error).ConfigureAwait(false);
            throw;
        }
    }

    private async Task QueueAsync(ActiveSweep sweep, QueuePlace place)
    {
        if (sweep.State.IsFinished())
            throw Refuse("Sweep", sweep.Id, sweep.State, "wait in the queue");
        var spec = place.Apply(sweep.Spec);
        await _store.SetSweepSpecAsync(sweep.Id, spec, CancellationToken.None).ConfigureAwait(false);
        sweep.Take(spec);
    }

    /// <summary>Gives the configurations that have begun what the specification says and they do not have: seeds, epochs.</summary>
    /// <remarks>Does nothing but after an extension, carried out or cut off.</remarks>
    private async Task FillUpAsync(ActiveSweep sweep)
    {
        foreach (var trial in await ListTooShortAsync(sweep).ConfigureAwait(false))
            await TrainOnAsync(trial, sweep.Spec.Training.Epochs).ConfigureAwait(false);
        if (sweep.Race is not null)
            return;
        var made = new List<NewTrial>();
        var configurations = sweep
            .Trials.Where(trial => trial.Record.ParentId is null)
            .GroupBy(trial => trial.Record.Configuration)
            .OrderBy(group => group.Key);
        foreach (var group in configurations)
        foreach (var seed in sweep.Spec.Seeds.Except(group.Select(trial => trial.Record.Spec.Seed)))
            made.Add(
                SweepPlan.NextSeed(
                    sweep.Spec,
                    group.First().Record,
                    sweep.Trials.Count + made.Count,
                    seed,
                    ProposalReason.Of($"Seed {seed} for a configuration that was there: the sweep was extended.")
                )
            );
        if (made.Count > 0)
            sweep.Add(await _store.AddTrialsAsync(made, CancellationToken.None).ConfigureAwait(false));
    }

    /// <summary>The trials that are to train to more epochs than they were made with.</summary>
    private async Task<IReadOnlyList<ActiveTrial>> ListTooShortAsync(ActiveSweep sweep)
    {
        var shorter = sweep.Trials.Where(trial => MayTrainOn(trial, sweep.Spec.Training.Epochs)).ToList();
        if (shorter.Count == 0 || SweepExtension.VariesEpochs(sweep.Spec))
            return [];
        // What they have reported since they were taken in hand is known to the store alone.
        await _log.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        var stored = await _store.ListTrialsAsync(sweep.Id, CancellationToken.None).ConfigureAwait(false);
        var early = stored.Where(EndedEarly).Select(trial => trial.Id).ToHashSet();
        return shorter.FindAll(trial => !early.Contains(trial.Id));
    }

    private static bool MayTrainOn(ActiveTrial trial, int epochs) =>
        trial.Record.ParentId is null
        && trial.Record.Spec.Training.Epochs < epochs
        && trial.State is not (TrialState.Pruned or TrialState.Stopped);

    /// <summary>Whether early stopping ended it: it would train nothing more, and look at the test split once more.</summary>
    private static bool EndedEarly(TrialRecord trial) =>
        trial.State == TrialState.Completed && trial.Epoch < trial.Spec.Training.Epochs;

    private async Task TrainOnAsync(ActiveTrial trial, int epochs)
    {
        var spec = trial.Record.Spec with { Training = trial.Record.Spec.Training with { Epochs = epochs } };
        await _store.SetTrialSpecAsync(trial.Id, spec, CancellationToken.None).ConfigureAwait(false);
        trial.Take(spec);
        if (trial.State == TrialState.Completed)
            Become(trial, TrialState.Waiting, GoesOn(spec));
        else
            Become(trial, trial.State, trial.Message, asked: trial.Asked);
    }

    private static string GoesOn(TrialSpec spec) => $"Trains on, to epoch {spec.Training.Epochs}.";
}
