using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage;

/// <summary>What a trial's events add up to. Pure: the writer feeds it the new ones, verification all of them.</summary>
internal sealed class TrialProjection
{
    internal required long TrialId { get; init; }
    internal required long SweepId { get; init; }
    internal TrialState State { get; set; }
    internal string? Message { get; set; }
    internal ControlRequest Asked { get; set; }
    internal int Attempts { get; set; }
    internal int Epoch { get; set; }
    internal long Step { get; set; }
    internal int? BestEpoch { get; set; }
    internal long LastSeq { get; set; }
    internal long FoldedSeq { get; set; }
    internal long? QuadsSeq { get; set; }
    internal string Tags { get; set; } = "";
    internal string Note { get; set; } = "";
    internal DateTimeOffset? StartedAt { get; set; }
    internal DateTimeOffset? EndedAt { get; set; }

    /// <summary>Metrics whose last value changed.</summary>
    internal Dictionary<string, double> Latest { get; } = [];

    /// <summary>Metrics to merge into the best ones, or to put in their place.</summary>
    internal Dictionary<string, double> Best { get; } = [];

    /// <summary>Whether <see cref="Best"/> takes the place of what was stored.</summary>
    internal bool ReplacesBest { get; private set; }

    /// <summary>Sequence numbers of the last matrix by split and epoch.</summary>
    internal Dictionary<(string Split, int Epoch), long> Confusions { get; } = [];

    /// <summary>Sequence numbers of the last announcement by path.</summary>
    internal Dictionary<string, long> Artifacts { get; } = [];

    /// <summary>Adds the next event.</summary>
    /// <returns>Its sequence number.</returns>
    internal long Apply(TrialEvent trialEvent)
    {
        var seq = ++LastSeq;
        switch (trialEvent)
        {
            case StateChanged changed:
                Apply(changed);
                break;
            case MetricsReported metrics:
                Apply(metrics);
                break;
            case ConfusionReported confusion:
                Confusions[(confusion.Split, confusion.Epoch)] = seq;
                break;
            case QuadsChosen:
                QuadsSeq = seq;
                break;
            case ArtifactSaved artifact:
                Artifacts[artifact.Path] = seq;
                break;
            case TrialMarked marked:
                (Tags, Note) = (string.Join(',', marked.Tags), marked.Note);
                break;
        }
        return seq;
    }

    private void Apply(StateChanged changed)
    {
        State = changed.State;
        Message = changed.Message;
        Asked = changed.Asked;
        if (changed.State == TrialState.Running)
        {
            Attempts = Math.Max(Attempts, changed.Attempt);
            StartedAt ??= changed.At;
        }
        EndedAt = changed.State.IsFinished() ? changed.At : null;
    }

    private void Apply(MetricsReported metrics)
    {
        // A resumed attempt starts at its checkpoint, so the step may go back: the last report counts, not the largest.
        Step = metrics.Step;
        if (metrics.Scope == MetricScope.Epoch)
            Epoch = metrics.Epoch;
        if (metrics.IsBest)
        {
            BestEpoch = metrics.Epoch;
            ReplacesBest = true;
            Best.Clear();
        }
        foreach (var (name, value) in metrics.Values)
        {
            Latest[name] = value;
            if (metrics.IsBest || metrics.Scope == MetricScope.Final)
                Best[name] = value;
        }
    }
}
