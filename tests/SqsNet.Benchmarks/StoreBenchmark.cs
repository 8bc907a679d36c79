using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using SqsNet.Engine.Events;
using SqsNet.Engine.Models;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;
using SqsNet.Storage;

namespace SqsNet.Benchmarks;

/// <summary>The store under a sweep's load: events in, curves out, a list of many trials.</summary>
internal static class StoreBenchmark
{
    private const int Trials = 50;
    private const int Steps = 10_000;
    private const int ListedTrials = 5_000;
    private const int ListedMetrics = 30;

    private static readonly string[] s_metrics =
    [
        "train/loss",
        "train/loss_cls",
        "train/loss_sqs",
        "train/loss_kl",
        "train/accuracy",
        "train/learning_rate",
        "train/images_per_second",
    ];

    internal static async Task<BenchmarkResult> RunAsync()
    {
        var directory = Directory.CreateTempSubdirectory("sqsnet-bench-").FullName;
        try
        {
            using var database = SqsDatabase.Open(directory);
            var changes = new ChangeFeed();
            await using var log = new EventLog(database, changes, TimeProvider.System, NullLogger<EventLog>.Instance);
            var sweeps = new SweepStore(database, changes, TimeProvider.System);
            var details = new Dictionary<string, double>();
            var trials = await AddTrialsAsync(sweeps, Trials);
            await MeasureIngestAsync(database, log, trials, details);
            var read = await MeasureReadAsync(new SeriesQueries(database), log, trials, details);
            await MeasureListAsync(database, log, sweeps, details);
            return new()
            {
                Name = "store",
                Ours = read,
                Unit =
                    $"ms to read {Trials} series of {Steps} points, reduced to 1500 each while they grow (median of 9)",
                Details = details,
            };
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>All trials at once, as a sweep writes them, into one log.</summary>
    private static async Task MeasureIngestAsync(
        SqsDatabase database,
        EventLog log,
        IReadOnlyList<TrialRecord> trials,
        Dictionary<string, double> details
    )
    {
        var random = new Random(1);
        foreach (var trial in trials)
            log.Append(trial.Id, new StateChanged(TrialState.Running, 1));
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        for (var step = 1; step <= Steps; step++)
        {
            foreach (var trial in trials)
            {
                var values = s_metrics.ToDictionary(
                    m => m,
                    m => (double)(float)(random.NextDouble() / (1 + step * 0.001))
                );
                log.Append(
                    trial.Id,
                    new MetricsReported(MetricScope.Step, step, 1 + step / 100, values)
                    {
                        At = DateTimeOffset.UnixEpoch.AddSeconds(step * 0.173),
                        Seconds = step * 0.173,
                    }
                );
            }
            // Never more than the writer can hold in a few batches: memory is not what is measured.
            if (step % 200 == 0)
                await log.FlushAsync(default);
        }
        await log.FlushAsync(default);
        var events = (double)Steps * trials.Count;
        var points = events * s_metrics.Length;
        details["events per second"] = events / watch.Elapsed.TotalSeconds;
        details["points per second"] = points / watch.Elapsed.TotalSeconds;
        var cpu = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
        details["points per CPU second"] = points / cpu;
        database.Checkpoint();
        details["bytes on disk per point"] = new FileInfo(database.FilePath).Length / points;
    }

    private static async Task<double> MeasureReadAsync(
        SeriesQueries queries,
        EventLog log,
        IReadOnlyList<TrialRecord> trials,
        Dictionary<string, double> details
    )
    {
        var ids = trials.Select(t => t.Id).ToList();
        Task ReadAllAsync() => queries.ReadManyAsync(ids, new(s_metrics[0], 1500), default);
        var (running, cpu) = await MedianAsync(ReadAllAsync);
        details["CPU ms to read them"] = cpu;
        (details["ms to read one of them"], _) = await MedianAsync(() =>
            queries.ReadAsync(ids[7], s_metrics[0], 0, 1500, default)
        );
        foreach (var trial in trials)
            log.Append(trial.Id, new StateChanged(TrialState.Completed, 1));
        await log.FlushAsync(default);
        (details["ms to read them once the trials have ended"], _) = await MedianAsync(ReadAllAsync);
        return running;
    }

    private static async Task MeasureListAsync(
        SqsDatabase database,
        EventLog log,
        SweepStore sweeps,
        Dictionary<string, double> details
    )
    {
        var trials = await AddTrialsAsync(sweeps, ListedTrials);
        var values = Enumerable.Range(0, ListedMetrics).ToDictionary(i => $"val/f1/class {i}", i => i / 30.0);
        foreach (var trial in trials)
        {
            log.Append(trial.Id, new StateChanged(TrialState.Running, 1));
            log.Append(trial.Id, new MetricsReported(MetricScope.Epoch, 100, 1, values, IsBest: true));
            log.Append(trial.Id, new StateChanged(TrialState.Completed, 1));
        }
        await log.FlushAsync(default);
        var list = $"list {ListedTrials} trials with {ListedMetrics} metrics";
        // A new store has read nothing yet.
        (details[$"ms to {list} for the first time"], details["CPU ms to list them"]) = await MedianAsync(() =>
            new SweepStore(database, new ChangeFeed(), TimeProvider.System).ListTrialsAsync(trials[0].SweepId, default)
        );
        (details[$"ms to {list} again"], _) = await MedianAsync(async () =>
        {
            log.Append(trials[7].Id, new Logged(LogSeverity.Info, "one of them changes"));
            await log.FlushAsync(default);
            await sweeps.ListTrialsAsync(trials[0].SweepId, default);
        });
        (details["ms to list the sweeps"], _) = await MedianAsync(() => sweeps.ListSweepsAsync(default));
    }

    private static async Task<IReadOnlyList<TrialRecord>> AddTrialsAsync(SweepStore sweeps, int count)
    {
        var sweep = await sweeps.AddSweepAsync(new SweepSpec { Name = "benchmark" }, count, default);
        var spec = new TrialSpec
        {
            Dataset = "synthetic",
            Model = new ModelSpec(),
            Training = new TrainingSpec(),
            Sqs = new SqsSpec(),
            Objective = new ObjectiveSpec(),
            Seed = 0,
        };
        var assignment = new Dictionary<string, JsonElement>();
        return await sweeps.AddTrialsAsync(
            [.. Enumerable.Range(0, count).Select(i => new NewTrial(sweep, i, i, assignment, spec))],
            default
        );
    }

    /// <summary>Median wall time and mean processor time, in milliseconds: on a busy machine the second says more.</summary>
    private static async Task<(double Wall, double Cpu)> MedianAsync(Func<Task> action)
    {
        const int Repeats = 9;
        var times = new List<double>();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        for (var i = 0; i < Repeats; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await action();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        times.Sort();
        return (times[Repeats / 2], (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds / Repeats);
    }
}
