using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Events;
using SqsNet.Web.Components.Shared;
using SqsNet.Web.Components.Sweeps;
using SqsNet.Web.Components.Trials;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Pages;

/// <summary>One trial: curves, confusion, pictures of faces, specification, log.</summary>
public sealed partial class TrialDetail
{
    private static readonly string[] s_views = ["curves", "confusion", "image", "specification", "log"];

    private IReadOnlyList<ChartTrial> _chartTrials = [];

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

    private IReadOnlyList<MetricGroup> Charts => MetricGroups.Of(Reading!.Trial.Latest.Keys);

    protected override Task<TrialReading?> ReadAsync(CancellationToken cancellationToken) =>
        TrialReading.OfAsync(Id, Store, cancellationToken);

    protected override bool IsWanted(TrialReading reading) => reading.Trial.Id == Id;

    protected override void Follow(TrialReading reading)
    {
        // The same list for the same trial: a chart that is given another begins anew.
        if (_chartTrials is not [var shown] || shown.Id != Id)
            _chartTrials = [new(Id, "", Palette.Of(reading.Trial.Configuration))];
    }

    private void Mark(int epoch) => Query.Set(("epoch", Math.Clamp(epoch, 1, Math.Max(1, Reading!.Trial.Epoch))));
}
