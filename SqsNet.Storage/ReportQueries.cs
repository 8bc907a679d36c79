using SqsNet.Engine.Efficiency;
using SqsNet.Engine.Events;
using SqsNet.Engine.Reports;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage;

/// <summary>Reads what the tables of a sweep are made of. Safe from any thread.</summary>
public sealed class ReportQueries(ISweepStore store, TrialQueries queries, SpeedFile speeds)
{
    /// <summary>Reads what a table needs.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="table">Name of the table, as in <see cref="ReportRegistry.Names"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NotFoundException">No such sweep.</exception>
    public async Task<ReportInput> ReadAsync(long sweepId, string table, CancellationToken cancellationToken)
    {
        var sweep =
            await store.FindSweepAsync(sweepId, cancellationToken).ConfigureAwait(false)
            ?? throw new NotFoundException($"Sweep {sweepId}");
        var trials = await store.ListTrialsAsync(sweepId, cancellationToken).ConfigureAwait(false);
        var matrices = new Dictionary<long, ConfusionReported>();
        foreach (var trial in ReportRegistry.NeedsConfusions(table) ? trials : [])
        {
            // The test split is looked at once, at the end; until then the validation split stands in.
            var matrix =
                await queries.ConfusionAsync(trial.Id, "test", null, cancellationToken).ConfigureAwait(false)
                ?? await queries.ConfusionAsync(trial.Id, "val", null, cancellationToken).ConfigureAwait(false);
            if (matrix is not null)
                matrices[trial.Id] = matrix;
        }
        var input = new ReportInput(sweep, trials)
        {
            Confusions = matrices,
            Speeds = ReportRegistry.NeedsSpeeds(table) ? speeds.Read() : new([], null),
            Confirming = ReportRegistry.NeedsConfirming(table)
                ? await ReadConfirmingAsync(sweep, cancellationToken).ConfigureAwait(false)
                : [],
        };
        return ReportRegistry.NeedsCurves(table)
            ? input with
            {
                Curves = await store
                    .ReadCurvesAsync(sweepId, sweep.Spec.Objective.Metric, cancellationToken)
                    .ConfigureAwait(false),
            }
            : input;
    }

    private async Task<IReadOnlyList<TrialRecord>> ReadConfirmingAsync(
        SweepRecord sweep,
        CancellationToken cancellationToken
    )
    {
        var trials = new List<TrialRecord>();
        foreach (var other in await store.ListSweepsAsync(cancellationToken).ConfigureAwait(false))
            if (other.Id != sweep.Id && other.Spec.Dataset == sweep.Spec.Dataset && SweepConfirmation.IsOne(other.Spec))
                trials.AddRange(await store.ListTrialsAsync(other.Id, cancellationToken).ConfigureAwait(false));
        return trials;
    }
}
