using System.Globalization;

namespace SqsNet.Engine.Sweeps.Pruners;

/// <summary>Ends a trial whose best value so far is worse than a percentile of what others had at the same epoch.</summary>
/// <remarks>
/// Golovin et al. 2017 ("Google Vizier", median rule), in the form of Optuna's MedianPruner and PercentilePruner: only
/// trials that trained to their end are compared with, by their values at this very epoch; percentiles interpolate
/// between neighbours; a value equal to the percentile stays. A trial that has seen nothing but NaN ends.
/// </remarks>
internal sealed class PercentilePruner : IPruner
{
    private readonly Goal _goal;
    private readonly double _percentile;
    private readonly int _startTrials;
    private readonly int _warmup;
    private readonly int _interval;

    /// <summary>A rule.</summary>
    /// <param name="goal">Direction of the objective.</param>
    /// <param name="percentile">Share of trials that would go on, in per cent, 0 to 100; 50 is the median.</param>
    /// <param name="startTrials">Trials that must have trained to their end before any is ended.</param>
    /// <param name="warmup">Epochs before the first comparison.</param>
    /// <param name="interval">Epochs between comparisons, 1 or more.</param>
    internal PercentilePruner(Goal goal, double percentile, int startTrials, int warmup, int interval) =>
        (_goal, _percentile, _startTrials, _warmup, _interval) = (goal, percentile, startTrials, warmup, interval);

    /// <inheritdoc/>
    public PruneDecision? Judge(Curve trial, IReadOnlyList<Curve> others)
    {
        var epoch = trial.Points[^1].Epoch;
        var completed = others.Where(other => other.Completed).ToList();
        if (completed.Count < _startTrials || completed.Count == 0 || epoch < _warmup || !IsDue(trial, epoch))
            return null;
        var seen = trial.Points.Select(point => point.Value).Where(value => !double.IsNaN(value)).ToList();
        double[] compared =
        [
            .. completed.Select(other => other.At(epoch)).OfType<double>().Where(v => !double.IsNaN(v)).Order(),
        ];
        if (seen.Count == 0)
            return new(true, double.NaN, compared.Length, $"Has reached no number by epoch {epoch}.");
        if (compared.Length == 0)
            return null;
        var maximize = _goal == Goal.Maximize;
        var best = maximize ? seen.Max() : seen.Min();
        var threshold = Quantile(compared, (maximize ? 100 - _percentile : _percentile) / 100);
        var prune = maximize ? best < threshold : best > threshold;
        var rule = _percentile == 50 ? "the median" : Invariant($"the best {_percentile:0.##} %");
        return new(
            prune,
            best,
            compared.Length,
            Invariant(
                $"Epoch {epoch}: best so far {best:G5}, {(prune ? "worse than" : "within")} {rule} of {compared.Length} completed trials at this epoch ({threshold:G5})."
            ),
            Threshold: threshold
        );
    }

    /// <summary>Whether this is the trial's first epoch of an interval.</summary>
    private bool IsDue(Curve trial, int epoch)
    {
        var from = ((epoch - _warmup) / _interval * _interval) + _warmup;
        return trial.Points.Count < 2 || trial.Points[^2].Epoch < from;
    }

    /// <summary>A quantile of sorted values, linear between neighbours (Hyndman and Fan's type 7).</summary>
    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = Math.Min((int)place, sorted.Length - 1);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
