using System.Globalization;

namespace SqsNet.Engine.Sweeps.Pruners;

/// <summary>Ends a trial at a rung unless it is among the best of those that have come there.</summary>
/// <remarks>
/// Li et al. 2020 ("A System for Massively Parallel Hyperparameter Tuning"), in the stopping form of Optuna's
/// SuccessiveHalvingPruner: rungs at r η^(s + k) epochs; of the m values at a rung so far, its own included, the best
/// max(1, ⌊m / η⌋) go on, and equals with them. The first to arrive goes on always. NaN ends.
/// </remarks>
internal sealed class SuccessiveHalvingPruner : IPruner
{
    private readonly Goal _goal;
    private readonly int _minEpochs;
    private readonly int _factor;
    private readonly int _skipped;
    private readonly int _bootstrap;

    /// <summary>A rule.</summary>
    /// <param name="goal">Direction of the objective.</param>
    /// <param name="minEpochs">r: epochs of the first rung, 1 or more.</param>
    /// <param name="factor">η: one in so many goes on, 2 or more.</param>
    /// <param name="skipped">s: rungs left out at the bottom, 0 or more.</param>
    /// <param name="bootstrap">Trials that must have come to a rung, beyond which one may pass it; 0 or more.</param>
    internal SuccessiveHalvingPruner(Goal goal, int minEpochs, int factor, int skipped, int bootstrap) =>
        (_goal, _minEpochs, _factor, _skipped, _bootstrap) = (goal, minEpochs, factor, skipped, bootstrap);

    /// <inheritdoc/>
    public PruneDecision? Judge(Curve trial, IReadOnlyList<Curve> others)
    {
        var last = trial.Points[^1];
        var before = trial.Points.Count > 1 ? trial.Points[^2].Epoch : 0;
        PruneDecision? decision = null;
        // An epoch reaches the rungs that the one before it had not; as a rule one or none.
        for (var rung = 0; Budget(rung) <= last.Epoch && decision is not { Prune: true }; rung++)
            if (Budget(rung) > before)
                decision = Judge(rung, last, others);
        return decision;
    }

    /// <summary>Epochs of a rung: r η^(s + k).</summary>
    internal long Budget(int rung)
    {
        var epochs = (long)_minEpochs;
        for (var k = 0; k < _skipped + rung && epochs <= int.MaxValue; k++)
            epochs *= _factor;
        return epochs;
    }

    private PruneDecision Judge(int rung, CurvePoint last, IReadOnlyList<Curve> others)
    {
        if (double.IsNaN(last.Value))
            return new(true, last.Value, 0, $"Epoch {last.Epoch}, rung {rung}: the objective is not a number.", rung);
        double[] values =
        [
            last.Value,
            .. others
                .Select(other => other.FirstFrom((int)Budget(rung))?.Value)
                .OfType<double>()
                .Where(value => !double.IsNaN(value)),
        ];
        if (values.Length <= _bootstrap)
            return new(
                true,
                last.Value,
                values.Length,
                $"Epoch {last.Epoch}, rung {rung}: one of the first {_bootstrap} to come here.",
                rung
            );
        var goOn = Rungs.GoOn(values.Length, _factor);
        var threshold = Rungs.Threshold(values, _factor, _goal);
        var prune = _goal == Goal.Maximize ? last.Value < threshold : last.Value > threshold;
        return new(
            prune,
            last.Value,
            values.Length,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Epoch {last.Epoch}, rung {rung}: {last.Value:G5} is {(prune ? "not " : "")}among the best {goOn} of {values.Length} that have come here (from {threshold:G5} on)."
            ),
            rung,
            threshold
        );
    }
}
