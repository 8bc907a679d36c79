using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;
using SqsNet.Web.Components.Sweeps;
using SqsNet.Web.Components.Workbench;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Pages;

/// <summary>One sweep: its curves, its configurations over seeds, its trials.</summary>
public sealed partial class SweepDetail : IDisposable
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

    private readonly Departure _gone = new();
    private SweepRecord? _sweep;
    private IReadOnlyList<TrialRecord> _trials = [];
    private SweepProgress _progress = new(0, 1, 0, TimeSpan.Zero, null);
    private TrialColumns? _columns;
    private IReadOnlyList<TrialRecord> _passing = []; // the table's filter
    private IReadOnlyList<ConfigurationRow> _configurations = [];
    private TrialRecord? _bestTrial;
    private IReadOnlyList<string> _metrics = [];
    private IReadOnlyList<ChartTrial> _lines = [];
    private string _linesTitle = "";
    private bool _missing;

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

    private string ObjectiveMetric => _sweep!.Spec.Objective.Metric;

    private string Metric => string.IsNullOrEmpty(ChosenMetric) ? ObjectiveMetric : ChosenMetric;

    private string TableMetric => string.IsNullOrEmpty(ChosenTableMetric) ? ObjectiveMetric : ChosenTableMetric;

    private string ShownLines => s_lineChoices.Any(c => c.Item1 == Lines) ? Lines! : UsualLines;

    private IReadOnlyList<string> Metrics => _metrics.Contains(Metric) ? _metrics : [.. _metrics, Metric];

    private int Waiting =>
        _sweep!.State.IsFinished()
            ? Count(TrialState.Waiting)
            : Math.Max(0, _progress.Planned - _trials.Count) + Count(TrialState.Waiting);

    private string Subtitle =>
        _sweep is not { } sweep
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

    protected override async Task OnParametersSetAsync()
    {
        if (_sweep?.Id != Id)
            await LoadAsync();
        else
            ChooseLines();
    }

    private async Task LoadAsync()
    {
        var sweep = await Store.FindSweepAsync(Id, _gone.Token);
        _missing = sweep is null;
        if (sweep is null)
            return;
        var trials = await Store.ListTrialsAsync(Id, _gone.Token);
        _progress = SweepProgress.Of(sweep, trials, Clock.GetUtcNow());
        (_sweep, _trials) = (sweep, trials);
        _columns = TrialColumns.Of(sweep, trials, Clock.GetUtcNow());
        _configurations = ConfigurationRow.Of(sweep, trials, ObjectiveMetric);
        _bestTrial = Ranking.ByObjective(sweep, trials).FirstOrDefault();
        _metrics = [.. trials.SelectMany(t => t.Latest.Keys).Distinct().Order(StringComparer.Ordinal)];
        ChooseLines();
    }

    /// <summary>The configuration with the best mean; null where no configuration has two seeds yet.</summary>
    private ConfigurationRow? BestConfiguration
    {
        get
        {
            var most = _configurations.Select(row => row.Values.Count).DefaultIfEmpty().Max();
            // Means of fewer seeds than others have are luckier.
            return most < 2
                ? null
                : _configurations.FirstOrDefault(row => row.Standing is not null || row.Values.Count == most);
        }
    }

    private void ChooseLines()
    {
        if (_sweep is null)
            return;
        var table = TrialTableView.Of(Shape, _columns!);
        _passing = table.Passing(_trials);
        var chosen = ChosenTrials(table).Take(MostLines).OrderBy(t => t.Number);
        _lines = [.. chosen.Select(Line)];
        _linesTitle =
            $"{Metric} of {_lines.Count} {(_lines.Count == 1 ? "trial" : "trials")}"
            + (_lines.Count < _trials.Count ? $" out of {_trials.Count}" : "");
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
            "best" => Ranking.ByObjective(_sweep!, _trials).Take(BestLines),
            "running" => _trials.Where(t => t.State == TrialState.Running),
            "chosen" => TrialSelection.Of(Chosen, _trials),
            UsualLines => table.Rows(_passing).Where(t => t.State != TrialState.Waiting),
            _ => _trials.Where(t => t.State != TrialState.Waiting),
        };

    private int Count(TrialState state) => _trials.Count(t => t.State == state);

    public void Dispose()
    {
        _gone.Dispose();
    }
}
