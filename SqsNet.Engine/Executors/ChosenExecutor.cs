using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Executors;

/// <summary>Hands each trial to the executor that its sweep chose.</summary>
/// <param name="inProcess">Trains in this process.</param>
/// <param name="process">Trains in a process for each trial.</param>
public sealed class ChosenExecutor(InProcessExecutor inProcess, ProcessExecutor process) : IExecutor
{
    /// <inheritdoc/>
    public Task<TrialOutcome> ExecuteAsync(TrialPlan plan, IEventSink sink, TrialControl control) =>
        plan.Executor == ExecutorKind.Process
            ? process.ExecuteAsync(plan, sink, control)
            : inProcess.ExecuteAsync(plan, sink, control);
}
