using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SqsNet.Engine.Events;

namespace SqsNet.Storage;

/// <summary>The one writer of events: gathers batches, commits each in one transaction, rings after the commit.</summary>
/// <remarks>
/// An error of the disk (full, unreadable, locked by another program) keeps the batch and tries it again with growing
/// pauses, for as long as the process lives. A batch that fails for any other reason is committed event by event, so
/// that one impossible event costs itself only.
/// </remarks>
internal sealed class EventWriter : IAsyncDisposable
{
    /// <summary>A batch is committed when it has this many events...</summary>
    internal const int BatchSize = 5000;

    /// <summary>...or when its first event has waited this long.</summary>
    internal static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);

    private readonly SqsDatabase _database;
    private readonly ChangeFeed _changes;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly TimeSpan _closingPatience;
    private readonly Channel<Item> _queue = Channel.CreateUnbounded<Item>(new() { SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _loop;
    private volatile TaskCompletionSource _hurry = NewSignal();
    private volatile Trouble? _trouble;
    private long _waiting;
    private long _rejected;
    private long _lastCommitTicks;
    private int _isClosed;

    internal EventWriter(
        SqsDatabase database,
        ChangeFeed changes,
        TimeProvider clock,
        ILogger logger,
        TimeSpan closingPatience
    )
    {
        _closingPatience = closingPatience;
        _database = database;
        _changes = changes;
        _clock = clock;
        _logger = logger;
        using (ExecutionContext.SuppressFlow())
            _loop = Task.Run(RunAsync);
    }

    internal StoreHealth Health
    {
        get
        {
            var trouble = _trouble;
            var committed = Interlocked.Read(ref _lastCommitTicks);
            return new(
                _isClosed != 0 ? StoreCondition.Closed
                    : trouble is null ? StoreCondition.Healthy
                    : StoreCondition.Retrying,
                trouble?.Problem,
                trouble?.Since,
                Interlocked.Read(ref _waiting),
                Interlocked.Read(ref _rejected),
                committed == 0 ? null : new DateTimeOffset(committed, TimeSpan.Zero)
            );
        }
    }

    internal void Append(QueuedEvent queued)
    {
        // Counted first: the writer may be faster than this thread.
        if (Interlocked.Increment(ref _waiting) >= BatchSize)
            _hurry.TrySetResult();
        if (!_queue.Writer.TryWrite(new(queued, null)))
        {
            Interlocked.Decrement(ref _waiting);
            throw Closed();
        }
    }

    internal Task FlushAsync(CancellationToken cancellationToken)
    {
        var committed = NewSignal();
        if (!_queue.Writer.TryWrite(new(null, committed)))
            throw Closed();
        _hurry.TrySetResult();
        return committed.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            _closing.CancelAfter(_closingPatience);
        _queue.Writer.TryComplete();
        _hurry.TrySetResult();
        await _loop.ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<QueuedEvent>();
        var flushes = new List<TaskCompletionSource>();
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            await GatherAsync().ConfigureAwait(false);
            while (batch.Count < BatchSize && _queue.Reader.TryRead(out var item))
            {
                if (item.Event is not null)
                    batch.Add(item.Event);
                else if (item.Flushed is not null)
                    flushes.Add(item.Flushed);
            }
            var lost = await CommitPatientlyAsync(batch).ConfigureAwait(false);
            foreach (var flushed in flushes)
            {
                if (lost is null)
                    flushed.TrySetResult();
                else
                    flushed.TrySetException(lost);
            }
            batch.Clear();
            flushes.Clear();
        }
    }

    /// <summary>Lets a batch grow for a moment, unless somebody waits for it or it is full.</summary>
    private async Task GatherAsync()
    {
        if (Interlocked.Read(ref _waiting) < BatchSize && Volatile.Read(ref _isClosed) == 0)
        {
            using var enough = new CancellationTokenSource();
            var pause = Task.Delay(BatchTime, _clock, enough.Token);
            await Task.WhenAny(_hurry.Task, pause).ConfigureAwait(false);
            await enough.CancelAsync().ConfigureAwait(false);
        }
        // A signal set from here on concerns items that the coming reads may take already: one empty round at worst.
        if (_hurry.Task.IsCompleted)
            _hurry = NewSignal();
    }

    /// <returns>Null when committed; the error when closing ended the patience.</returns>
    private async Task<Exception?> CommitPatientlyAsync(List<QueuedEvent> batch)
    {
        for (var attempt = 0; batch.Count > 0; attempt++)
        {
            try
            {
                await CommitAsync(batch).ConfigureAwait(false);
                if (_trouble is { } over)
                    _logger.LogInformation("The store works again; it failed since {Since}.", over.Since);
                _trouble = null;
                return null;
            }
            catch (Exception error)
            {
                if (!IsOfTheDisk(error) && batch.Count > 1)
                    return await CommitOneByOneAsync(batch).ConfigureAwait(false);
                if (!IsOfTheDisk(error))
                {
                    Reject(batch[0], error);
                    return null;
                }
                _trouble = new(error.Message, _trouble?.Since ?? _clock.GetUtcNow());
                _logger.LogError(error, "{Count} events wait: the store cannot be written.", batch.Count);
                // The connection may have seen the file in a state that is no more.
                _database.ClearPools();
                if (!await PauseAsync(attempt).ConfigureAwait(false))
                {
                    Interlocked.Add(ref _waiting, -batch.Count);
                    _logger.LogCritical("{Count} events are lost: the store cannot be written.", batch.Count);
                    return error;
                }
            }
        }
        return null;
    }

    private async Task<Exception?> CommitOneByOneAsync(List<QueuedEvent> batch)
    {
        Exception? lost = null;
        foreach (var queued in batch)
            lost ??= await CommitPatientlyAsync([queued]).ConfigureAwait(false);
        return lost;
    }

    private async Task CommitAsync(List<QueuedEvent> batch)
    {
        var rejected = new List<QueuedEvent>();
        var changes = await _database
            .WriteAsync(connection => EventBatch.Store(connection, batch, rejected), CancellationToken.None)
            .ConfigureAwait(false);
        Interlocked.Exchange(ref _lastCommitTicks, _clock.GetUtcNow().UtcTicks);
        Interlocked.Add(ref _waiting, rejected.Count - batch.Count);
        foreach (var queued in rejected)
            Reject(queued, new NotFoundException($"Trial {queued.TrialId}"));
        foreach (var change in changes)
            Ring(change);
    }

    private void Ring(Change change)
    {
        try
        {
            _changes.Ring(change);
        }
        catch (Exception error)
        {
            // A listener that breaks its promise must not stop the writer.
            _logger.LogError(error, "A listener of the change feed failed.");
        }
    }

    private void Reject(QueuedEvent queued, Exception error)
    {
        Interlocked.Decrement(ref _waiting);
        Interlocked.Increment(ref _rejected);
        _logger.LogError(error, "Dropped an event of trial {TrialId}: {Payload}", queued.TrialId, queued.Payload);
    }

    private async Task<bool> PauseAsync(int attempt)
    {
        var pause = TimeSpan.FromMilliseconds(50 * Math.Pow(2, Math.Min(attempt, 12)));
        try
        {
            if (pause > s_longestPause)
                pause = s_longestPause;
            await Task.Delay(pause, _clock, _closing.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Whether waiting may help. What SQLite says of the data itself (a broken constraint) stays as it is.</summary>
    private static bool IsOfTheDisk(Exception error) =>
        error switch
        {
            SqliteException sqlite => sqlite.SqliteErrorCode
                is not (
                    SQLitePCL.raw.SQLITE_ERROR
                    or SQLitePCL.raw.SQLITE_CONSTRAINT
                    or SQLitePCL.raw.SQLITE_MISMATCH
                    or SQLitePCL.raw.SQLITE_TOOBIG
                    or SQLitePCL.raw.SQLITE_RANGE
                ),
            IOException or UnauthorizedAccessException => true,
            _ => false,
        };

    private InvalidOperationException Closed() => new($"The event log of \"{_database.FilePath}\" is closed.");

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Item(QueuedEvent? Event, TaskCompletionSource? Flushed);

    private sealed record Trouble(string Problem, DateTimeOffset Since);
}
