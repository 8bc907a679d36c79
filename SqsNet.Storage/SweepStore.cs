using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Pruners;

namespace SqsNet.Storage;

/// <summary>Sweeps and trials in SQLite. Safe from any thread.</summary>
/// <param name="database">The database.</param>
/// <param name="changes">Rung after each commit.</param>
/// <param name="clock">Time of what is stored.</param>
public sealed class SweepStore(SqsDatabase database, ChangeFeed changes, TimeProvider clock) : ISweepStore
{
    /// <summary>A metric that every epoch reports, once, and no step.</summary>
    private const string OfEpochs = "system/memory_bytes";

    private readonly TrialCache _trials = new();
    private readonly SeriesQueries _series = new(database);

    /// <inheritdoc />
    public async Task<long> AddSweepAsync(SweepSpec spec, int plannedTrials, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfNegative(plannedTrials);
        var id = await database
            .WriteAsync(
                connection =>
                    SweepTable.Insert(
                        connection,
                        spec,
                        SweepState.Running,
                        message: null,
                        plannedTrials,
                        clock.GetUtcNow(),
                        endedAt: null
                    ),
                cancellationToken
            )
            .ConfigureAwait(false);
        changes.Ring(new(id, null, 0));
        return id;
    }

    /// <inheritdoc />
    public Task<SweepRecord?> FindSweepAsync(long sweepId, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => SweepTable.Read(connection, sweepId).SingleOrDefault(), cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<SweepRecord>> ListSweepsAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<SweepRecord>>(
            connection => SweepTable.Read(connection, null),
            cancellationToken
        );

    /// <inheritdoc />
    /// <exception cref="NotFoundException">There is no such sweep.</exception>
    public Task SetSweepStateAsync(
        long sweepId,
        SweepState state,
        string? message,
        CancellationToken cancellationToken
    ) =>
        UpdateSweepAsync(
            sweepId,
            "UPDATE sweep SET state = $state, message = $message, ended_at = $endedAt WHERE id = $sweepId",
            new
            {
                sweepId,
                state = SqlValues.Word(state),
                message,
                endedAt = state.IsFinished() ? SqlValues.Time(clock.GetUtcNow()) : null,
            },
            cancellationToken
        );

    /// <inheritdoc />
    /// <exception cref="NotFoundException">There is no such sweep.</exception>
    public Task SetSweepSpecAsync(long sweepId, SweepSpec spec, CancellationToken cancellationToken) =>
        UpdateSweepAsync(
            sweepId,
            "UPDATE sweep SET spec = $spec WHERE id = $sweepId",
            new { sweepId, spec = JsonSerializer.Serialize(spec, SqlValues.Json) },
            cancellationToken
        );

    /// <inheritdoc />
    /// <exception cref="NotFoundException">There is no such trial.</exception>
    public async Task SetTrialSpecAsync(long trialId, TrialSpec spec, CancellationToken cancellationToken)
    {
        var written = JsonSerializer.Serialize(spec, SqlValues.Json);
        var updated = await database
            .WriteAsync(
                connection =>
                    connection.Execute(
                        "UPDATE trial SET spec = $written WHERE id = $trialId",
                        new { trialId, written }
                    ),
                cancellationToken
            )
            .ConfigureAwait(false);
        if (updated == 0)
            throw new NotFoundException($"Trial {trialId}");
    }

    /// <inheritdoc />
    /// <exception cref="NotFoundException">There is no such sweep.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="plannedTrials"/> is negative.</exception>
    public Task SetPlannedTrialsAsync(long sweepId, int plannedTrials, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(plannedTrials);
        return UpdateSweepAsync(
            sweepId,
            "UPDATE sweep SET planned_trials = $plannedTrials WHERE id = $sweepId",
            new { sweepId, plannedTrials },
            cancellationToken
        );
    }

    /// <inheritdoc />
    /// <exception cref="NotFoundException">A sweep, or a trial that one was forked from, does not exist.</exception>
    public async Task<IReadOnlyList<TrialRecord>> AddTrialsAsync(
        IReadOnlyList<NewTrial> trials,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(trials);
        var added = await database
            .WriteAsync<IReadOnlyList<TrialRecord>>(
                connection =>
                {
                    foreach (var sweepId in trials.Select(t => t.SweepId).Distinct())
                        RequireRow(connection, "sweep", sweepId, $"Sweep {sweepId}");
                    foreach (var parentId in trials.Select(t => t.ParentId).OfType<long>().Distinct())
                        RequireRow(connection, "trial", parentId, $"Trial {parentId}");
                    var now = clock.GetUtcNow();
                    return [.. trials.Select(trial => TrialTable.Insert(connection, trial, now))];
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        foreach (var sweepId in trials.Select(t => t.SweepId).Distinct())
            changes.Ring(new(sweepId, null, 0));
        return added;
    }

    /// <inheritdoc />
    public Task<TrialRecord?> FindTrialAsync(long trialId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection => _trials.Read(connection, "trial.id", trialId).SingleOrDefault(),
            cancellationToken
        );

    /// <inheritdoc />
    public Task<IReadOnlyList<TrialRecord>> ListTrialsAsync(long sweepId, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => _trials.Read(connection, "sweep_id", sweepId), cancellationToken);

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<long, IReadOnlyList<CurvePoint>>> ReadCurvesAsync(
        long sweepId,
        string metric,
        CancellationToken cancellationToken
    )
    {
        var trials = await ListTrialsAsync(sweepId, cancellationToken).ConfigureAwait(false);
        long[] ids = [.. trials.Select(trial => trial.Id)];
        var series = await _series
            .ReadManyAsync(ids, new(metric, int.MaxValue), cancellationToken)
            .ConfigureAwait(false);
        // A metric of training has a point for each step, too; only with the mean of an epoch is the memory reported.
        var epochs = metric.StartsWith("train/", StringComparison.Ordinal)
            ? await _series.ReadManyAsync(ids, new(OfEpochs, int.MaxValue), cancellationToken).ConfigureAwait(false)
            : series;
        return series.ToDictionary(pair => pair.Key, pair => CurveOf(pair.Value, epochs[pair.Key]));
    }

    /// <summary>The points of a series that were reported together with those of another, which has one for each epoch.</summary>
    private static IReadOnlyList<CurvePoint> CurveOf(Series series, Series epochs)
    {
        // Points of one report have its time, too: a step that came to where a lost attempt's epoch had ended is none.
        var ends = epochs.Points.Select(point => (point.Step, point.Seconds)).ToHashSet();
        // Those of lost attempts are gone: the n-th is epoch n.
        return
        [
            .. series
                .Points.Where(point => ends.Contains((point.Step, point.Seconds)))
                .Select((point, i) => new CurvePoint(i + 1, point.Step, point.Seconds, point.Value)),
        ];
    }

    private async Task UpdateSweepAsync(
        long sweepId,
        string sql,
        object parameters,
        CancellationToken cancellationToken
    )
    {
        var updated = await database
            .WriteAsync(connection => connection.Execute(sql, parameters), cancellationToken)
            .ConfigureAwait(false);
        if (updated == 0)
            throw new NotFoundException($"Sweep {sweepId}");
        changes.Ring(new(sweepId, null, 0));
    }

    private static void RequireRow(SqliteConnection connection, string table, long id, string what)
    {
        if (connection.ExecuteScalar<long>($"SELECT count(*) FROM {table} WHERE id = $id", new { id }) == 0)
            throw new NotFoundException(what);
    }
}
