using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Reports;

/// <summary>What fresh seeds made of the configuration that was chosen for looking best.</summary>
/// <param name="Best">The configuration.</param>
/// <param name="Trials">Completed trials of it with seeds that took no part in the choice.</param>
/// <param name="Next">The objective's mean of the next best configuration; null without one.</param>
/// <param name="Objective">What the choice was made by.</param>
internal sealed record Confirmation(
    TrialGroup Best,
    IReadOnlyList<TrialRecord> Trials,
    double? Next,
    ObjectiveSpec Objective
)
{
    private Measurement Fresh => Measurement.Of(Objective.Metric, Trials);

    private bool HasEnough => Fresh.Summary.N >= SweepConfirmation.FewestSeeds;

    /// <summary>Whether enough fresh seeds have been trained, and their mean does not fall behind the next best configuration's.</summary>
    internal bool Holds => HasEnough && !(Next is { } next && Objective.IsBetter(next, Fresh.Summary.Mean));

    /// <summary>Says whether it holds, and what to report.</summary>
    /// <param name="metric">What the table is about.</param>
    internal string Note(string metric)
    {
        if (!HasEnough)
            return $"Not confirmed: the best configuration by {Objective.Metric} has not been trained with {SweepConfirmation.FewestSeeds} fresh seeds.";
        var best = $"{Assignments.Describe(Best.Assignment)}, the best by {Objective.Metric},";
        if (!Holds)
            return $"Not confirmed: {best} has {Shown(Fresh)} in it over {Fresh.Summary.N} fresh seeds, behind the next best configuration's {Shown(Objective.Metric, Next!.Value)}.";
        var fresh = Measurement.Of(metric, Trials);
        return $"Confirmed with fresh seeds: {best} has {Shown(fresh)} over {fresh.Summary.N} seeds that took no part in choosing it, and {Shown(Best.Measure(metric))} over those that did. Report the former.";
    }

    private static string Shown(Measurement measured)
    {
        var column = ReportParts.MeasureColumn(measured.Metric);
        return ReportRenderer.Show(new MeasureCell(measured.Summary), column) + (column.Percent ? " %" : "");
    }

    private static string Shown(string metric, double value)
    {
        var column = ReportParts.MeasureColumn(metric);
        return ReportRenderer.Number(value, column) + (column.Percent ? " %" : "");
    }
}
