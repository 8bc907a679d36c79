using Dapper;
using Microsoft.Data.Sqlite;
using SqsNet.Engine.Events;

namespace SqsNet.Storage;

/// <summary>A log line as stored.</summary>
/// <param name="Seq">Its event's sequence number within the trial.</param>
/// <param name="At">When it was written.</param>
/// <param name="Seconds">Training time of the trial so far, in seconds.</param>
/// <param name="Severity">Severity.</param>
/// <param name="Text">The line.</param>
public sealed record LogLine(long Seq, DateTimeOffset At, double Seconds, LogSeverity Severity, string Text);

/// <summary>Reads what a trial reported beside its metrics. A trial that does not exist has nothing. Safe from any thread.</summary>
public sealed class TrialQueries(SqsDatabase database)
{
    /// <summary>A confusion matrix.</summary>
    /// <param name="trialId">The trial.</param>
    /// <param name="split">"val" or "test".</param>
    /// <param name="epoch">Epoch, 1-based; null takes the best epoch's, or the last one when that has none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The last matrix reported for that epoch, or null.</returns>
    public Task<ConfusionReported?> ConfusionAsync(
        long trialId,
        string split,
        int? epoch,
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync(
            connection =>
            {
                var seq = connection.QuerySingleOrDefault<long?>(
                    """
                    SELECT seq FROM confusion JOIN trial ON trial.id = trial_id
                    WHERE trial_id = $trialId AND split = $split AND ($epoch IS NULL OR confusion.epoch = $epoch)
                    ORDER BY confusion.epoch IS best_epoch DESC, confusion.epoch DESC LIMIT 1
                    """,
                    new
                    {
                        trialId,
                        split,
                        epoch,
                    }
                );
                return Find<ConfusionReported>(connection, trialId, seq);
            },
            cancellationToken
        );

    /// <summary>Epochs with a confusion matrix, 1-based, rising.</summary>
    /// <param name="trialId">The trial.</param>
    /// <param name="split">"val" or "test".</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<int>> ConfusionEpochsAsync(
        long trialId,
        string split,
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync<IReadOnlyList<int>>(
            connection =>
                connection
                    .Query<int>(
                        "SELECT epoch FROM confusion WHERE trial_id = $trialId AND split = $split ORDER BY epoch",
                        new { trialId, split }
                    )
                    .AsList(),
            cancellationToken
        );

    /// <summary>The quads kept for inspection, or null before they are chosen.</summary>
    public Task<QuadsChosen?> QuadsAsync(long trialId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection =>
            {
                var seq = connection.QuerySingleOrDefault<long?>(
                    "SELECT quads_seq FROM trial WHERE id = $trialId",
                    new { trialId }
                );
                return Find<QuadsChosen>(connection, trialId, seq);
            },
            cancellationToken
        );

    /// <summary>The files in a trial's folder, each as last announced, in that order.</summary>
    /// <param name="trialId">The trial.</param>
    /// <param name="kind">Only these ("maps", "checkpoint", "weights"); null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<ArtifactSaved>> ArtifactsAsync(
        long trialId,
        string? kind,
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync<IReadOnlyList<ArtifactSaved>>(
            connection =>
                [
                    .. connection
                        .Query<string>(
                            """
                            SELECT payload FROM artifact JOIN event ON event.id = artifact.trial_id << 32 | artifact.seq
                            WHERE artifact.trial_id = $trialId ORDER BY artifact.seq
                            """,
                            new { trialId }
                        )
                        .Select(TrialEventJson.Parse)
                        .OfType<ArtifactSaved>()
                        .Where(artifact => kind is null || artifact.Artifact == kind),
                ],
            cancellationToken
        );

    /// <summary>Log lines, oldest first.</summary>
    /// <param name="trialId">The trial.</param>
    /// <param name="after">Only lines after this sequence number; 0 for all.</param>
    /// <param name="limit">At most so many, 1 or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is below 1.</exception>
    public async Task<IReadOnlyList<LogLine>> LogsAsync(
        long trialId,
        long after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var events = await EventsAsync(trialId, "log", after, limit, cancellationToken).ConfigureAwait(false);
        return [.. events.Select(ToLine)];
    }

    /// <summary>The newest log lines, oldest of them first.</summary>
    /// <param name="trialId">The trial.</param>
    /// <param name="limit">At most so many, 1 or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is below 1.</exception>
    public Task<IReadOnlyList<LogLine>> LastLogsAsync(long trialId, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return database.ReadAsync<IReadOnlyList<LogLine>>(
            connection => [.. EventTable.ReadLast(connection, trialId, "log", limit).Reverse().Select(ToLine)],
            cancellationToken
        );
    }

    /// <summary>Events of one kind, oldest first.</summary>
    /// <param name="trialId">The trial.</param>
    /// <param name="kind">"state", "metrics", "confusion", "quads", "artifact" or "log"; null for all.</param>
    /// <param name="after">Only events after this sequence number; 0 for all.</param>
    /// <param name="limit">At most so many, 1 or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is below 1.</exception>
    public Task<IReadOnlyList<StoredEvent>> EventsAsync(
        long trialId,
        string? kind,
        long after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return database.ReadAsync<IReadOnlyList<StoredEvent>>(
            connection => [.. EventTable.Read(connection, trialId, after, kind, limit)],
            cancellationToken
        );
    }

    private static LogLine ToLine(StoredEvent stored)
    {
        var line = (Logged)stored.Event;
        return new(stored.Seq, line.At, line.Seconds, line.Severity, line.Text);
    }

    private static T? Find<T>(SqliteConnection connection, long trialId, long? seq)
        where T : TrialEvent => seq is { } known ? EventTable.Find<T>(connection, trialId, known) : null;
}
