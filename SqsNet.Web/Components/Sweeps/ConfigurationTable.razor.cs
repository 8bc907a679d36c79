using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Racing;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Sweeps;

/// <summary>Mean and spread of a metric over the seeds of each configuration.</summary>
public sealed partial class ConfigurationTable
{
    private const int Usual = 10;
    private IReadOnlyList<ConfigurationRow> _rows = [];
    private IReadOnlyList<string> _metrics = [];
    private (double Low, double High) _scale;
    private (IReadOnlyList<TrialRecord>, string)? _read;
    private bool _all;

    [Parameter, EditorRequired]
    public SweepRecord Sweep { get; set; } = null!;

    [Parameter, EditorRequired]
    public IReadOnlyList<TrialRecord> Trials { get; set; } = [];

    /// <summary>Whose best-epoch values are compared.</summary>
    [Parameter, EditorRequired]
    public string Metric { get; set; } = "";

    [Parameter]
    public EventCallback<string?> MetricChanged { get; set; }

    private bool InRace => _rows.Any(row => row.Standing is not null);

    private static string Place(RaceStanding? standing) =>
        standing is null ? Format.None
        : double.IsNaN(standing.Chance) ? SweepSpecJson.Word(standing.Place)
        : FormattableString.Invariant($"{SweepSpecJson.Word(standing.Place)}, p {standing.Chance:0.000}");

    private IEnumerable<ConfigurationRow> Shown => _all ? _rows : _rows.Take(Usual);

    private IEnumerable<TrialRecord> Of(ConfigurationRow row) =>
        Trials.Where(trial => trial.Configuration == row.Configuration && trial.ParentId is not null == row.IsFork);

    protected override void OnParametersSet()
    {
        if (_read == (Trials, Metric))
            return;
        _read = (Trials, Metric);
        _rows = ConfigurationRow.Of(Sweep, Trials, Metric);
        _metrics = [.. Trials.SelectMany(t => t.Best.Keys).Append(Metric).Distinct().Order(StringComparer.Ordinal)];
        _scale = ConfigurationRow.Scale(_rows);
    }
}
