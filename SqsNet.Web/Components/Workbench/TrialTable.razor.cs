using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Workbench;

/// <summary>All trials of a sweep.</summary>
public sealed partial class TrialTable : IAsyncDisposable
{
    // Few rows are simply shown; many are drawn as they are scrolled to, in a frame of fixed height.
    private const int Unvirtualized = 100;
    private const float RowHeight = 36; // as in the style sheet

    private ElementReference _host;
    private IJSObjectReference? _module;
    private IJSObjectReference? _keys;
    private TrialColumns _columns = null!;
    private TrialTableView _view = null!;
    private List<TableRow> _rows = [];
    private IReadOnlyList<TrialRecord> _shown = [];
    private IReadOnlyList<TrialRecord> _selected = [];
    private string _where = "";
    private string? _asked;

    [Parameter, EditorRequired]
    public SweepRecord Sweep { get; set; } = null!;

    [Parameter, EditorRequired]
    public IReadOnlyList<TrialRecord> Trials { get; set; } = [];

    /// <summary>How it is shown.</summary>
    [Parameter]
    public TrialTableQuery Shape { get; set; } = new();

    /// <summary>Numbers of the chosen trials.</summary>
    [Parameter]
    public IReadOnlySet<int> Selected { get; set; } = new HashSet<int>();

    [Inject]
    private PageQuery Query { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    private bool IsLong => _rows.Count > Unvirtualized;

    private bool AllChosen => _shown.Count > 0 && _shown.All(trial => Selected.Contains(trial.Number));

    private string Counted =>
        _shown.Count == Trials.Count
            ? $"{Format.Count(Trials.Count)}"
            : $"{Format.Count(_shown.Count)} of {Format.Count(Trials.Count)}";

    protected override void OnParametersSet()
    {
        _columns = TrialColumns.Of(Sweep, Trials, Clock.GetUtcNow());
        _view = TrialTableView.Of(Shape, _columns);
        _shown = _view.Rows(Trials);
        _rows = TrialGroup.Rows(_view.Group, _shown);
        _selected = [.. Trials.Where(trial => Selected.Contains(trial.Number))];
        // What is being typed stands, though an earlier address comes back meanwhile.
        if (Shape.Where != _asked)
            _where = Shape.Where ?? "";
        _asked = Shape.Where;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        _module = await Js.InvokeAsync<IJSObjectReference>("import", "./js/rowKeys.js");
        _keys = await _module.InvokeAsync<IJSObjectReference>("attach", _host);
    }

    /// <summary>Columns that few values stand in, so that grouping by them says something.</summary>
    private static bool CanGroup(TrialColumn column) =>
        column.Metric is null && column.Key is not ("time" or "message");

    private void Narrow(ChangeEventArgs change)
    {
        _where = (string?)change.Value ?? "";
        _asked = _where.Length > 0 ? _where : null;
        Query.Set(("where", _asked));
    }

    private void Toggle(TrialState state)
    {
        var hidden = _view.Hidden.Contains(state) ? _view.Hidden.Except([state]) : _view.Hidden.Append(state);
        Query.Set(("hide", Join(hidden.Order().Select(SweepSpecJson.Word))));
    }

    private void Toggle(TrialColumn column)
    {
        var chosen = _view.Columns.Contains(column) ? _view.Columns.Except([column]) : _view.Columns.Append(column);
        // In the order of all columns, so that one that is taken away and brought back stands where it was.
        Query.Set(("cols", Join(_columns.All.Intersect(chosen).Select(c => c.Key))));
    }

    private void Sort(TrialColumn column, bool add) => Query.Set(("sort", _view.SortAfterClick(column, add)));

    private string? Sorted(TrialColumn column) =>
        _view.Sort.FirstOrDefault(key => key.Column.Key == column.Key) is not { } key ? null
        : key.Falling ? "descending"
        : "ascending";

    private string Arrow(TrialColumn column)
    {
        for (var i = 0; i < _view.Sort.Count; i++)
            if (_view.Sort[i].Column.Key == column.Key)
                return $" {(_view.Sort[i].Falling ? '↓' : '↑')}{(_view.Sort.Count > 1 ? $"{i + 1}" : "")}";
        return "";
    }

    private void ToggleAll(ChangeEventArgs change) => Choose(_shown, change);

    private void Choose(IEnumerable<TrialRecord> trials, ChangeEventArgs change)
    {
        var numbers = trials.Select(trial => trial.Number);
        Choose(change.Value is true ? Selected.Union(numbers) : Selected.Except(numbers));
    }

    private void Choose(IEnumerable<int> numbers) => Query.Set(("sel", TrialSelection.Write(numbers)));

    private string File(string format) => Urls.TrialTable(Sweep.Id, Shape, format);

    private static string? Given(ChangeEventArgs change) => change.Value is string { Length: > 0 } value ? value : null;

    private static string? Join(IEnumerable<string> words) =>
        string.Join(',', words) is { Length: > 0 } text ? text : null;

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_keys is not null)
            {
                await _keys.InvokeVoidAsync("dispose");
                await _keys.DisposeAsync();
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
