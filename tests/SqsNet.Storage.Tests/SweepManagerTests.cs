using Microsoft.Extensions.Logging.Abstractions;
using SqsNet.Engine;
using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage.Tests;

/// <summary>The sweep manager on the real store.</summary>
public sealed class SweepManagerTests : IDisposable
{
    private static readonly SweepSpec _spec = new()
    {
        Name = "on SQLite",
        Seeds = [0, 1],
        Space = new Dictionary<string, SpaceParameter>
        {
            ["sqs.tau"] = new() { Values = [System.Text.Json.JsonSerializer.SerializeToElement(0.5)] },
        },
    };

    private readonly string _directory = Directory.CreateTempSubdirectory("sqsnet-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_sweep_runs_to_its_end_with_every_event_stored()
    {
        await using var store = new TestStore(_directory);
        await using var manager = Manage(store, new QuickExecutor());
        var id = await manager.StartAsync(_spec, default);
        await manager.WaitAsync(id, default);

        var sweep = (await store.Sweeps.FindSweepAsync(id, default)).ShouldNotBeNull();
        sweep.State.ShouldBe(SweepState.Completed);
        sweep.PlannedTrials.ShouldBe(4);
        sweep.Counts.ShouldBe(new Dictionary<TrialState, int> { [TrialState.Completed] = 4 });
        foreach (var trial in await store.Sweeps.ListTrialsAsync(id, default))
        {
            trial.Best["val/accuracy"].ShouldBe(trial.Spec.Sqs.Tau);
            var events = await store.Log.ReadAsync(trial.Id, 0, 100, default);
            events
                .Select(e => e.Event.GetType())
                .ShouldBe([typeof(StateChanged), typeof(MetricsReported), typeof(StateChanged)]);
        }
    }

    [Fact]
    public async Task A_sweep_that_a_process_left_is_adopted_by_the_next()
    {
        long id;
        await using (var store = new TestStore(_directory))
        {
            // The process ends without a word while the second trial trains: nothing is shut down.
            var executor = new QuickExecutor { HangAfter = 1 };
            await using var manager = Manage(store, executor);
            id = await manager.StartAsync(_spec, default);
            await executor.Hanging;
            await store.Log.FlushAsync(default);
        }

        await using var reopened = new TestStore(_directory);
        await using var next = Manage(reopened, new QuickExecutor());
        await next.RecoverAsync(default);
        await next.WaitAsync(id, default);
        var trials = await reopened.Sweeps.ListTrialsAsync(id, default);
        trials.ShouldAllBe(trial => trial.State == TrialState.Completed);
        trials.Select(trial => trial.Attempts).ShouldBe([1, 2, 1, 1]);
    }

    [Fact]
    public async Task Shutdown_stores_that_running_trials_wait_for_the_next_start()
    {
        await using var store = new TestStore(_directory);
        var executor = new QuickExecutor { HangAfter = 0 };
        await using var manager = Manage(store, executor);
        var id = await manager.StartAsync(_spec, default);
        await executor.Hanging;
        await manager.ShutdownAsync(default);
        var trials = await store.Sweeps.ListTrialsAsync(id, default);
        trials.ShouldAllBe(trial => trial.State == TrialState.Waiting);
        trials[0].Attempts.ShouldBe(1);
    }

    private SweepManager Manage(TestStore store, IExecutor executor)
    {
        var options = new EngineOptions { DataDirectory = _directory, Device = "cpu" };
        return new(
            store.Sweeps,
            store.Log,
            executor,
            new DatasetRegistry(options),
            options,
            TimeProvider.System,
            NullLogger<SweepManager>.Instance
        );
    }

    /// <summary>Reports one epoch and completes at once; after some trials it hangs until it is asked to halt.</summary>
    private sealed class QuickExecutor : IExecutor
    {
        private readonly TaskCompletionSource _hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _started;

        internal int HangAfter { get; init; } = int.MaxValue;

        internal Task Hanging => _hanging.Task;

        public async Task<TrialOutcome> ExecuteAsync(TrialPlan plan, IEventSink sink, TrialControl control)
        {
            if (Interlocked.Increment(ref _started) > HangAfter)
            {
                _hanging.TrySetResult();
                while (control.Request == ControlRequest.None)
                    await Task.Yield();
                return new(TrialState.Paused);
            }
            var values = new Dictionary<string, double> { ["val/accuracy"] = plan.Spec.Sqs.Tau };
            sink.Report(new MetricsReported(MetricScope.Epoch, 1, 1, values, IsBest: true) { At = Some.Time });
            return new(TrialState.Completed);
        }
    }
}
