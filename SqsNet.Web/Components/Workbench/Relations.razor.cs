using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SqsNet.Engine.Importance;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;

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
    private static readonly (RelationKind, string)[] s_kinds =
    [
        (RelationKind.Parallel, "Parallel"),
        (RelationKind.Scatter, "Scatter"),
        (RelationKind.Slice, "Slices"),
        (RelationKind.Contour, "Contour"),
    ];

    private ElementReference _host;
    private IJSObjectReference? _module;
    private IJSObjectReference? _picture;
    private DotNetObjectReference<Relations>? _self;
    private RelationView _view = null!;
    private TrialTableView _table = null!;
    private string? _shownNumbers;
    private string _told = "";
    private bool _disposed;

    [Parameter, EditorRequired]
    public SweepRecord Sweep { get; set; } = null!;

    [Parameter, EditorRequired]
    public IReadOnlyList<TrialRecord> Trials { get; set; } = [];

    /// <summary>The columns that there are.</summary>
    [Parameter, EditorRequired]
    public TrialColumns Columns { get; set; } = null!;

    /// <summary>How the table is shown: what it filters is faint here.</summary>
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

    protected override void OnParametersSet()
    {
        _view = RelationView.Of(Kind, Axes, X, Y, Tint, Columns);
        _table = TrialTableView.Of(Shape, Columns);
        var shown = _table.Rows(Trials);
        _shownNumbers =
            shown.Count == Trials.Count ? null : TrialSelection.Write(shown.Select(trial => trial.Number)) ?? "";
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _module = await Js.InvokeAsync<IJSObjectReference>("import", "./js/relations.js");
            if (_disposed)
            {
                // The person went on while the script came: the element is no longer there.
                await DisposeAsync();
                return;
            }
            _self = DotNetObjectReference.Create(this);
            var first = Options();
            _told = JsonSerializer.Serialize(first);
            _picture = await _module.InvokeAsync<IJSObjectReference>("create", _host, _self, first);
            if (_disposed)
                await DisposeAsync();
        }
        if (_picture is null || _disposed)
            return;
        // Also after the first render: the parameters may have changed while the picture was being made.
        var options = Options();
        var told = JsonSerializer.Serialize(options);
        if (told == _told)
            return;
        _told = told;
        await _picture.InvokeVoidAsync("update", options);
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

    private void Unbrush() => Brush(_table.Filter.Ranges.Keys.ToDictionary(key => key, _ => (AxisRange?)null));

    private void Toggle(TrialColumn column)
    {
        var axes = _view.Axes.Contains(column) ? _view.Axes.Except([column]) : _view.Axes.Append(column);
        Query.Set(("axes", string.Join(',', Columns.All.Intersect(axes).Select(axis => axis.Key))));
    }

    private async Task ExportAsync()
    {
        if (_picture is not null)
            await _picture.InvokeVoidAsync(
                "export",
                $"sweep-{Sweep.Id}-{_view.Kind.ToString().ToLowerInvariant()}.png"
            );
    }

    /// <summary>What the browser draws.</summary>
    private object Options()
    {
        var objective = Columns.Objective.Key;
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
        var contour = _view.Kind == RelationKind.Contour && _view.X != _view.Y;
        return new
        {
            kind = _view.Kind.ToString().ToLowerInvariant(),
            axes,
            pairs,
            tint,
            ranges = _table.Filter.Ranges,
            shown = _shownNumbers,
            chosen = Shape.Chosen,
            label = $"{_view.Kind} of {Format.Count(Trials.Count)} trials: {string.Join(", ", axes)}",
            address = Urls.Relations(Sweep.Id, [.. axes.Append(tint).Distinct()]),
            surface = contour ? Urls.Surface(Sweep.Id, _view.X.Key, _view.Y.Key) : null,
            note = contour
                ? "Colours and lines: what a Gaussian process on these two parameters expects of the means over seeds; pale where it does not know. What other parameters do is noise to it."
                : null,
            tooFew = $"The surface needs {ResponseSurface.Fewest} configurations that came through, and two parameters that took several values.",
            version = Trials.Sum(trial => trial.Epoch) + Trials.Count + Trials.Count(trial => trial.State.IsFinished()),
        };
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        _self?.Dispose();
        try
        {
            if (_picture is not null)
            {
                await _picture.InvokeVoidAsync("dispose");
                await _picture.DisposeAsync();
            }
            if (_module is not null)
                await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The page is gone.
        }
    }
}
