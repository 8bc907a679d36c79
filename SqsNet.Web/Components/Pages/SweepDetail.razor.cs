using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;
using SqsNet.Web.Components.Sweeps;
using SqsNet.Web.Components.Workbench;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Pages;

/// <summary>One sweep: its curves, its configurations over seeds, its trials.</summary>
public sealed partial class SweepDetail
{
    private const int BestLines = 10;
    private const int MostLines = 100;

    // What filters the table filters the curves, unless they are told otherwise.
    private const string UsualLines = "table";
    private static readonly (string, string)[] s_lineChoices =
    [
        (UsualLines, "As in the table"),
        ("all", "All"),
        ("best", "Best 10"),
        ("running", "Running"),
        ("chosen", "Chosen"),
    ];

    private static readonly ChartView s_usualView = new(ChartAxis.Epoch);

    private IReadOnlyList<TrialRecord> _passing = []; // the table's filter
    private IReadOnlyList<ChartTrial> _lines = [];
    private string _linesTitle = "";

    [Parameter]
    public long Id { get; set; }

    [SupplyParameterFromQuery(Name = "metric")]
    private string? ChosenMetric { get; set; }

    [SupplyParameterFromQuery(Name = "by")]
    private string? ChosenTableMetric { get; set; }

    [SupplyParameterFromQuery(Name = "lines")]
    private string? Lines { get; set; }

    [SupplyParameterFromQuery(Name = "curves")]
    private string? Curves { get; set; }

    [SupplyParameterFromQuery(Name = "cols")]
    private string? Columns { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? Sort { get; set; }

    [SupplyParameterFromQuery(Name = "where")]
    private string? Where { get; set; }

    [SupplyParameterFromQuery(Name = "hide")]
    private string? Hidden { get; set; }

    [SupplyParameterFromQuery(Name = "group")]
    private string? Group { get; set; }

    [SupplyParameterFromQuery(Name = "sel")]
    private string? Chosen { get; set; }

    [Inject]
    private ISweepStore Store { get; set; } = null!;

    [Inject]
    private PageQuery Query { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    private static IReadOnlyList<(string Value, string Text)> LineChoices => s_lineChoices;

    private ChartView View => ChartView.Parse(Curves, s_usualView);

    private TrialTableQuery Shape => new(Columns, Sort, Where, Hidden, Group, Chosen);

    private SweepRecord? Sweep => Reading?.Sweep;

    private IReadOnlyList<TrialRecord> Trials => Reading?.Trials ?? [];

    private string ObjectiveMetric => Sweep!.Spec.Objective.Metric;

    private string Metric => string.IsNullOrEmpty(ChosenMetric) ? ObjectiveMetric : ChosenMetric;

    private string TableMetric => string.IsNullOrEmpty(ChosenTableMetric) ? ObjectiveMetric : ChosenTableMetric;

    private string ShownLines => s_lineChoices.Any(c => c.Item1 == Lines) ? Lines! : UsualLines;

    private IReadOnlyList<string> Metrics =>
        Reading!.Metrics.Contains(Metric) ? Reading.Metrics : [.. Reading.Metrics, Metric];

    private int Waiting =>
        Sweep!.State.IsFinished()
            ? Count(TrialState.Waiting)
            : Math.Max(0, Reading!.Progress.Planned - Trials.Count) + Count(TrialState.Waiting);

    private string Subtitle =>
        Sweep is not { } sweep
            ? "Reading the store …"
            : string.Join(
                " · ",
                new[]
                {
                    sweep.Spec.Dataset,
                    sweep.Spec.Model.Name,
                    SweepSpecJson.Word(sweep.Spec.Strategy.Kind),
                    $"{sweep.Spec.Seeds.Count} {(sweep.Spec.Seeds.Count == 1 ? "seed" : "seeds")}",
                    Place(sweep.Spec.Executor),
                    $"started {Format.Ago(sweep.CreatedAt, Clock.GetUtcNow())}",
                    sweep.Spec.Notes,
                }.Where(part => part.Length > 0)
            );

    /// <summary>Its place in the queue, where it is not everybody's.</summary>
    private static string Place(ExecutorSpec executor) =>
        (executor.Priority, executor.Share) switch
        {
            (0, 1) => "",
            (0, var share) => $"share {share}",
            (var priority, 1) => $"priority {priority}",
            var (priority, share) => $"priority {priority}, share {share}",
        };

    protected override Task<SweepReading?> ReadAsync(CancellationToken cancellationToken) =>
        SweepReading.OfAsync(Id, Store, Clock, cancellationToken);

    protected override bool IsWanted(SweepReading reading) => reading.Sweep.Id == Id;

    protected override void Follow(SweepReading reading)
    {
        var table = TrialTableView.Of(Shape, reading.Columns);
        _passing = table.Passing(Trials);
        var chosen = ChosenTrials(table).Take(MostLines).OrderBy(t => t.Number);
        _lines = [.. chosen.Select(Line)];
        _linesTitle =
            $"{Metric} of {_lines.Count} {(_lines.Count == 1 ? "trial" : "trials")}"
            + (_lines.Count < Trials.Count ? $" out of {Trials.Count}" : "");
    }

    /// <summary>A trial's line; those of a configuration belong together, forks to none.</summary>
    private static ChartTrial Line(TrialRecord trial) =>
        new(
            trial.Id,
            Format.Trial(trial),
            Palette.Of(trial.Configuration),
            trial.ParentId is null ? Format.Assignment(trial.Assignment) : null
        );

    private IEnumerable<TrialRecord> ChosenTrials(TrialTableView table) =>
        ShownLines switch
        {
            "best" => Ranking.ByObjective(Sweep!, Trials).Take(BestLines),
            "running" => Trials.Where(t => t.State == TrialState.Running),
            "chosen" => TrialSelection.Of(Chosen, Trials),
            UsualLines => table.Rows(_passing).Where(t => t.State != TrialState.Waiting),
            _ => Trials.Where(t => t.State != TrialState.Waiting),
        };

    private int Count(TrialState state) => Trials.Count(t => t.State == state);
}
