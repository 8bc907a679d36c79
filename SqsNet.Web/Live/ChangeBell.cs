using SqsNet.Engine.Events;

namespace SqsNet.Web.Live;

/// <summary>Collects which of some trials have changed, for one reader who takes them when it is ready.</summary>
internal sealed class ChangeBell : IDisposable
{
    private readonly IReadOnlyCollection<long> _trials;
    private readonly IDisposable _subscription;
    private readonly Lock _gate = new();
    private HashSet<long> _changed = [];
    private TaskCompletionSource _rung = NewSignal();

    public ChangeBell(ChangeFeed feed, IReadOnlyCollection<long> trials)
    {
        _trials = trials;
        _subscription = feed.Subscribe(Hear);
    }

    /// <summary>Completes once at least one trial has changed since the last <see cref="Take"/>.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _rung.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The trials that have changed since the last call.</summary>
    public IReadOnlyCollection<long> Take()
    {
        lock (_gate)
        {
            var changed = _changed;
            _changed = [];
            if (_rung.Task.IsCompleted)
                _rung = NewSignal();
            return changed;
        }
    }

    public void Dispose() => _subscription.Dispose();

    private void Hear(Change change)
    {
        if (change.TrialId is not { } trial || !_trials.Contains(trial))
            return;
        lock (_gate)
        {
            _changed.Add(trial);
            _rung.TrySetResult();
        }
    }

    // The store rings from its writer; continuations must not run there.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
