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
    private static readonly (string, string)[] s_lineChoices =
    [
        ("all", "All"),
        ("best", "Best 10"),
        ("running", "Running"),
        ("chosen", "Chosen"),
        ("table", "As in the table"),
    ];

    private readonly Departure _gone = new();
    private SweepRecord? _sweep;
    private IReadOnlyList<TrialRecord> _trials = [];
    private SweepProgress _progress = new(0, 1, 0, TimeSpan.Zero, null);
    private bool _missing;

    [Parameter]
    public long Id { get; set; }

    [SupplyParameterFromQuery(Name = "metric")]
    private string? ChosenMetric { get; set; }

    [SupplyParameterFromQuery(Name = "by")]
    private string? ChosenTableMetric { get; set; }

    [SupplyParameterFromQuery(Name = "lines")]
    private string? Lines { get; set; }

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

    private TrialTableQuery Shape => new(Columns, Sort, Where, Hidden, Group);

    private IReadOnlySet<int> Selected => TrialSelection.Parse(Chosen);

    private string ObjectiveMetric => _sweep!.Spec.Objective.Metric;

    private string Metric => string.IsNullOrEmpty(ChosenMetric) ? ObjectiveMetric : ChosenMetric;

    private string TableMetric => string.IsNullOrEmpty(ChosenTableMetric) ? ObjectiveMetric : ChosenTableMetric;

    private string ShownLines => s_lineChoices.Any(c => c.Item1 == Lines) ? Lines! : "all";

    private IReadOnlyList<string> Metrics =>
        [.. _trials.SelectMany(t => t.Latest.Keys).Append(Metric).Distinct().Order(StringComparer.Ordinal)];

    private int Waiting =>
        _sweep!.State.IsFinished()
            ? Count(TrialState.Waiting)
            : Math.Max(0, _progress.Planned - _trials.Count) + Count(TrialState.Waiting);

    /// <summary>The configuration with the best mean; null where no configuration has two seeds yet.</summary>
    private ConfigurationRow? BestConfiguration
    {
        get
        {
            var rows = ConfigurationRow.Of(_sweep!, _trials, ObjectiveMetric);
            var most = rows.Select(row => row.Values.Count).DefaultIfEmpty().Max();
            // Means of fewer seeds than others have are luckier.
            return most < 2 ? null : rows.FirstOrDefault(row => row.Standing is not null || row.Values.Count == most);
        }
    }

    private TrialRecord? BestTrial => Ranking.ByObjective(_sweep!, _trials).FirstOrDefault();

    private string ChartTitle =>
        $"{Metric} of {ChartTrials.Count} {(ChartTrials.Count == 1 ? "trial" : "trials")}"
        + (ChartTrials.Count < _trials.Count ? $" out of {_trials.Count}" : "");

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

    private IReadOnlyList<ChartTrial> ChartTrials =>
        [
            .. ChosenTrials()
                .Take(MostLines)
                .OrderBy(t => t.Number)
                .Select(t => new ChartTrial(t.Id, Format.Trial(t), Palette.Of(t.Configuration))),
        ];

    protected override Task OnParametersSetAsync() => _sweep?.Id == Id ? Task.CompletedTask : LoadAsync();

    private async Task LoadAsync()
    {
        var sweep = await Store.FindSweepAsync(Id, _gone.Token);
        _missing = sweep is null;
        if (sweep is null)
            return;
        var trials = await Store.ListTrialsAsync(Id, _gone.Token);
        _progress = SweepProgress.Of(sweep, trials, Clock.GetUtcNow());
        (_sweep, _trials) = (sweep, trials);
    }

    private IEnumerable<TrialRecord> ChosenTrials() =>
        ShownLines switch
        {
            "best" => Ranking.ByObjective(_sweep!, _trials).Take(BestLines),
            "running" => _trials.Where(t => t.State == TrialState.Running),
            "chosen" => _trials.Where(t => Selected.Contains(t.Number)),
            "table" => TrialTableView
                .Of(Shape, TrialColumns.Of(_sweep!, _trials, Clock.GetUtcNow()))
                .Rows(_trials)
                .Where(t => t.State != TrialState.Waiting),
            _ => _trials.Where(t => t.State != TrialState.Waiting),
        };

    private int Count(TrialState state) => _trials.Count(t => t.State == state);

    public void Dispose()
    {
        _gone.Dispose();
    }
}
