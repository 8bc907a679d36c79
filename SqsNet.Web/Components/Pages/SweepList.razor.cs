using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;
using SqsNet.Web.Components.Shared;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Pages;

/// <summary>All sweeps, newest first.</summary>
public sealed partial class SweepList : IDisposable
{
    private readonly Departure _gone = new();
    private IReadOnlyList<SweepRecord>? _sweeps;
    private string? _typed; // ahead of the address, which comes by way of the browser
    private IReadOnlyDictionary<long, SweepOverview> _overviews = new Dictionary<long, SweepOverview>();

    /// <summary>Words that a shown sweep's name, dataset, model or tag contains.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    private string? Find { get; set; }

    [Inject]
    private ISweepStore Store { get; set; } = null!;

    [Inject]
    private SweepQueries Queries { get; set; } = null!;

    [Inject]
    private PageQuery Query { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    private IReadOnlyList<SweepRecord> Shown =>
        string.IsNullOrWhiteSpace(Words) ? _sweeps ?? [] : [.. (_sweeps ?? []).Where(Matches)];

    private string Summary =>
        _sweeps switch
        {
            null => "Reading the store …",
            [] => "Questions about SQSNet, each with its plan.",
            { } all when all.Count(s => s.State == SweepState.Running) is var running =>
                $"{all.Count} {(all.Count == 1 ? "sweep" : "sweeps")}, {(running == 0 ? "none" : $"{running}")} running",
            _ => "",
        };

    private string Words => _typed ?? Find ?? "";

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override void OnParametersSet()
    {
        if (_typed == (Find ?? ""))
            _typed = null; // the address has caught up
    }

    private async Task LoadAsync()
    {
        _sweeps = await Store.ListSweepsAsync(_gone.Token);
        _overviews = await Queries.OverviewAsync(_gone.Token);
    }

    private bool Matches(SweepRecord sweep) =>
        sweep
            .Spec.Tags.Concat([sweep.Spec.Name, sweep.Spec.Dataset, sweep.Spec.Model.Name])
            .Any(text => text.Contains(Words.Trim(), StringComparison.OrdinalIgnoreCase));

    private void ShowAll() => SetWords("");

    private void SetWords(string? words)
    {
        _typed = words ?? "";
        Query.Set(("q", _typed.Length == 0 ? null : _typed));
    }

    private static string Name(SweepRecord sweep) =>
        string.IsNullOrWhiteSpace(sweep.Spec.Name) ? $"Sweep {sweep.Id}" : sweep.Spec.Name;

    private static string Failed(SweepRecord sweep) =>
        sweep.Counts.TryGetValue(TrialState.Failed, out var failed) ? $", {failed} failed" : "";

    public void Dispose()
    {
        _gone.Dispose();
    }
}
