using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;

namespace SqsNet.Engine.Sweeps;

/// <summary>Runs sweeps: asks samplers for configurations, hands trials to the executor, obeys people.</summary>
/// <remarks>
/// One loop owns every decision: commands of people and outcomes of trials queue up and are handled one at a time, so
/// that no two can interleave. A trial's state changes only by a <see cref="StateChanged"/> event, and what people ask
/// of a sweep is stored before it is carried out: after a crash the store says all there is to know. An exception of
/// the store ends the sweep that it hit (state Failed, with the message); an exception of the executor ends its trial.
/// <para>Slots go to sweeps by priority, then in fair shares: see <see cref="SlotTurns"/>.</para>
/// </remarks>
public sealed partial class SweepManager : IAsyncDisposable
{
    /// <summary>Failed trials, with none that came through, after which a sweep gives up.</summary>
    public const int FailuresToGiveUp = 3;

    /// <summary>Starts without a finished epoch after which a trial is not started again by itself.</summary>
    /// <remarks>A trial that takes the whole process down would otherwise do so at every start.</remarks>
    public const int BarrenStarts = 5;

    private readonly ISweepStore _store;
    private readonly IEventLog _log;
    private readonly IExecutor _executor;
    private readonly EngineOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<SweepManager> _logger;
    private readonly DatasetRegistry _datasets;
    private readonly int _slots;

    private readonly Channel<Func<Task>> _work = Channel.CreateUnbounded<Func<Task>>(new() { SingleReader = true });
    private readonly Dictionary<long, ActiveSweep> _sweeps = [];
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _loop;
    private readonly SlotTurns _turns = new();
    private int _running;
    private bool _shuttingDown;

    /// <summary>A manager without sweeps; <see cref="RecoverAsync"/> adopts those of the store.</summary>
    public SweepManager(
        ISweepStore store,
        IEventLog log,
        IExecutor executor,
        DatasetRegistry datasets,
        EngineOptions options,
        TimeProvider clock,
        ILogger<SweepManager> logger
    )
    {
        (_store, _log, _executor, _options, _clock, _logger) = (store, log, executor, options, clock, logger);
        _datasets = datasets;
        _slots = options.Slots > 0 ? options.Slots : Environment.ProcessorCount;
        _loop = Task.Run(WorkAsync);
    }

    /// <summary>Starts a sweep.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="InvalidSpecException">The specification has problems, or names a dataset that is not registered; carries all of them.</exception>
    /// <exception cref="InvalidOperationException">The manager is shutting down.</exception>
    public Task<long> StartAsync(SweepSpec spec, CancellationToken cancellationToken)
    {
        var errors = spec.Validate(_datasets.Find);
        return errors.Count > 0
            ? Task.FromException<long>(new InvalidSpecException(errors))
            : AskAsync(() => StartSweepAsync(spec), cancellationToken);
    }

    /// <summary>Pauses a running sweep: it hands out nothing more, and what trains halts at a checkpoint. A paused one stays so.</summary>
    /// <exception cref="NotFoundException">No such sweep.</exception>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public Task PauseSweepAsync(long sweepId, CancellationToken cancellationToken) =>
        AskAsync(() => OnSweepAsync(sweepId, PauseAsync), cancellationToken);

    /// <summary>Lets a sweep go on, with all of its paused trials, those paused one by one too. A failed sweep also tries its failed trials again.</summary>
    /// <exception cref="NotFoundException">No such sweep.</exception>
    /// <exception cref="InvalidOperationException">It has completed or was stopped.</exception>
    public Task ResumeSweepAsync(long sweepId, CancellationToken cancellationToken) =>
        AskAsync(() => OnSweepAsync(sweepId, ResumeAsync), cancellationToken);

    /// <summary>Ends a sweep for good: what trains is stopped, what waits never starts. A stopped one stays so.</summary>
    /// <exception cref="NotFoundException">No such sweep.</exception>
    /// <exception cref="InvalidOperationException">It has completed.</exception>
    public Task StopSweepAsync(long sweepId, CancellationToken cancellationToken) =>
        AskAsync(() => OnSweepAsync(sweepId, StopAsync), cancellationToken);

    /// <summary>Gives a sweep more seeds, configurations or epochs; one that has completed goes on.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="extension">What it is to have more of.</param>
    /// <param name="cancellationToken">Gives up waiting for the answer.</param>
    /// <exception cref="NotFoundException">No such sweep.</exception>
    /// <exception cref="InvalidSpecException">It would be no valid sweep, or is no longer than it was; carries every problem.</exception>
    /// <exception cref="InvalidOperationException">It was stopped, or has failed.</exception>
    public Task ExtendSweepAsync(long sweepId, SweepExtension extension, CancellationToken cancellationToken) =>
        AskAsync(() => OnSweepAsync(sweepId, sweep => ExtendAsync(sweep, extension)), cancellationToken);

    /// <summary>Gives a sweep another place in the queue; trials that train are not interrupted.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="place">Its priority and its share.</param>
    /// <param name="cancellationToken">Gives up waiting for the answer.</param>
    /// <exception cref="NotFoundException">No such sweep.</exception>
    /// <exception cref="InvalidSpecException">Priority or share are out of range; carries every problem.</exception>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public Task QueueSweepAsync(long sweepId, QueuePlace place, CancellationToken cancellationToken) =>
        AskAsync(() => OnSweepAsync(sweepId, sweep => QueueAsync(sweep, place)), cancellationToken);

