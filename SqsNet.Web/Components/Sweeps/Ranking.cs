using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Components.Sweeps;

/// <summary>Puts trials in order by what their sweep calls better.</summary>
public static class Ranking
{
    /// <summary>Trials with a value of the objective, the best first; NaN is no value.</summary>
    public static IEnumerable<TrialRecord> ByObjective(SweepRecord sweep, IEnumerable<TrialRecord> trials)
    {
        var objective = sweep.Spec.Objective;
        var sign = objective.Goal == Goal.Maximize ? -1 : 1;
        return trials
            .Where(t => t.Best.TryGetValue(objective.Metric, out var value) && !double.IsNaN(value))
            .OrderBy(t => sign * t.Best[objective.Metric])
            .ThenBy(t => t.Number);
    }
}
