using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Pages;

/// <summary>All sweeps, newest first.</summary>
public sealed partial class SweepList
{
    private string? _typed; // ahead of the address, which comes by way of the browser

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
        string.IsNullOrWhiteSpace(Words) ? Reading!.Sweeps : [.. Reading!.Sweeps.Where(Matches)];

    private string Summary =>
        Reading?.Sweeps switch
        {
            null => "Reading the store …",
            [] => "Questions about SQSNet, each with its plan.",
            { } all when all.Count(s => s.State == SweepState.Running) is var running =>
                $"{all.Count} {(all.Count == 1 ? "sweep" : "sweeps")}, {(running == 0 ? "none" : $"{running}")} running",
            _ => "",
        };

    private string Words => _typed ?? Find ?? "";

    protected override async Task<AllSweeps?> ReadAsync(CancellationToken cancellationToken) =>
        new(await Store.ListSweepsAsync(cancellationToken), await Queries.OverviewAsync(cancellationToken));

    protected override bool IsWanted(AllSweeps reading) => true;

    protected override void Follow(AllSweeps reading)
    {
        if (_typed == (Find ?? ""))
            _typed = null; // the address has caught up
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

    /// <summary>What the page shows.</summary>
    /// <param name="Sweeps">All sweeps, newest first.</param>
    /// <param name="Overviews">How far each is, and its best trial, by its id.</param>
    public sealed record AllSweeps(
        IReadOnlyList<SweepRecord> Sweeps,
        IReadOnlyDictionary<long, SweepOverview> Overviews
    );
}
