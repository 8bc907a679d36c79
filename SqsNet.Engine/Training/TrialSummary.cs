using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Training;

/// <summary>What a trial's events add up to: the content of metrics.json.</summary>
public sealed record TrialSummary
{
    /// <summary>Its last state.</summary>
    public TrialState State { get; init; } = TrialState.Waiting;

    /// <summary>Why; null when nothing needs saying.</summary>
    public string? Message { get; init; }

    /// <summary>How often it was started.</summary>
    public int Attempts { get; init; }

    /// <summary>Last epoch that ended, 1-based; 0 before the first.</summary>
    public int Epoch { get; init; }

    /// <summary>The best epoch by the objective, 1-based; null before the first evaluation.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Training time over all attempts, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Metrics of the best epoch and those of the final evaluation.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Last value of each metric.</summary>
    public IReadOnlyDictionary<string, double> Latest { get; init; } = new Dictionary<string, double>();

    /// <summary>Adds events up, oldest first.</summary>
    public static TrialSummary Of(IEnumerable<TrialEvent> events)
    {
        var summary = new TrialSummary();
        var best = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var latest = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var trialEvent in events)
        {
            summary = summary with { Seconds = trialEvent.Seconds };
            switch (trialEvent)
            {
                case StateChanged changed:
                    summary = summary with
                    {
                        State = changed.State,
                        Message = changed.Message,
                        Attempts = Math.Max(summary.Attempts, changed.Attempt),
                    };
                    break;
                case MetricsReported metrics:
                    Merge(latest, metrics.Values);
                    if (metrics.Scope == MetricScope.Epoch)
                        summary = summary with { Epoch = metrics.Epoch };
                    if (metrics.IsBest)
                    {
                        best.Clear();
                        summary = summary with { BestEpoch = metrics.Epoch };
                    }
                    if (metrics.IsBest || metrics.Scope == MetricScope.Final)
                        Merge(best, metrics.Values);
                    break;
            }
        }
        return summary with { Metrics = best, Latest = latest };
    }

    private static void Merge(SortedDictionary<string, double> into, IReadOnlyDictionary<string, double> values)
    {
        foreach (var (name, value) in values)
            into[name] = value;
    }
}
