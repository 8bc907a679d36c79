using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Pruners;

namespace SqsNet.Engine.Events;

/// <summary>Where a trial reports. Never waits for a disk or a network; safe from any thread.</summary>
public interface IEventSink
{
    /// <summary>Reports one event; order is kept.</summary>
    void Report(TrialEvent trialEvent);
}

/// <summary>An event with its trial and sequence number.</summary>
/// <param name="TrialId">The trial.</param>
/// <param name="Seq">1-based number within the trial, without gaps.</param>
/// <param name="Event">The event.</param>
public sealed record StoredEvent(long TrialId, long Seq, TrialEvent Event);

/// <summary>The log of all events: append, then read by sequence number.</summary>
public interface IEventLog
{
    /// <summary>Queues an event for storing. Never waits; the store numbers events in the order of this call.</summary>
    void Append(long trialId, TrialEvent trialEvent);

    /// <summary>Completes when everything appended before this call is committed to disk.</summary>
    Task FlushAsync(CancellationToken cancellationToken);

    /// <summary>Events of a trial with a sequence number greater than <paramref name="after"/>, oldest first.</summary>
    Task<IReadOnlyList<StoredEvent>> ReadAsync(
        long trialId,
        long after,
        int limit,
        CancellationToken cancellationToken
    );
}

/// <summary>Sweeps and trials.</summary>
public interface ISweepStore
{
    /// <summary>Stores a sweep in state Running.</summary>
    /// <returns>Its id.</returns>
    Task<long> AddSweepAsync(SweepSpec spec, int plannedTrials, CancellationToken cancellationToken);

    /// <summary>The sweep, or null.</summary>
    Task<SweepRecord?> FindSweepAsync(long sweepId, CancellationToken cancellationToken);

    /// <summary>All sweeps, newest first.</summary>
    Task<IReadOnlyList<SweepRecord>> ListSweepsAsync(CancellationToken cancellationToken);

    /// <summary>Changes a sweep's state.</summary>
    Task SetSweepStateAsync(long sweepId, SweepState state, string? message, CancellationToken cancellationToken);

    /// <summary>Changes a sweep's specification, when it is extended or gets another place in the queue.</summary>
    Task SetSweepSpecAsync(long sweepId, SweepSpec spec, CancellationToken cancellationToken);

    /// <summary>Changes a trial's specification. An event of the trial must follow: readers know changes by it.</summary>
    Task SetTrialSpecAsync(long trialId, TrialSpec spec, CancellationToken cancellationToken);

    /// <summary>Changes the number of trials that a sweep will have made.</summary>
    Task SetPlannedTrialsAsync(long sweepId, int plannedTrials, CancellationToken cancellationToken);

    /// <summary>Stores trials in state Waiting, all or none; returns them in order.</summary>
    Task<IReadOnlyList<TrialRecord>> AddTrialsAsync(
        IReadOnlyList<NewTrial> trials,
        CancellationToken cancellationToken
    );

    /// <summary>The trial, or null.</summary>
    Task<TrialRecord?> FindTrialAsync(long trialId, CancellationToken cancellationToken);

    /// <summary>A metric over the epochs of each trial of a sweep that reported it at every one of them.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="metric">A metric of the end of an epoch, such as the objective.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>By trial, as it stands after resumed attempts; a fork's epochs are counted from its beginning.</returns>
    Task<IReadOnlyDictionary<long, IReadOnlyList<CurvePoint>>> ReadCurvesAsync(
        long sweepId,
        string metric,
        CancellationToken cancellationToken
    );

    /// <summary>Trials of a sweep by number.</summary>
    Task<IReadOnlyList<TrialRecord>> ListTrialsAsync(long sweepId, CancellationToken cancellationToken);
}

/// <summary>Something asked for by id does not exist.</summary>
public sealed class NotFoundException(string what) : Exception($"{what} does not exist.");
