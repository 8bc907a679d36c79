using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Executors;

/// <summary>One start of a trial.</summary>
/// <param name="TrialId">The trial.</param>
/// <param name="Spec">What to train.</param>
/// <param name="Attempt">1-based number of this start.</param>
/// <param name="Folder">The trial's own folder, absolute: checkpoints, weights and maps go there; a checkpoint found there is resumed.</param>
/// <param name="Device">Where to train: "cpu", "cuda", "cuda:1".</param>
/// <param name="Executor">Which executor its sweep chose.</param>
public sealed record TrialPlan(
    long TrialId,
    TrialSpec Spec,
    int Attempt,
    string Folder,
    string Device = "cpu",
    ExecutorKind Executor = ExecutorKind.InProcess
);

/// <summary>How an attempt ended.</summary>
/// <param name="State">Completed, Paused, Stopped, Pruned or Failed.</param>
/// <param name="Message">Why; null when nothing needs saying.</param>
public sealed record TrialOutcome(TrialState State, string? Message = null);

/// <summary>Trains trials somewhere.</summary>
public interface IExecutor
{
    /// <summary>Trains one attempt to its end, its pause or its stop. Errors of the trial are outcomes, not exceptions.</summary>
    Task<TrialOutcome> ExecuteAsync(TrialPlan plan, IEventSink sink, TrialControl control);
}
