using System.Collections.Immutable;

namespace SqsNet.Engine.Events;

/// <summary>A ring: "this changed, read it again". Carries no data.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="TrialId">The trial; null when the sweep itself changed (its state or its list of trials).</param>
/// <param name="LastSeq">Last committed sequence number of the trial; 0 when the sweep itself changed.</param>
public readonly record struct Change(long SweepId, long? TrialId, long LastSeq);

/// <summary>Tells listeners that something was committed. The store rings it after each commit, never before.</summary>
public sealed class ChangeFeed
{
    private ImmutableArray<Action<Change>> _listeners = [];
    private long _rings;

    /// <summary>How often it has rung: what was read at one count and is looked at by another may have changed.</summary>
    public long Rings => Interlocked.Read(ref _rings);

    /// <summary>Adds a listener. It must return quickly and must not throw.</summary>
    /// <returns>Dispose to stop listening.</returns>
    public IDisposable Subscribe(Action<Change> listener)
    {
        ImmutableInterlocked.Update(ref _listeners, static (list, added) => list.Add(added), listener);
        return new Subscription(this, listener);
    }

    /// <summary>Rings every listener.</summary>
    public void Ring(Change change)
    {
        Interlocked.Increment(ref _rings);
        foreach (var listener in _listeners)
            listener(change);
    }

    private sealed class Subscription(ChangeFeed feed, Action<Change> listener) : IDisposable
    {
        public void Dispose() =>
            ImmutableInterlocked.Update(ref feed._listeners, static (list, removed) => list.Remove(removed), listener);
    }
}
