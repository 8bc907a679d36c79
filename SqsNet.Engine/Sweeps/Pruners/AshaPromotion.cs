using System.Globalization;

namespace SqsNet.Engine.Sweeps.Pruners;

/// <summary>A trial as promotion sees it.</summary>
/// <param name="Curve">Its objective so far.</param>
/// <param name="Halted">Whether it waits at its last rung, with a checkpoint.</param>
public readonly record struct RungTrial(Curve Curve, bool Halted);

/// <summary>
/// Asynchronous successive halving as it was meant: each trial halts at every rung with a checkpoint, and a free slot
/// goes to the best that waits, before anything new begins. Nothing is thrown away that could still win.
/// </summary>
/// <remarks>Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning", algorithm 2. Rungs are at r η^k epochs.</remarks>
internal sealed class AshaPromotion
{
    private readonly Goal _goal;
    private readonly int _factor;
    private readonly int[] _rungs;

    /// <summary>A rule.</summary>
    /// <param name="goal">Direction of the objective.</param>
    /// <param name="minEpochs">r: epochs of the first rung, 1 or more.</param>
    /// <param name="factor">η: one in so many goes on, 2 or more.</param>
    /// <param name="epochs">Epochs of a whole trial; the last is no rung.</param>
    internal AshaPromotion(Goal goal, int minEpochs, int factor, int epochs)
    {
        (_goal, _factor) = (goal, factor);
        var rungs = new List<int>();
        for (var rung = (long)minEpochs; rung < epochs; rung *= factor)
            rungs.Add((int)rung);
        _rungs = [.. rungs];
    }

    /// <summary>The rule of a sweep; null where its pruner is another.</summary>
    internal static AshaPromotion? Of(SweepSpec spec) =>
        spec.Pruner.Kind == PrunerKind.Asha
            ? new(
                spec.Objective.Goal,
                spec.Pruner.MinEpochs ?? PrunerSpec.DefaultMinEpochs,
                spec.Pruner.Factor ?? PrunerSpec.DefaultFactor,
                spec.Training.Epochs
            )
            : null;

    /// <summary>Judges a trial at the end of its last epoch.</summary>
    /// <param name="trial">The trial's curve up to now, with one point or more.</param>
    /// <param name="others">The sweep's other trials.</param>
    /// <returns>The decision, and whether the trial halts; null where its epoch is no rung.</returns>
    internal (PruneDecision Decision, bool Halts)? Judge(Curve trial, IReadOnlyList<RungTrial> others)
    {
        var last = trial.Points[^1];
        var rung = Array.IndexOf(_rungs, last.Epoch);
        if (rung < 0)
            return null;
        if (Next([new(trial, Halted: true), .. others]) is { } next && next.TrialId == trial.TrialId)
            return (next.Decision with { Text = $"{next.Decision.Text} It goes on at once." }, false);
        var come = 1 + others.Count(other => other.Curve.At(last.Epoch) is not null);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"Epoch {last.Epoch}, rung {rung}: {last.Value:G5} is not among the best {come / _factor} of {come} that have come here."
        );
        return (new(false, last.Value, come, text, rung), true);
    }

    /// <summary>The waiting trial that goes on next; null when a new one is to begin.</summary>
    internal Promotion? Next(IReadOnlyList<RungTrial> trials) => Rungs.Next([.. Entries(trials)], _factor, _goal);

    /// <summary>The best waiting trial of the highest rung; null when none waits.</summary>
    /// <remarks>So that a sweep with fewer trials than a rung wants still ends with one that has trained to its end.</remarks>
    internal Promotion? Last(IReadOnlyList<RungTrial> trials)
    {
        var rungs = Entries(trials).ToList();
        for (var rung = rungs.Count - 1; rung >= 0; rung--)
        {
            var waiting = rungs[rung].Where(entry => !entry.Promoted && !double.IsNaN(entry.Value));
            var ranked =
                _goal == Goal.Maximize ? waiting.OrderByDescending(e => e.Value) : waiting.OrderBy(e => e.Value);
            if (ranked.Select(entry => (RungEntry?)entry).FirstOrDefault() is not { } best)
                continue;
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"Rung {rung}: {best.Value:G5} is the best that waits at the highest rung, and nothing else is left to train."
            );
            return new(best.TrialId, rung, new(false, best.Value, rungs[rung].Count, text, rung));
        }
        return null;
    }

    /// <summary>The trials that have come to each rung, the lowest first.</summary>
    private IEnumerable<IReadOnlyList<RungEntry>> Entries(IReadOnlyList<RungTrial> trials) =>
        _rungs.Select(epoch =>
            (IReadOnlyList<RungEntry>)
                [
                    .. from trial in trials
                    let value = trial.Curve.At(epoch)
                    where value is not null
                    let waits = trial.Halted && trial.Curve.Points[^1].Epoch == epoch
                    select new RungEntry(trial.Curve.TrialId, value.Value, Promoted: !waits),
                ]
        );
}
