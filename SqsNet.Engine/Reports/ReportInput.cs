using SqsNet.Engine.Efficiency;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Pruners;

namespace SqsNet.Engine.Reports;

/// <summary>What a table is made of.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Trials">Its trials, ended or not.</param>
public sealed record ReportInput(SweepRecord Sweep, IReadOnlyList<TrialRecord> Trials)
{
    /// <summary>Confusion matrices by trial, for the table "confusion"; trials without one are absent.</summary>
    public IReadOnlyDictionary<long, ConfusionReported> Confusions { get; init; } =
        new Dictionary<long, ConfusionReported>();

    /// <summary>The objective over the epochs of each trial, for the table "replay"; trials without one are absent.</summary>
    public IReadOnlyDictionary<long, IReadOnlyList<CurvePoint>> Curves { get; init; } =
        new Dictionary<long, IReadOnlyList<CurvePoint>>();

    /// <summary>Measured speeds of models, for the table "efficiency".</summary>
    public KeptSpeeds Speeds { get; init; } = new([], null);

    /// <summary>Trials of sweeps that confirm a configuration, for the table "metrics".</summary>
    public IReadOnlyList<TrialRecord> Confirming { get; init; } = [];

    /// <summary>The configuration that "confusion" shows; null takes the best by the objective.</summary>
    public int? Configuration { get; init; }

    /// <summary>Level of the tests and 1 minus the confidence of intervals, 0 to 1 exclusive.</summary>
    public double Level { get; init; } = 0.05;
}
