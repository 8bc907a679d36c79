using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Tests;

/// <summary>Plain things for tests.</summary>
internal static class Some
{
    public static TrialSpec TrialSpec(int seed = 0) =>
        new()
        {
            Dataset = "synthetic",
            Model = new(),
            Training = new(),
            Sqs = new(),
            Objective = new(),
            Seed = seed,
        };

    public static TrialPlan Plan(string folder = "/nowhere", long id = 1) => new(id, TrialSpec(), 1, folder);
}

/// <summary>Keeps what was reported.</summary>
internal sealed class ListSink : IEventSink
{
    private readonly Lock _lock = new();
    private readonly List<TrialEvent> _events = [];

    /// <summary>Called with each event, on the reporting thread.</summary>
    public Action<TrialEvent>? Heard { get; set; }

    public IReadOnlyList<TrialEvent> Events
    {
        get
        {
            lock (_lock)
                return [.. _events];
        }
    }

    public void Report(TrialEvent trialEvent)
    {
        lock (_lock)
            _events.Add(trialEvent);
        Heard?.Invoke(trialEvent);
    }
}
