using SqsNet.Engine.Efficiency;
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

    /// <summary>20 ms for one image, half a second for 32.</summary>
    public static ModelSpeed Speed(string model, DateTimeOffset at) =>
        new()
        {
            Model = model,
            ImageSize = 224,
            Device = "cpu",
            DeviceName = "A processor",
            Threads = 2,
            Dtype = "float32",
            Library = "libtorch 1.13.1",
            MeasuredAt = at,
            Single = new(1, new(100, 0.02, 0.019, 0.022), 64 << 20),
            Batch = new(32, new(20, 0.5, 0.49, 0.52), 256 << 20),
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
