using System.Runtime.CompilerServices;
using SqsNet.Engine.Events;

namespace SqsNet.Web.Live;

/// <summary>Reads the log of events by cursor, and goes on reading as it grows.</summary>
/// <remarks>
/// The ring says only that something was committed; every event comes from the store, by its number. So a reader that
/// comes back with the last number that it has seen — after a cut, a reload, a restart of the server — gets the rest,
/// all of it and once.
/// </remarks>
public sealed class LiveEvents(IEventLog log, ChangeFeed feed, TimeProvider clock)
{
    /// <summary>Events read from a trial before the next trial has its turn.</summary>
    internal const int BatchSize = 500;

    /// <summary>Rings within this time make one read.</summary>
    internal static readonly TimeSpan Coalesce = TimeSpan.FromMilliseconds(50);

    /// <summary>All events of some trials after the given sequence numbers, then the new ones as they are stored.</summary>
    /// <param name="after">Last known sequence number by trial; 0 for none.</param>
    /// <param name="cancellationToken">Ends the stream; it has no other end.</param>
    /// <returns>Events; in order within each trial, each once.</returns>
    public async IAsyncEnumerable<LiveEvent> FollowAsync(
        IReadOnlyDictionary<long, long> after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var cursors = new Dictionary<long, long>(after);
        // Listening begins before the first read: what is stored in between rings.
        using var bell = new ChangeBell(feed, cursors.Keys.ToHashSet());
        var due = new Queue<long>(cursors.Keys);
        while (true)
        {
            while (due.TryDequeue(out var trial))
            {
                var batch = await log.ReadAsync(trial, cursors[trial], BatchSize, cancellationToken);
                foreach (var stored in batch)
                {
                    yield return new(stored.TrialId, stored.Seq, stored.Event);
                    cursors[trial] = stored.Seq;
                }
                if (batch.Count == BatchSize)
                    due.Enqueue(trial);
            }
            await bell.WaitAsync(cancellationToken);
            await Task.Delay(Coalesce, clock, cancellationToken);
            foreach (var trial in bell.Take())
                due.Enqueue(trial);
        }
    }
}
