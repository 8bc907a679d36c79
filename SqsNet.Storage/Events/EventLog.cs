using Microsoft.Extensions.Logging;
using SqsNet.Engine.Events;

namespace SqsNet.Storage;

/// <summary>The event log in SQLite. Safe from any thread.</summary>
/// <remarks>
/// Appending only queues; one writer commits batches and rings the change feed after each commit. Reading sees
/// committed events only, in their final order, so a reader that asks again after the last number that it has seen
/// loses and doubles nothing.
/// </remarks>
public sealed class EventLog : IEventLog, IAsyncDisposable, IDisposable
{
    private readonly SqsDatabase _database;
    private readonly EventWriter? _writer;

    /// <summary>Starts the writer, unless the database was opened for reading only.</summary>
    /// <param name="database">The database; must outlive this.</param>
    /// <param name="changes">Rung after each commit.</param>
    /// <param name="clock">Time of batches and retries.</param>
    /// <param name="logger">Told of every error.</param>
    public EventLog(SqsDatabase database, ChangeFeed changes, TimeProvider clock, ILogger<EventLog> logger)
        : this(database, changes, clock, logger, TimeSpan.FromSeconds(10)) { }

    internal EventLog(
        SqsDatabase database,
        ChangeFeed changes,
        TimeProvider clock,
        ILogger logger,
        TimeSpan closingPatience
    )
    {
        ArgumentNullException.ThrowIfNull(database);
        _database = database;
        _writer = database.IsReadOnly ? null : new EventWriter(database, changes, clock, logger, closingPatience);
    }

    /// <summary>Whether events reach the disk, and how many wait.</summary>
    public StoreHealth Health => _writer?.Health ?? new(StoreCondition.Closed, null, null, 0, 0, null);

    /// <summary>Queues an event for storing. Never waits; events are numbered in the order of this call.</summary>
    /// <param name="trialId">The trial; an event of a trial that does not exist is dropped and logged.</param>
    /// <param name="trialEvent">The event; must not change afterwards.</param>
    /// <exception cref="InvalidOperationException">The log is closed or was opened for reading only.</exception>
    public void Append(long trialId, TrialEvent trialEvent)
    {
        ArgumentNullException.ThrowIfNull(trialEvent);
        Writer.Append(QueuedEvent.From(trialId, trialEvent));
    }

    /// <summary>Completes when everything appended before this call is committed to disk.</summary>
    /// <exception cref="InvalidOperationException">The log is closed or was opened for reading only.</exception>
    public Task FlushAsync(CancellationToken cancellationToken) => Writer.FlushAsync(cancellationToken);

    /// <summary>Events of a trial with a sequence number greater than <paramref name="after"/>, oldest first.</summary>
    /// <param name="trialId">The trial; one that does not exist has no events.</param>
    /// <param name="after">Last number already known; 0 reads from the start.</param>
    /// <param name="limit">At most so many, 1 or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is below 1.</exception>
    public Task<IReadOnlyList<StoredEvent>> ReadAsync(
        long trialId,
        long after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return _database.ReadAsync<IReadOnlyList<StoredEvent>>(
            connection => [.. EventTable.Read(connection, trialId, after, limit: limit)],
            cancellationToken
        );
    }

    /// <summary>Commits what was appended, then closes. After ten seconds of a failing disk it gives up and logs the loss.</summary>
    public ValueTask DisposeAsync() => _writer?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>As <see cref="DisposeAsync"/>, waiting.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private EventWriter Writer =>
        _writer ?? throw new InvalidOperationException($"\"{_database.FilePath}\" was opened for reading only.");
}
