using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Components.Sweeps;

/// <summary>All trials of a sweep.</summary>
public sealed partial class TrialTable
{
    // Few rows are simply shown; many are drawn as they are scrolled to, in a frame of fixed height.
    private const int Unvirtualized = 60;
    private readonly HashSet<TrialState> _hidden = [];

    [Parameter, EditorRequired]
    public SweepRecord Sweep { get; set; } = null!;

    [Parameter, EditorRequired]
    public IReadOnlyList<TrialRecord> Trials { get; set; } = [];

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    private string Metric => Sweep.Spec.Objective.Metric;

    private List<TrialRecord> Shown => [.. Trials.Where(t => !_hidden.Contains(t.State))];

    private string GridHeight => Shown.Count > Unvirtualized ? "height:600px" : "";

    private void Toggle(TrialState state)
    {
        if (!_hidden.Remove(state))
            _hidden.Add(state);
    }

    private static double? Value(IReadOnlyDictionary<string, double> metrics, string name) =>
        metrics.TryGetValue(name, out var value) ? value : null;

    private TimeSpan? Time(TrialRecord trial) =>
        trial.StartedAt is { } start ? (trial.EndedAt ?? Clock.GetUtcNow()) - start : null;
}
