using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SqsNet.Engine.Importance;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Workbench;

/// <summary>Pictures of how the trials' parameters and results hang together.</summary>
/// <remarks>
/// The browser reads the columns from the API and draws by itself. What is brushed comes back as conditions of the
/// table's filter, so that it stands in the address, can be read and changed by hand, and holds for every view.
/// </remarks>
public sealed partial class Relations : IAsyncDisposable
{
    private const string Brushing =
        "Drag along an axis to filter by it, click it to stop; click a line to choose its trial. The filter below says the same in words.";
    private const string Boxing =
        "Drag a box to filter by both axes, click beside the points to stop; click a point to choose its trial. The filter below says the same in words.";
    private const string Expected =
        "Colours and lines: what a Gaussian process on these two parameters expects of the means over seeds; pale where it does not know. What other parameters do is noise to it.";
    private static readonly string TooFew =
        $"A surface needs two numeric parameters that took several values, and {ResponseSurface.Fewest} configurations that came through.";
    private const string Alike =
        "No parameter differs between the trials of this sweep, so there is nothing to slice by.";
    private static readonly (RelationKind, string)[] s_kinds =
    [
        (RelationKind.Parallel, "Parallel"),
        (RelationKind.Scatter, "Scatter"),
        (RelationKind.Slice, "Slices"),
        (RelationKind.Contour, "Contour"),
    ];

    private ElementReference _host;
    private BrowserPart _picture = null!;
    private DotNetObjectReference<Relations>? _self;
    private RelationView _view = null!;
    private IReadOnlyDictionary<string, AxisRange> _ranges = new Dictionary<string, AxisRange>();
    private string? _shownNumbers;
    private string _told = "";

    [Parameter, EditorRequired]
    public SweepRecord Sweep { get; set; } = null!;

    [Parameter, EditorRequired]
    public IReadOnlyList<TrialRecord> Trials { get; set; } = [];

    /// <summary>The columns that there are.</summary>
    [Parameter, EditorRequired]
    public TrialColumns Columns { get; set; } = null!;

    /// <summary>Those of them that pass the table's filter; the others are faint.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<TrialRecord> Shown { get; set; } = [];

    /// <summary>How the table is shown.</summary>
    [Parameter]
    public TrialTableQuery Shape { get; set; } = new();

    [SupplyParameterFromQuery(Name = "rel")]
    private string? Kind { get; set; }

    [SupplyParameterFromQuery(Name = "axes")]
    private string? Axes { get; set; }

    [SupplyParameterFromQuery(Name = "x")]
    private string? X { get; set; }

    [SupplyParameterFromQuery(Name = "y")]
    private string? Y { get; set; }

    [SupplyParameterFromQuery(Name = "tint")]
    private string? Tint { get; set; }

    [Inject]
    private PageQuery Query { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    private string Hint => _view.Kind == RelationKind.Parallel ? Brushing : Boxing;

    protected override void OnInitialized() => _picture = new(Js, "relations");

    protected override void OnParametersSet()
    {
        _view = RelationView.Of(Kind, Axes, X, Y, Tint, Columns);
        _ranges = TrialFilter.Parse(Shape.Where, Columns).Ranges;
        _shownNumbers =
            Shown.Count == Trials.Count ? null : TrialSelection.Write(Shown.Select(trial => trial.Number)) ?? "";
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            var first = Options();
            _told = JsonSerializer.Serialize(first);
            await _picture.MakeAsync(_host, _self, first);
        }
        if (!_picture.IsMade)
            return;
        // Also after the first render: the parameters may have changed while the picture was being made.
        var options = Options();
        var told = JsonSerializer.Serialize(options);
        if (told == _told)
            return;
        _told = told;
        await _picture.TellAsync("update", options);
    }

    /// <summary>The browser's word that stretches of columns were marked; null takes one away.</summary>
    [JSInvokable]
    public void Brush(Dictionary<string, AxisRange?> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        var where = Shape.Where;
        foreach (var (key, range) in ranges)
            if (Columns.Find(key) is { } column)
                where = TrialFilter.With(where, column, range, Columns);
        Query.Set(("where", where));
    }

    /// <summary>The browser's word that a trial was clicked: it is chosen, or no longer.</summary>
    [JSInvokable]
    public void Choose(int number)
    {
        var chosen = TrialSelection.Parse(Shape.Chosen);
        var next = chosen.Contains(number) ? chosen.Except([number]) : chosen.Append(number);
        Query.Set(("sel", TrialSelection.Write(next)));
    }

    private void Unbrush() => Brush(_ranges.Keys.ToDictionary(key => key, _ => (AxisRange?)null));

    private void Toggle(TrialColumn column)
    {
        var axes = _view.Axes.Contains(column) ? _view.Axes.Except([column]) : _view.Axes.Append(column);
        Query.Set(("axes", string.Join(',', Columns.All.Intersect(axes).Select(axis => axis.Key))));
    }

    private Task ExportAsync() =>
        _picture.TellAsync("export", $"sweep-{Sweep.Id}-{_view.Kind.ToString().ToLowerInvariant()}.png");

    /// <summary>What the browser draws.</summary>
    private object Options()
    {
        var objective = Columns.Objective.Key;
        var ended = Trials.Count(trial => trial.State.IsFinished());
        IReadOnlyList<string[]> pairs = _view.Kind switch
        {
            RelationKind.Slice => [.. Columns.Varied.Select(column => new[] { column.Key, objective })],
            RelationKind.Parallel => [],
            _ =>
            [
                [_view.X.Key, _view.Y.Key],
            ],
        };
        string[] axes =
            _view.Kind == RelationKind.Parallel
                ? [.. _view.Axes.Select(axis => axis.Key)]
                : [.. pairs.SelectMany(pair => pair).Distinct()];
        var tint = _view.Kind == RelationKind.Contour ? objective : _view.Tint.Key;
        var contour = _view.Kind == RelationKind.Contour;
        return new
        {
            kind = _view.Kind.ToString().ToLowerInvariant(),
            axes,
            pairs,
            tint,
            ranges = _ranges,
            shown = _shownNumbers,
            chosen = Shape.Chosen,
            label = $"{_view.Kind} of {Format.Count(Trials.Count)} trials: {string.Join(", ", axes)}",
            address = Urls.Relations(Sweep.Id, [.. axes.Append(tint).Distinct()]),
            surface = contour && _view.X != _view.Y ? Urls.Surface(Sweep.Id, _view.X.Key, _view.Y.Key) : null,
            note = contour ? Expected : null,
            tooFew = contour ? TooFew
            : axes.Length == 0 ? Alike
            : null,
            version = Trials.Sum(trial => trial.Epoch) + Trials.Count + ended,
            ended,
        };
    }

    public ValueTask DisposeAsync()
    {
        _self?.Dispose();
        return _picture.DisposeAsync();
    }
}
