using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Events;
using SqsNet.Engine.Reports;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;
using SqsNet.Web.Components.Comparing;
using SqsNet.Web.Components.Shared;
using SqsNet.Web.Components.Sweeps;
using SqsNet.Web.Components.Workbench;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Pages;

/// <summary>Two groups of trials side by side: curves, metrics, confusion, specification.</summary>
public sealed partial class Compare : IDisposable
{
    private const int MostTrials = 100; // of a side
    private static readonly ChartView s_usualView = new(ChartAxis.Epoch, Means: true);

    private readonly Departure _gone = new();
    private IReadOnlyList<SweepRecord>? _sweeps;
    private IReadOnlyList<TrialRecord> _a = [];
    private IReadOnlyList<TrialRecord> _b = [];
    private IReadOnlyList<string> _metrics = [];
    private IReadOnlyList<MetricDifference> _differences = [];
    private IReadOnlyList<SettingPair> _settings = [];
    private IReadOnlyList<IReadOnlyList<ConfusionCell>>? _confusion;
    private IReadOnlyList<string> _classes = [];
    private string _split = "";
    private (string?, string?)? _read;
    private bool _everyMetric;
    private bool _everySetting;

    /// <summary>Ids of the first side's trials; see <see cref="TrialSelection"/>.</summary>
    [SupplyParameterFromQuery(Name = "a")]
    private string? A { get; set; }

    /// <summary>Ids of the second side's trials.</summary>
    [SupplyParameterFromQuery(Name = "b")]
    private string? B { get; set; }

    [SupplyParameterFromQuery(Name = "metric")]
    private string? ChosenMetric { get; set; }

    [SupplyParameterFromQuery(Name = "curves")]
    private string? Curves { get; set; }

    [Inject]
    private ISweepStore Store { get; set; } = null!;

    [Inject]
    private TrialQueries Queries { get; set; } = null!;

    [Inject]
    private PageQuery Query { get; set; } = null!;

    private ChartView View => ChartView.Parse(Curves, s_usualView);

    private string Metric => string.IsNullOrEmpty(ChosenMetric) ? _a[0].Spec.Objective.Metric : ChosenMetric;

    private IReadOnlyList<ChartTrial> Lines =>
        [
            .. _a.Select(trial => Line("A", trial, Palette.Of(0))),
            .. _b.Select(trial => Line("B", trial, Palette.Of(1))),
        ];

    private IEnumerable<string> Notes
    {
        get
        {
            foreach (var (name, side) in new[] { ("A", _a), ("B", _b) })
                if (side.Count - GroupComparison.Counted(side).Count is > 0 and var left)
                    yield return $"{left} of {name}'s {side.Count} trials have not come to their end and are not averaged.";
            if (_differences.Any(d => d.Pairs > 1))
                yield return "Pairs by seed: the paired t test of the seeds that both sides have.";
            else if (_differences.Any(d => d.Interval is not null))
                yield return "No pairs of seeds: Welch's t test of independent samples.";
            else
                yield return "An interval needs two seeds of each side: a difference of single trials may be the seed's alone.";
            if (_differences.Count(d => d.Interval is not null) > 1)
                yield return "p is of each metric alone: among many, one in twenty is below 0.05 by chance. The report significance corrects for that.";
            if (_a.Concat(_b).DistinctBy(trial => trial.Spec.Dataset).Count() > 1)
                yield return "The sides were trained on different datasets: their metrics are not of the same faces.";
        }
    }

    protected override async Task OnInitializedAsync() => _sweeps = await Store.ListSweepsAsync(_gone.Token);

    protected override Task OnParametersSetAsync()
    {
        if (_read == (A, B))
            return Task.CompletedTask;
        _read = (A, B);
        return ReadAsync();
    }

    /// <summary>Reads again while a trial of either side may still change.</summary>
    private Task FollowAsync() =>
        _a.Concat(_b).All(trial => trial.State.IsFinished()) ? Task.CompletedTask : ReadAsync();

    private async Task ReadAsync()
    {
        var (asked, a, b) = (_read, await FindAsync(A), await FindAsync(B));
        string[] splits = ["test", "val"];
        (IReadOnlyList<ConfusionReported>, IReadOnlyList<ConfusionReported>) matrices = ([], []);
        foreach (var split in splits)
        {
            matrices = (await MatricesAsync(a, split), await MatricesAsync(b, split));
            if (matrices is { Item1.Count: > 0, Item2.Count: > 0 })
            {
                _split = split;
                break;
            }
        }
        if (asked != _read)
            return; // a later choice overtook this one
        (_a, _b) = (a, b);
        _differences = GroupComparison.Metrics(a, b);
        _confusion = GroupComparison.Confusion(matrices.Item1, matrices.Item2);
        _classes = matrices.Item1.Count > 0 ? matrices.Item1[0].Classes : [];
        _settings = SettingPair.Of(a, b);
        _metrics =
        [
            .. a.Concat(b)
                .SelectMany(trial => trial.Latest.Keys)
                .Concat(a.Select(trial => trial.Spec.Objective.Metric))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    private async Task<IReadOnlyList<TrialRecord>> FindAsync(string? ids)
    {
        var trials = new List<TrialRecord>();
        foreach (var id in TrialSelection.Parse(ids).Take(MostTrials))
            if (await Store.FindTrialAsync(id, _gone.Token) is { } trial)
                trials.Add(trial);
        return trials;
    }

    private async Task<IReadOnlyList<ConfusionReported>> MatricesAsync(IReadOnlyList<TrialRecord> side, string split)
    {
        var matrices = new List<ConfusionReported>();
        foreach (var trial in GroupComparison.Counted(side))
            if (await Queries.ConfusionAsync(trial.Id, split, null, _gone.Token) is { } matrix)
                matrices.Add(matrix);
        return matrices;
    }

    /// <summary>Whether a metric says how good a network is: not of a class or a part of the faces, not of the machine.</summary>
    private static bool IsMain(string metric) =>
        metric.Count(c => c == '/') == 1 && !metric.StartsWith("system/", StringComparison.Ordinal);

    private static ChartTrial Line(string side, TrialRecord trial, string color) =>
        new(trial.Id, $"{side}: {Format.Trial(trial)}", color, side);

    public void Dispose() => _gone.Dispose();
}
