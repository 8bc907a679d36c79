using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web;

/// <summary>Stands in where the engine brings no executor: every trial fails and says so.</summary>
internal sealed class NoExecutor : IExecutor
{
    public Task<TrialOutcome> ExecuteAsync(TrialPlan plan, IEventSink sink, TrialControl control) =>
        Task.FromResult(new TrialOutcome(TrialState.Failed, "This server has no executor to train with."));
}
