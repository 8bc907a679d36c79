using System.Text.Json;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Models;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Sweeps.Samplers;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Sweeps;

/// <summary>States of a trial.</summary>
public enum TrialState
{
    /// <summary>Not started.</summary>
    Waiting,

    /// <summary>Training.</summary>
    Running,

    /// <summary>Halted at a checkpoint; may go on.</summary>
    Paused,

    /// <summary>Ended early by the pruner.</summary>
    Pruned,

    /// <summary>Trained to its end.</summary>
    Completed,

    /// <summary>Ended by an error; the message says which.</summary>
    Failed,

    /// <summary>Ended by a person.</summary>
    Stopped,
}

/// <summary>States of a sweep.</summary>
public enum SweepState
{
    /// <summary>Handing out trials.</summary>
    Running,

    /// <summary>Handing out nothing; its trials are paused.</summary>
    Paused,

    /// <summary>Every trial has ended.</summary>
    Completed,

    /// <summary>Could not go on; the message says why.</summary>
    Failed,

    /// <summary>Ended by a person.</summary>
    Stopped,
}

/// <summary>Questions about states.</summary>
public static class States
{
    /// <summary>Whether a trial in this state will never train again by itself.</summary>
    public static bool IsFinished(this TrialState state) =>
        state is TrialState.Completed or TrialState.Failed or TrialState.Pruned or TrialState.Stopped;

    /// <summary>Whether a person can send a trial in this state on; its sweep must not be stopped.</summary>
    public static bool CanResume(this TrialState state) =>
        state is TrialState.Paused or TrialState.Failed or TrialState.Stopped;

    /// <summary>Whether a sweep in this state hands out no more trials.</summary>
    public static bool IsFinished(this SweepState state) =>
        state is SweepState.Completed or SweepState.Failed or SweepState.Stopped;
}

/// <summary>Everything that one trial needs: a configuration with its seed.</summary>
public sealed record TrialSpec
{
    /// <summary>Name of a registered dataset.</summary>
    public required string Dataset { get; init; }

    /// <summary>The network.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The training protocol.</summary>
    public required TrainingSpec Training { get; init; }

    /// <summary>The SQS module.</summary>
    public required SqsSpec Sqs { get; init; }

    /// <summary>What "better" means.</summary>
    public required ObjectiveSpec Objective { get; init; }

    /// <summary>Seed of every random stream of the trial.</summary>
    public required int Seed { get; init; }
}

/// <summary>A trial that is about to be stored.</summary>
/// <param name="SweepId">Its sweep.</param>
/// <param name="Number">0-based position within the sweep.</param>
/// <param name="Configuration">0-based number of its configuration: trials of one group share it.</param>
/// <param name="Assignment">The values that the sampler chose, by path; empty for the defaults.</param>
/// <param name="Spec">The resolved specification.</param>
/// <param name="ParentId">The trial it was forked from; null for none.</param>
public sealed record NewTrial(
    long SweepId,
    int Number,
    int Configuration,
    IReadOnlyDictionary<string, JsonElement> Assignment,
    TrialSpec Spec,
    long? ParentId = null
)
{
    /// <summary>Why the sampler proposed it; null for a fork, which no sampler proposed.</summary>
    public ProposalReason? Reason { get; init; }
}

/// <summary>A trial as stored.</summary>
public sealed record TrialRecord
{
    /// <summary>Its id.</summary>
    public required long Id { get; init; }

    /// <summary>Its sweep's id.</summary>
    public required long SweepId { get; init; }

    /// <summary>0-based position within the sweep.</summary>
    public required int Number { get; init; }

    /// <summary>0-based number of its configuration: trials of one group share it.</summary>
    public required int Configuration { get; init; }

    /// <summary>The values that the sampler chose, by path.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Assignment { get; init; }

    /// <summary>The resolved specification.</summary>
    public required TrialSpec Spec { get; init; }

    /// <summary>Its state.</summary>
    public required TrialState State { get; init; }

    /// <summary>Why it is in this state; null when nothing needs saying.</summary>
    public string? Message { get; init; }

    /// <summary>What people ask of it while it trains.</summary>
    public ControlRequest Asked { get; init; }

    /// <summary>How often it was started.</summary>
    public int Attempts { get; init; }

    /// <summary>Last epoch that ended, 1-based; 0 before the first.</summary>
    public int Epoch { get; init; }

    /// <summary>Last optimizer step that was reported.</summary>
    public long Step { get; init; }

    /// <summary>Sequence number of its last stored event; 0 before the first.</summary>
    public long LastSeq { get; init; }

    /// <summary>Last value of each metric.</summary>
    public IReadOnlyDictionary<string, double> Latest { get; init; } = new Dictionary<string, double>();

    /// <summary>Metrics at the best epoch by the objective, and those of the final evaluation.</summary>
    public IReadOnlyDictionary<string, double> Best { get; init; } = new Dictionary<string, double>();

    /// <summary>The best epoch, 1-based; null before the first evaluation.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>The trial it was forked from; null for none.</summary>
    public long? ParentId { get; init; }

    /// <summary>Words that people find it by.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What people have to say about it; empty for nothing.</summary>
    public string Note { get; init; } = "";

    /// <summary>Why the sampler proposed it; null for a fork, and for trials of older versions.</summary>
    public ProposalReason? Reason { get; init; }

    /// <summary>When it was stored.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it first ran; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>A sweep as stored.</summary>
public sealed record SweepRecord
{
    /// <summary>Its id.</summary>
    public required long Id { get; init; }

    /// <summary>Its specification.</summary>
    public required SweepSpec Spec { get; init; }

    /// <summary>Its state.</summary>
    public required SweepState State { get; init; }

    /// <summary>Why it is in this state; null when nothing needs saying.</summary>
    public string? Message { get; init; }

    /// <summary>Trials that will have been made when it ends.</summary>
    public int PlannedTrials { get; init; }

    /// <summary>Number of its trials in each state; states without trials are absent.</summary>
    public IReadOnlyDictionary<TrialState, int> Counts { get; init; } = new Dictionary<TrialState, int>();

    /// <summary>When it was stored.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
