using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Components.Sweeps;

/// <summary>Mean and spread of a metric over the seeds of each configuration.</summary>
public sealed partial class ConfigurationTable
{
    private IReadOnlyList<ConfigurationRow> _rows = [];
    private IReadOnlyList<string> _metrics = [];
    private (double Low, double High) _scale;

    [Parameter, EditorRequired]
    public SweepRecord Sweep { get; set; } = null!;

    [Parameter, EditorRequired]
    public IReadOnlyList<TrialRecord> Trials { get; set; } = [];

    /// <summary>Whose best-epoch values are compared.</summary>
    [Parameter, EditorRequired]
    public string Metric { get; set; } = "";

    [Parameter]
    public EventCallback<string?> MetricChanged { get; set; }

    protected override void OnParametersSet()
    {
        _rows = ConfigurationRow.Of(Sweep, Trials, Metric);
        _metrics = [.. Trials.SelectMany(t => t.Best.Keys).Append(Metric).Distinct().Order(StringComparer.Ordinal)];
        _scale = ConfigurationRow.Scale(_rows);
    }
}
