using SqsNet.Torch;

namespace SqsNet.Engine.Explain;

/// <summary>One thread for all inference that people ask for, made when it is needed and ended when it is not.</summary>
/// <remarks>
/// One, because OpenMP keeps a team of workers for each thread that calls it; of training's low priority, because a page
/// of the dashboard must not wait for it.
/// </remarks>
/// <param name="name">The thread's name.</param>
/// <param name="idle">How long it waits for more before it ends.</param>
/// <param name="onIdle">Called on the thread before it ends: the place to let go of memory.</param>
internal sealed class InferenceThread(string name, TimeSpan idle, Action onIdle)
{
    private readonly Queue<Action> _queue = new();
    private bool _running;

    /// <summary>Runs work after what was asked for before it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before it began.</exception>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_queue)
        {
            _queue.Enqueue(() => Run(work, done, cancellationToken));
            Monitor.Pulse(_queue);
            if (!_running)
            {
                _running = true;
                TrainingThread.Start(name, Loop);
            }
        }
        return done.Task;
    }

    private static void Run<T>(Func<T> work, TaskCompletionSource<T> done, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            done.SetCanceled(cancellationToken);
            return;
        }
        try
        {
            done.SetResult(work());
        }
        catch (Exception failure)
        {
            done.SetException(failure);
        }
    }

    private void Loop()
    {
        while (Next() is { } work)
            work();
    }

    /// <summary>The next piece of work; null when none came for long, and the thread shall end.</summary>
    private Action? Next()
    {
        lock (_queue)
        {
            if (_queue.Count == 0)
                Monitor.Wait(_queue, idle);
            if (_queue.TryDequeue(out var next))
                return next;
            onIdle();
            _running = false;
            return null;
        }
    }
}
