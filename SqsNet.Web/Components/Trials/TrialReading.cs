using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Components.Trials;

/// <summary>A trial with its sweep, read from the store at one moment.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Sweep">Its sweep.</param>
public sealed record TrialReading(TrialRecord Trial, SweepRecord? Sweep)
{
    /// <summary>Reads a trial; null where there is none.</summary>
    public static async Task<TrialReading?> OfAsync(long id, ISweepStore store, CancellationToken cancellationToken) =>
        await store.FindTrialAsync(id, cancellationToken) is { } trial
            ? new(trial, await store.FindSweepAsync(trial.SweepId, cancellationToken))
            : null;
}
