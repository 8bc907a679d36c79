using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using SqsNet.Engine.Events;
using SqsNet.Engine.Models;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;

namespace SqsNet.Storage.Tests;

/// <summary>Values that a test needs and does not care about.</summary>
internal static class Some
{
    internal static DateTimeOffset Time { get; } = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    internal static TrialSpec TrialSpec(int seed = 0) =>
        new()
        {
            Dataset = "synthetic",
            Model = new ModelSpec(),
            Training = new TrainingSpec { Epochs = 3 },
            Sqs = new SqsSpec { Tau = 0.5 },
            Objective = new ObjectiveSpec(),
            Seed = seed,
        };

    internal static NewTrial Trial(long sweepId, int number = 0, long? parentId = null) =>
        new(
            sweepId,
            number,
            number / 2,
            new Dictionary<string, JsonElement> { ["sqs.tau"] = JsonSerializer.SerializeToElement(0.5) },
            TrialSpec(number % 2),
            parentId
        );

    internal static StateChanged State(TrialState state, int attempt = 1, string? message = null) =>
        new(state, attempt, message) { At = Time };

    internal static MetricsReported Step(long step, params (string Name, double Value)[] values) =>
        new(MetricScope.Step, step, 1, values.ToDictionary(v => v.Name, v => v.Value))
        {
            At = Time.AddSeconds(step),
            Seconds = step * 0.5,
        };

    internal static MetricsReported Epoch(int epoch, bool isBest, params (string Name, double Value)[] values) =>
        new(MetricScope.Epoch, epoch * 100, epoch, values.ToDictionary(v => v.Name, v => v.Value), isBest)
        {
            At = Time.AddSeconds(epoch * 100),
            Seconds = epoch * 50.0,
        };

    internal static MetricsReported Final(int epoch, params (string Name, double Value)[] values) =>
        Epoch(epoch, false, values) with
        {
            Scope = MetricScope.Final,
        };

    internal static ConfusionReported Confusion(string split, int epoch, int corner = 7) =>
        new(
            split,
            epoch,
            ["anger", "joy"],
            [
                [corner, 1],
                [2, 5],
            ]
        )
        {
            At = Time,
        };

    internal static Logged Log(string text, LogSeverity severity = LogSeverity.Info) =>
        new(severity, text) { At = Time, Seconds = 1.25 };

    internal static ArtifactSaved Artifact(string kind, int epoch, string path, long bytes = 10) =>
        new(kind, epoch, path, bytes) { At = Time };
}

/// <summary>A store in a directory of its own, removed afterwards.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly bool _ownsDirectory;

    internal TestStore(string? directory = null)
    {
        _ownsDirectory = directory is null;
        DataDirectory = directory ?? Path.Combine(Path.GetTempPath(), $"sqsnet-{Guid.NewGuid():N}");
        Database = SqsDatabase.Open(DataDirectory);
        Log = new EventLog(Database, Changes, TimeProvider.System, NullLogger<EventLog>.Instance);
        Sweeps = new SweepStore(Database, Changes, TimeProvider.System);
        Series = new SeriesQueries(Database);
        Trials = new TrialQueries(Database);
    }

    internal string DataDirectory { get; }
    internal ChangeFeed Changes { get; } = new();
    internal SqsDatabase Database { get; }
    internal EventLog Log { get; }
    internal SweepStore Sweeps { get; }
    internal SeriesQueries Series { get; }
    internal TrialQueries Trials { get; }

    internal async Task<TrialRecord> AddTrialAsync() =>
        (await Sweeps.AddTrialsAsync([Some.Trial(await AddSweepAsync())], default)).Single();

    internal Task<long> AddSweepAsync() => Sweeps.AddSweepAsync(new SweepSpec { Name = "a sweep" }, 1, default);

    /// <summary>Appends events and waits until they are on disk.</summary>
    internal async Task StoreAsync(long trialId, params IEnumerable<TrialEvent> events)
    {
        foreach (var trialEvent in events)
            Log.Append(trialId, trialEvent);
        await Log.FlushAsync(TestContext.Current.CancellationToken);
    }

    internal async Task<TrialRecord> GetTrialAsync(long trialId) =>
        (await Sweeps.FindTrialAsync(trialId, default)).ShouldNotBeNull();

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        Database.Dispose();
        if (_ownsDirectory)
            Directory.Delete(DataDirectory, recursive: true);
    }
}