    /// <summary>Pauses a trial; one that trains halts at its next checkpoint, soon after this call. A paused one stays so.</summary>
    /// <exception cref="NotFoundException">No such trial.</exception>
    /// <exception cref="InvalidOperationException">It has ended, or is being stopped.</exception>
    public Task PauseTrialAsync(long trialId, CancellationToken cancellationToken) =>
        AskAsync(() => OnTrialAsync(trialId, Pause), cancellationToken);

    /// <summary>Lets a paused or stopped trial go on from its checkpoint, or tries a failed one again. One that waits or trains stays so.</summary>
    /// <exception cref="NotFoundException">No such trial.</exception>
    /// <exception cref="InvalidOperationException">It has completed, was pruned, is being stopped, or its sweep is paused or stopped.</exception>
    public Task ResumeTrialAsync(long trialId, CancellationToken cancellationToken) =>
        AskAsync(() => OnTrialAsync(trialId, ResumeAsync), cancellationToken);

    /// <summary>Ends a trial until somebody resumes it; one that trains ends soon after this call. A stopped one stays so.</summary>
    /// <exception cref="NotFoundException">No such trial.</exception>
    /// <exception cref="InvalidOperationException">It has ended otherwise.</exception>
    public Task StopTrialAsync(long trialId, CancellationToken cancellationToken) =>
        AskAsync(() => OnTrialAsync(trialId, Stop), cancellationToken);

    /// <summary>The checkpoints that a trial keeps and a fork can go on from, newest first.</summary>
    public IReadOnlyList<KeptCheckpoint> ListCheckpoints(long trialId) =>
        Forks.Checkpoints(_options.TrialDirectory(trialId));

    /// <summary>Starts a trial that goes on from another's checkpoint with some values changed, in the same sweep.</summary>
    /// <param name="trialId">The trial to go on from; it is left as it is.</param>
    /// <param name="fork">What it differs in.</param>
    /// <param name="cancellationToken">Gives up waiting for the answer.</param>
    /// <returns>The new trial's id.</returns>
    /// <exception cref="NotFoundException">No such trial.</exception>
    /// <exception cref="InvalidSpecException">The changes make no valid trial, or no checkpoint of that step is kept; carries every problem.</exception>
    /// <exception cref="InvalidOperationException">The trial keeps no checkpoint, it cannot be copied, or the sweep was stopped.</exception>
    public Task<long> ForkTrialAsync(long trialId, ForkSpec fork, CancellationToken cancellationToken) =>
        AskAsync(() => OnTrialAsync(trialId, trial => ForkAsync(trial, fork)), cancellationToken);

    /// <summary>Completes when a sweep has ended and none of its trials trains any more; a paused sweep has not ended.</summary>
    /// <exception cref="NotFoundException">No such sweep.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the manager shut down before the sweep ended.</exception>
    public async Task WaitAsync(long sweepId, CancellationToken cancellationToken)
    {
        var ended = await AskAsync(() => EndOfAsync(sweepId), cancellationToken).ConfigureAwait(false);
        await ended.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adopts the sweeps that an earlier process left: trials that trained go on from their last checkpoint.</summary>
    /// <remarks>Finished trials stay finished. Sweeps that are in hand already are left alone, so a second call does nothing.</remarks>
    public Task RecoverAsync(CancellationToken cancellationToken) => AskAsync(RecoverSweepsAsync, cancellationToken);

    /// <summary>
    /// Takes no more work, lets running trials halt at a checkpoint and wait for the next start, and completes when
    /// they have and everything is stored.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting for the trials; they are then recovered as after a crash.</param>
    public async Task ShutdownAsync(CancellationToken cancellationToken)
    {
        var queued = _work.Writer.TryWrite(() =>
        {
            BeginShutdown();
            return Task.CompletedTask;
        });
        if (!queued)
            return;
        await _idle.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        await _log.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the loop; does not wait for running trials (see <see cref="ShutdownAsync"/>).</summary>
    public async ValueTask DisposeAsync()
    {
        _work.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
    }

    private Task<bool> AskAsync(Func<Task> command, CancellationToken cancellationToken) =>
        AskAsync(
            async () =>
            {
                await command().ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    /// <summary>Queues a command, and completes with its answer once what it changed is stored.</summary>
    private async Task<T> AskAsync<T>(Func<Task<T>> command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var queued = _work.Writer.TryWrite(async () =>
        {
            try
            {
                if (_shuttingDown)
                    throw ShuttingDown();
                var result = await command().ConfigureAwait(false);
                // What follows from the command is part of it: a resumed trial has its slot when the caller hears back.
                await TendAsync().ConfigureAwait(false);
                answer.SetResult(result);
            }
            catch (Exception refused)
            {
                answer.SetException(refused);
            }
        });
        if (!queued)
            throw ShuttingDown();
        var result = await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        await _log.FlushAsync(cancellationToken).ConfigureAwait(false);
        return result;
    }

    private static InvalidOperationException ShuttingDown() => new("The server is shutting down.");

    private async Task WorkAsync()
    {
        await foreach (var work in _work.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await work().ConfigureAwait(false);
                await TendAsync().ConfigureAwait(false);
            }
            catch (Exception unforeseen)
            {
                // The last boundary: whatever it was, the other sweeps go on.
                _logger.LogError(unforeseen, "The sweep loop met an error and goes on");
            }
        }
    }
}
