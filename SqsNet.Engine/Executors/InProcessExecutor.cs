using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Executors;

/// <summary>Trains each trial on a thread of its own in this process, on a device from the pool.</summary>
/// <remarks>
/// Never a pool thread: OpenMP keeps a team of workers for each thread that calls it, and a starved thread pool would take
/// the web server's answers from 1 ms to 4 s. The thread has a lower priority, so that the server stays quick.
/// </remarks>
public sealed class InProcessExecutor : IExecutor
{
    private readonly Func<TrialPlan, IEventSink, TrialControl, TrialOutcome> _run;
    private readonly Lazy<DevicePool> _devices;

    /// <summary>An executor over the devices that the options allow.</summary>
    /// <param name="runner">What trains an attempt.</param>
    /// <param name="devices">The devices; they are looked for when the first trial starts.</param>
    public InProcessExecutor(TrialRunner runner, Lazy<DevicePool> devices)
        : this(runner.Run, devices) { }

    internal InProcessExecutor(Func<TrialPlan, IEventSink, TrialControl, TrialOutcome> run, Lazy<DevicePool> devices) =>
        (_run, _devices) = (run, devices);

    /// <inheritdoc/>
    public Task<TrialOutcome> ExecuteAsync(TrialPlan plan, IEventSink sink, TrialControl control)
    {
        var ended = new TaskCompletionSource<TrialOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        TrainingThread.Start($"trial {plan.TrialId}", () => ended.SetResult(Train(plan, sink, control)));
        return ended.Task;
    }

    private TrialOutcome Train(TrialPlan plan, IEventSink sink, TrialControl control)
    {
        try
        {
            using var lease = _devices.Value.Take();
            return _run(plan with { Device = lease.Device }, sink, control);
        }
        catch (Exception unexpected)
        {
            // The runner turns a trial's errors into outcomes; whatever passes it must still not end the process.
            return new TrialOutcome(TrialState.Failed, $"The trial's thread ended unexpectedly: {unexpected.Message}");
        }
    }
}
