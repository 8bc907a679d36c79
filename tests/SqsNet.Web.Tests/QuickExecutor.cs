using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Tests;

/// <summary>Trains nothing: reports steps as fast as it can, and obeys people as the real executor does.</summary>
internal sealed class QuickExecutor : IExecutor
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Steps that each trial reports before it ends.</summary>
    public int Steps { get; set; } = 10;

    /// <summary>Whether trials stay in training after their steps until <see cref="Release"/>, a pause or a stop.</summary>
    public bool Holds { get; set; }

    public void Release() => _released.TrySetResult();

    public async Task<TrialOutcome> ExecuteAsync(TrialPlan plan, IEventSink sink, TrialControl control)
    {
        for (var step = 1; step <= Steps && control.Request == ControlRequest.None; step++)
            sink.Report(Some.Step(step, ("train/loss", 1.0 / step)));
        while (Holds && !_released.Task.IsCompleted && control.Request == ControlRequest.None)
            await Task.WhenAny(_released.Task, Task.Delay(10));
        return new(
            control.Request switch
            {
                ControlRequest.Pause => TrialState.Paused,
                ControlRequest.Stop => TrialState.Stopped,
                _ => TrialState.Completed,
            }
        );
    }
}
