using System.Globalization;
using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Events;
using SqsNet.Engine.Reports;
using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;
using SqsNet.Web.Components.Shared;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Pages;

/// <summary>One of the paper's tables, computed from every seed of a sweep; follows the sweep while it trains.</summary>
public sealed partial class SweepReport : IDisposable
{
    private readonly Departure _gone = new();
    private ReportInput? _input;
    private ReportTable? _table;
    private (long Id, string Table, int? Configuration) _shown;
    private bool _missing;

    [Parameter]
    public long Id { get; set; }

    /// <summary>Name of the table.</summary>
    [Parameter]
    public string Table { get; set; } = "";

    /// <summary>The configuration whose table is shown, where a table shows one; null for the best.</summary>
    [SupplyParameterFromQuery(Name = "configuration")]
    private int? Configuration { get; set; }

    /// <summary>Stamp of a copy that was taken before; null for none.</summary>
    [SupplyParameterFromQuery(Name = "as")]
    private string? As { get; set; }

    [Inject]
    private ReportQueries Reports { get; set; } = null!;

    [Inject]
    private PageQuery Query { get; set; } = null!;

    protected override Task OnParametersSetAsync()
    {
        var asked = (Id, Table, Configuration);
        if (asked == _shown)
            return Task.CompletedTask;
        (_shown, _table) = (asked, null);
        return LoadAsync();
    }

    private async Task LoadAsync()
    {
        var asked = _shown;
        _missing = !ReportRegistry.Names.Contains(Table);
        if (_missing)
            return;
        try
        {
            var input = await Reports.ReadAsync(Id, Table, _gone.Token);
            if (asked != _shown)
                return; // a later call overtook this one
            input = input with { Configuration = Configuration };
            var name = Table;
            // Off the circuit: importance takes a second for some hundred configurations.
            var table = await Task.Run(() => ReportRegistry.Create(name, input), _gone.Token);
            if (asked != _shown)
                return;
            (_input, _table) = (input, table);
        }
        catch (NotFoundException)
        {
            _missing = true;
        }
    }

    /// <summary>The best configuration while too few fresh seeds have confirmed it; null where there is nothing to confirm.</summary>
    private TrialGroup? ToConfirm =>
        Table == "metrics"
        && _input is { Sweep.State: SweepState.Completed } input
        && ReportRegistry.Best(input) is var (group, fresh)
        && fresh < SweepConfirmation.FewestSeeds
        && !SweepConfirmation.IsOne(input.Sweep.Spec)
            ? group
            : null;

    private void Choose(string? configuration) =>
        Query.Set(
            ("configuration", int.TryParse(configuration, CultureInfo.InvariantCulture, out var chosen) ? chosen : null)
        );

    private static string? Align(ReportColumn column) => column.Kind == ColumnKind.Text ? null : "sq-num";

    private static string Extension(ReportFormat format) =>
        format switch
        {
            ReportFormat.Markdown => "md",
            ReportFormat.Latex => "tex",
            ReportFormat.Json => "json",
            _ => "csv",
        };

    public void Dispose()
    {
        _gone.Dispose();
    }
}
