using System.Text.Json;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Tests.Components;

/// <summary>Stored sweeps and trials as pages get them.</summary>
internal static class SomeRecords
{
    public static SweepRecord Sweep(int planned = 4, SweepState state = SweepState.Running, SweepSpec? spec = null) =>
        new()
        {
            Id = 1,
            Spec = spec ?? new SweepSpec { Name = "a sweep" },
            State = state,
            PlannedTrials = planned,
            CreatedAt = Some.Time,
            EndedAt = state.IsFinished() ? Some.Time.AddHours(1) : null,
        };

    public static TrialRecord Trial(
        int number,
        TrialState state = TrialState.Completed,
        int configuration = 0,
        int epoch = 0,
        int epochs = 10,
        double? startedAfter = null,
        double? endedAfter = null,
        params (string Name, double Value)[] best
    ) =>
        new()
        {
            Id = 100 + number,
            SweepId = 1,
            Number = number,
            Configuration = configuration,
            Assignment = new Dictionary<string, JsonElement>
            {
                ["sqs.tau"] = JsonSerializer.SerializeToElement(configuration + 0.5),
            },
            Spec = new()
            {
                Dataset = "synthetic",
                Model = new(),
                Training = new() { Epochs = epochs },
                Sqs = new(),
                Objective = new(),
                Seed = number,
            },
            State = state,
            Epoch = epoch,
            StartedAt = startedAfter is { } start ? Some.Time.AddSeconds(start) : null,
            EndedAt = endedAfter is { } end ? Some.Time.AddSeconds(end) : null,
            Best = best.ToDictionary(b => b.Name, b => b.Value),
            CreatedAt = Some.Time,
        };
}
