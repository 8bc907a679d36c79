using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;
using SqsNet.Web.Components.Sweeps;
using SqsNet.Web.Components.Trials;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Pages;

/// <summary>One trial: curves, confusion, pictures of faces, specification, log.</summary>
public sealed partial class TrialDetail : IDisposable
{
    private static readonly string[] s_views = ["curves", "confusion", "image", "specification", "log"];

    private readonly Departure _gone = new();
    private TrialRecord? _trial;
    private SweepRecord? _sweep;
    private IReadOnlyList<ChartTrial> _chartTrials = [];
    private bool _missing;

    [Parameter]
    public long Id { get; set; }

    [SupplyParameterFromQuery(Name = "view")]
    private string? View { get; set; }

    [SupplyParameterFromQuery(Name = "split")]
    private string? Split { get; set; }

    [SupplyParameterFromQuery(Name = "epoch")]
    private int? Epoch { get; set; }

    /// <summary>Index of the dataset's face that is inspected.</summary>
    [SupplyParameterFromQuery(Name = "face")]
    private int? Face { get; set; }

    [Inject]
    private ISweepStore Store { get; set; } = null!;

    [Inject]
    private PageQuery Query { get; set; } = null!;

    private string Shown => s_views.Contains(View) ? View! : "curves";

    private IReadOnlyList<MetricGroup> Charts => MetricGroups.Of(_trial!.Latest.Keys);

    protected override Task OnParametersSetAsync() => _trial?.Id == Id ? Task.CompletedTask : LoadAsync();

    private void Mark(int epoch) => Query.Set(("epoch", Math.Clamp(epoch, 1, Math.Max(1, _trial!.Epoch))));

    private async Task LoadAsync()
    {
        var trial = await Store.FindTrialAsync(Id, _gone.Token);
        _missing = trial is null;
        if (trial is null)
            return;
        if (_sweep?.Id != trial.SweepId)
            _sweep = await Store.FindSweepAsync(trial.SweepId, _gone.Token);
        if (_trial?.Id != trial.Id)
            _chartTrials = [new(trial.Id, "", Palette.Of(trial.Configuration))];
        _trial = trial;
    }

    public void Dispose()
    {
        _gone.Dispose();
    }
}
