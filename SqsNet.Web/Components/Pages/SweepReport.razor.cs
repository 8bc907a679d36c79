using System.Globalization;
using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Events;
using SqsNet.Engine.Reports;
using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Pages;

/// <summary>One of the paper's tables, computed from every seed of a sweep; follows the sweep while it trains.</summary>
public sealed partial class SweepReport
{
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

    protected override async Task<ShownReport?> ReadAsync(CancellationToken cancellationToken)
    {
        var (id, name, configuration) = (Id, Table, Configuration);
        if (!ReportRegistry.Names.Contains(name))
            return null;
        try
        {
            var input = (await Reports.ReadAsync(id, name, cancellationToken)) with { Configuration = configuration };
            // Off the circuit: importance takes a second for some hundred configurations.
            var table = await Task.Run(() => ReportRegistry.Create(name, input), cancellationToken);
            return new((id, name, configuration), input, table);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    protected override bool IsWanted(ShownReport reading) => reading.Address == (Id, Table, Configuration);

    /// <summary>The best configuration while too few fresh seeds have confirmed it; null where there is nothing to confirm.</summary>
    private TrialGroup? ToConfirm =>
        Table == "metrics"
        && Reading?.Input is { Sweep.State: SweepState.Completed } input
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

    /// <summary>What the page shows.</summary>
    /// <param name="Address">Of which sweep, table and configuration.</param>
    /// <param name="Input">What the table was made from.</param>
    /// <param name="Table">The table.</param>
    public sealed record ShownReport(
        (long Sweep, string Table, int? Configuration) Address,
        ReportInput Input,
        ReportTable Table
    );
}
