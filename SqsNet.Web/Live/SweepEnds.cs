using System.Collections.Immutable;
using System.Threading.Channels;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Live;

/// <summary>Tells listeners that a sweep has ended: completed, failed or stopped.</summary>
/// <remarks>A sweep that ended while no server ran is not told of; one that goes on and ends again is told of again.</remarks>
public sealed class SweepEnds(ChangeFeed changes, ISweepStore store, ILogger<SweepEnds> logger) : BackgroundService
{
    private ImmutableArray<Action<SweepRecord>> _listeners = [];

    /// <summary>Adds a listener. It must return quickly and must not throw.</summary>
    /// <returns>Dispose to stop listening.</returns>
    public IDisposable Subscribe(Action<SweepRecord> listener)
    {
        ImmutableInterlocked.Update(ref _listeners, static (list, added) => list.Add(added), listener);
        return new Subscription(this, listener);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var rings = Channel.CreateUnbounded<long>();
        using var listening = changes.Subscribe(change =>
        {
            if (change.TrialId is null)
                rings.Writer.TryWrite(change.SweepId);
        });
        // A sweep that fails at once is found ended when its first ring is heard: those that had ended before are known.
        var ended = (await store.ListSweepsAsync(stoppingToken))
            .Where(sweep => sweep.State.IsFinished())
            .Select(sweep => sweep.Id)
            .ToHashSet();
        await foreach (var id in rings.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                var sweep = await store.FindSweepAsync(id, stoppingToken);
                if (sweep is null)
                    continue;
                if (!sweep.State.IsFinished())
                    ended.Remove(id);
                else if (ended.Add(id))
                    foreach (var listener in _listeners)
                        listener(sweep);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                logger.LogWarning(
                    failure,
                    "Sweep {Sweep} could not be read, so nobody is told whether it has ended.",
                    id
                );
            }
        }
    }

    private sealed class Subscription(SweepEnds ends, Action<SweepRecord> listener) : IDisposable
    {
        public void Dispose() =>
            ImmutableInterlocked.Update(ref ends._listeners, static (list, removed) => list.Remove(removed), listener);
    }
}
