using System.Text.Json;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Storage;

/// <summary>sweep.json of an archive: the sweep and its trials, without their events.</summary>
internal sealed record ArchiveManifest
{
    internal const int CurrentFormat = 1;

    public required int Format { get; init; }
    public required SweepSpec Spec { get; init; }
    public required SweepState State { get; init; }
    public string? Message { get; init; }
    public required int PlannedTrials { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public required IReadOnlyList<ArchivedTrial> Trials { get; init; }
}

/// <summary>A trial of an archive. It has no id: the store that imports it gives it one.</summary>
internal sealed record ArchivedTrial
{
    /// <summary>0-based position within the sweep; names the trial's folder within the archive.</summary>
    public required int Number { get; init; }

    public required int Configuration { get; init; }

    /// <summary>Number of the trial that it was forked from; null for none, or for one of another sweep.</summary>
    public int? Parent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required IReadOnlyDictionary<string, JsonElement> Assignment { get; init; }
    public required TrialSpec Spec { get; init; }

    /// <summary>Why the sampler proposed it; null for none, and in archives of older versions.</summary>
    public ProposalReason? Reason { get; init; }
}
