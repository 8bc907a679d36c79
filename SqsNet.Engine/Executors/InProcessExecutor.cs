using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Executors;

/// <summary>Trains each trial on a thread of its own in this process, on a device from the pool.</summary>
/// <remarks>
/// Never a pool thread: OpenMP keeps a team of workers for each thread that calls it, and a starved thread pool would take
/// the web server's answers from 1 ms to 4 s. The thread lowers its own priority, so that the server stays quick.
/// </remarks>
/// <param name="run">What trains an attempt: the one call in which every executor ends.</param>
/// <param name="devices">Where trials may train.</param>
public sealed class InProcessExecutor(Func<TrialPlan, IEventSink, TrialControl, TrialOutcome> run, DevicePool devices)
    : IExecutor
{
    // Deep enough for the recursion of autograd graphs and JSON; the main thread's usual size.
    private const int StackBytes = 8 << 20;

    /// <inheritdoc/>
    public Task<TrialOutcome> ExecuteAsync(TrialPlan plan, IEventSink sink, TrialControl control)
    {
        var ended = new TaskCompletionSource<TrialOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => ended.SetResult(Train(plan, sink, control)), StackBytes)
        {
            Name = $"trial {plan.TrialId}",
            // A host that ends does not wait for training: the checkpoint has what matters.
            IsBackground = true,
        };
        thread.Start();
        return ended.Task;
    }

    private TrialOutcome Train(TrialPlan plan, IEventSink sink, TrialControl control)
    {
        using var lease = devices.Take();
        try
        {
            return run(plan with { Device = lease.Device }, sink, control);
        }
        catch (Exception unexpected)
        {
            // The runner turns a trial's errors into outcomes; whatever passes it must still not end the process.
            return new TrialOutcome(TrialState.Failed, $"The trial's thread ended unexpectedly: {unexpected.Message}");
        }
    }
}
