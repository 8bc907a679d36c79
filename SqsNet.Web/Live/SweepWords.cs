using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Live;

/// <summary>What is said of a sweep where there is room for a sentence.</summary>
internal static class SweepWords
{
    /// <summary>That it has ended, and how: "tau sensitivity completed: 12 trials, 1 failed".</summary>
    public static string Ended(SweepRecord sweep)
    {
        var failed = sweep.Counts.GetValueOrDefault(TrialState.Failed);
        var trials = sweep.Counts.Values.Sum();
        var end = sweep.State switch
        {
            SweepState.Completed => "completed",
            SweepState.Failed => "failed",
            _ => "stopped",
        };
        var counts = $"{trials} {(trials == 1 ? "trial" : "trials")}{(failed > 0 ? $", {failed} failed" : "")}";
        return $"{sweep.Spec.Name} {end}: {counts}{(sweep.Message is { } why ? $". {why}" : "")}";
    }
}
