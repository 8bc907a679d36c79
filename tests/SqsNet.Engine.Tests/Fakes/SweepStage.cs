using Microsoft.Extensions.Logging.Abstractions;
using SqsNet.Engine.Data;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Tests.Fakes;

/// <summary>A sweep manager between a store in memory and an executor driven by hand.</summary>
internal sealed class SweepStage : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sqsnet-").FullName;

    internal SweepStage(int slots = 4, MemoryStore? store = null, long checkpointBudget = 0)
    {
        Store = store ?? new();
        var options = new EngineOptions
        {
            DataDirectory = _directory,
            Device = "cpu",
            Slots = slots,
            CheckpointBudget = checkpointBudget,
        };
        Manager = new(
            Store,
            Store,
            Executor,
            new DatasetRegistry(options),
            options,
            TimeProvider.System,
            NullLogger<SweepManager>.Instance
        );
    }

    /// <summary>A trial's folder.</summary>
    internal string Folder(long trialId) => Path.Combine(_directory, "trials", $"{trialId}");

    internal MemoryStore Store { get; }

    internal HandExecutor Executor { get; } = new();

    internal SweepManager Manager { get; }

    internal Task<long> StartAsync(SweepSpec spec) => Manager.StartAsync(spec, CancellationToken.None);

    /// <summary>Completes when the manager has dealt with everything that it knows of.</summary>
    internal Task SettleAsync() => Manager.RecoverAsync(CancellationToken.None);

    /// <summary>Lets an attempt end and waits until that is written down.</summary>
    internal async Task EndAsync(HandExecutor.Attempt attempt, TrialState state, string? message = null)
    {
        attempt.End(state, message);
        await Store.UntilAsync(attempt.TrialId, state);
        await SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Manager.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
