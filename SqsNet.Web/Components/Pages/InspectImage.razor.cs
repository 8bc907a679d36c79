using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;
using SqsNet.Web.Components.Sweeps;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Pages;

/// <summary>Looks at a picture with the weights of any trial.</summary>
public sealed partial class InspectImage : IDisposable
{
    private readonly Departure _gone = new();
    private IReadOnlyList<SweepRecord> _sweeps = [];
    private IReadOnlyList<TrialRecord> _trials = [];
    private TrialRecord? _trial;
    private long _sweep; // as it was chosen, ahead of the address
    private string? _untrained; // name of a sweep that was chosen in vain
    private bool _loaded;

    /// <summary>Id of the trial; null takes the best of the newest sweep that has weights.</summary>
    [SupplyParameterFromQuery(Name = "trial")]
    private long? Trial { get; set; }

    [SupplyParameterFromQuery(Name = "face")]
    private int? Face { get; set; }

    [Inject]
    private ISweepStore Store { get; set; } = null!;

    [Inject]
    private PageQuery Query { get; set; } = null!;

    protected override async Task OnParametersSetAsync()
    {
        if (_loaded && (Trial is null ? _trial is not null : _trial?.Id == Trial))
            return;
        _sweeps = await Store.ListSweepsAsync(_gone.Token);
        if (Trial is { } id)
        {
            var chosen = await Store.FindTrialAsync(id, _gone.Token);
            if (chosen is not null)
                await TakeAsync(_sweeps.First(sweep => sweep.Id == chosen.SweepId), chosen.Id);
            if (_trial?.Id != id)
                _trial = null;
        }
        else
        {
            foreach (var sweep in _sweeps)
            {
                if (await TakeAsync(sweep, null))
                    break;
            }
        }
        _loaded = true;
    }

    /// <summary>Takes a trial of a sweep: the given one, else the best that has weights.</summary>
    /// <returns>False when the sweep has none.</returns>
    private async Task<bool> TakeAsync(SweepRecord sweep, long? trialId)
    {
        var trained = await TrainedAsync(sweep);
        var found = trialId is { } id
            ? trained.Find(trial => trial.Id == id)
            : Ranking.ByObjective(sweep, trained).FirstOrDefault();
        if (found is null)
            return false;
        (_trials, _trial, _sweep, _untrained) = (trained, found, sweep.Id, null);
        return true;
    }

    private async Task<List<TrialRecord>> TrainedAsync(SweepRecord sweep)
    {
        var trials = await Store.ListTrialsAsync(sweep.Id, _gone.Token);
        return [.. trials.Where(trial => trial.BestEpoch is not null)];
    }

    /// <summary>Goes to the best trial of a sweep; where it has none, says so and stays.</summary>
    private async Task ChooseSweepAsync(long sweepId)
    {
        (_sweep, _untrained) = (sweepId, null);
        var sweep = _sweeps.First(known => known.Id == sweepId);
        if (Ranking.ByObjective(sweep, await TrainedAsync(sweep)).FirstOrDefault() is { } best)
            Choose(best);
        else
            (_sweep, _untrained) = (_trial!.SweepId, sweep.Spec.Name);
    }

    /// <summary>Goes to another trial, with the face where it is of the same dataset.</summary>
    private void Choose(TrialRecord trial) =>
        Query.Set(("trial", trial.Id), ("face", trial.Spec.Dataset == _trial!.Spec.Dataset ? Face : null));

    private static string Name(TrialRecord trial)
    {
        var metric = trial.Spec.Objective.Metric;
        var best = trial.Best.TryGetValue(metric, out var value) ? $" · {Format.Metric(metric, value)}" : "";
        return Format.Trial(trial) + best;
    }

    public void Dispose()
    {
        _gone.Dispose();
    }
}
