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

/// <summary>A file in a trial's folder, as last announced.</summary>
/// <param name="Id">Its number within the trial: the sequence number of the event that announced it.</param>
/// <param name="Kind">What it is: "maps", "checkpoint", "weights".</param>
/// <param name="Epoch">Epoch, 1-based; 0 before the first.</param>
/// <param name="Path">Path relative to the trial's folder, with forward slashes.</param>
/// <param name="Bytes">Size in bytes.</param>
public sealed record TrialArtifact(long Id, string Kind, int Epoch, string Path, long Bytes);

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
    public Task<IReadOnlyList<TrialArtifact>> ArtifactsAsync(
        long trialId,
        string? kind,
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync<IReadOnlyList<TrialArtifact>>(
            connection =>
                [
                    .. connection
                        .Query<(long Seq, string Payload)>(
                            """
                            SELECT artifact.seq, payload
                            FROM artifact JOIN event ON event.id = artifact.trial_id << 32 | artifact.seq
                            WHERE artifact.trial_id = $trialId ORDER BY artifact.seq
                            """,
                            new { trialId }
                        )
                        .Select(row => ToArtifact(row.Seq, (ArtifactSaved)TrialEventJson.Parse(row.Payload)))
                        .Where(artifact => kind is null || artifact.Kind == kind),
                ],
            cancellationToken
        );

    /// <summary>One file in a trial's folder, also one that was announced again since; null when there is none of that id.</summary>
    /// <param name="trialId">The trial.</param>
    /// <param name="id">As in <see cref="TrialArtifact.Id"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<TrialArtifact?> FindArtifactAsync(long trialId, long id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection =>
                id is > 0 and <= EventKey.Largest && Find<ArtifactSaved>(connection, trialId, id) is { } saved
                    ? ToArtifact(id, saved)
                    : null,
            cancellationToken
        );

    /// <summary>What the pruner decided, oldest first; at most the first 10,000 decisions.</summary>
    public async Task<IReadOnlyList<PruningDecided>> PruningAsync(long trialId, CancellationToken cancellationToken)
    {
        var events = await EventsAsync(trialId, "pruning", after: 0, limit: 10_000, cancellationToken)
            .ConfigureAwait(false);
        return [.. events.Select(stored => (PruningDecided)stored.Event)];
    }

    /// <summary>Looks at the test split that the trial itself took, oldest first; at most the first 10,000.</summary>
    public async Task<IReadOnlyList<TestLooked>> TestLooksAsync(long trialId, CancellationToken cancellationToken)
    {
        var events = await EventsAsync(trialId, "testLook", after: 0, limit: 10_000, cancellationToken)
            .ConfigureAwait(false);
        return [.. events.Select(stored => (TestLooked)stored.Event)];
    }

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
    /// <param name="kind">"state", "metrics", "confusion", "quads", "artifact", "log", "pruning" or "testLook"; null for all.</param>
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

    private static TrialArtifact ToArtifact(long id, ArtifactSaved saved) =>
        new(id, saved.Artifact, saved.Epoch, saved.Path, saved.Bytes);

    private static LogLine ToLine(StoredEvent stored)
    {
        var line = (Logged)stored.Event;
        return new(stored.Seq, line.At, line.Seconds, line.Severity, line.Text);
    }

    private static T? Find<T>(SqliteConnection connection, long trialId, long? seq)
        where T : TrialEvent => seq is { } known ? EventTable.Find<T>(connection, trialId, known) : null;
}
