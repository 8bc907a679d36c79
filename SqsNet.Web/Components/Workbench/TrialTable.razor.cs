using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Workbench;

/// <summary>All trials of a sweep.</summary>
public sealed partial class TrialTable : IAsyncDisposable
{
    // Few rows are simply shown. Of many, those that fill the frame stand there at once, before the browser can be
    // asked what it looks at; the others are drawn as they are scrolled to. There are some more than the frame shows,
    // so that the browser sees the others coming, and draws none before.
    private const int Unvirtualized = 100;
    private const int InFrame = 22;
    private const string Example = "Filter: tau<=1 seed=0,1 val/accuracy>60% diverged";
    private const float RowHeight = 36; // as in the style sheet

    private ElementReference _host;
    private BrowserPart _keys = null!;
    private TrialTableView _view = null!;
    private List<TableRow> _rows = [];
    private List<TableRow> _first = [];
    private List<TableRow> _later = [];
    private IReadOnlyList<TrialRecord> _shown = [];
    private IReadOnlySet<int> _chosen = new HashSet<int>();
    private IReadOnlyList<TrialRecord> _chosenTrials = [];
    private readonly List<TrialTableQuery> _asked = [];
    private TrialTableQuery _shape = new();
    private bool _ahead; // of the address

    // What last came from outside: the filter's field holds what is typed and must not be written to meanwhile.
    private TrialTableQuery _given = new();
    private TrialTableQuery? _seen;
    private (IReadOnlyList<TrialRecord>, TrialTableQuery)? _read;
    private (SweepRecord, IReadOnlyList<TrialRecord>, TrialTableQuery, TrialTableQuery)? _drawn;

    [Parameter, EditorRequired]
    public SweepRecord Sweep { get; set; } = null!;

    [Parameter, EditorRequired]
    public IReadOnlyList<TrialRecord> Trials { get; set; } = [];

    /// <summary>The columns that there are.</summary>
    [Parameter, EditorRequired]
    public TrialColumns Columns { get; set; } = null!;

    /// <summary>How it is shown.</summary>
    [Parameter]
    public TrialTableQuery Shape { get; set; } = new();

    [Inject]
    private PageQuery Query { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    private bool IsLong => _rows.Count > Unvirtualized;

    private bool AllChosen => _shown.Count > 0 && _shown.All(trial => _chosen.Contains(trial.Number));

    private string Counted =>
        _shown.Count == Trials.Count
            ? $"{Format.Count(Trials.Count)}"
            : $"{Format.Count(_shown.Count)} of {Format.Count(Trials.Count)}";

    protected override void OnParametersSet()
    {
        if (Shape != _seen)
            Follow(Shape);
        Read();
    }

    /// <summary>The address that follows a change makes the whole page anew; the table is as it should be by then.</summary>
    protected override bool ShouldRender()
    {
        var next = (Sweep, Trials, _shape, _given);
        var isNew = _drawn != next;
        _drawn = next;
        return isNew;
    }

    /// <summary>Takes a new address. One that was asked for comes late: what was changed since stands.</summary>
    private void Follow(TrialTableQuery address)
    {
        _seen = address;
        if (_asked.IndexOf(address) is >= 0 and var at)
            _asked.RemoveRange(0, at + 1);
        else if (_asked.Count == 0 && !_ahead)
            (_shape, _given) = (address, address);
    }

    private void Read()
    {
        if (_read == (Trials, _shape))
            return;
        _read = (Trials, _shape);
        _view = TrialTableView.Of(_shape, Columns);
        _shown = _view.Rows(Trials);
        _rows = TrialGroup.Rows(_view.Group, _shown);
        var first = IsLong ? InFrame : _rows.Count;
        (_first, _later) = (_rows[..first], _rows[first..]);
        _chosen = TrialSelection.Parse(_shape.Chosen);
        _chosenTrials = [.. TrialSelection.Of(_shape.Chosen, Trials)];
    }

    /// <summary>Shows it in another way at once; the address follows when the browser has drawn it, and with it the page.</summary>
    private void Change(TrialTableQuery shape)
    {
        if (shape == _shape)
            return;
        _shape = shape;
        _ahead = true;
        Read();
    }

    protected override void OnInitialized() => _keys = new(Js, "rowKeys", "attach");

    protected override Task OnAfterRenderAsync(bool firstRender)
    {
        if (_ahead)
            Ask();
        return firstRender ? _keys.MakeAsync(_host) : Task.CompletedTask;
    }

    /// <summary>Writes how it is shown into the address.</summary>
    private void Ask()
    {
        _ahead = false;
        if (_shape == (_asked.Count > 0 ? _asked[^1] : _seen))
            return; // back where it was, before the address could follow
        _asked.Add(_shape);
        Query.Set(
            ("cols", _shape.Columns),
            ("sort", _shape.Sort),
            ("where", _shape.Where),
            ("hide", _shape.Hidden),
            ("group", _shape.Group),
            ("sel", _shape.Chosen)
        );
    }

    /// <summary>Columns that few values stand in, so that grouping by them says something.</summary>
    private static bool CanGroup(TrialColumn column) =>
        column.Metric is null && column.Key is not ("time" or "message");

    private void Narrow(ChangeEventArgs change) => Change(_shape with { Where = Given(change) });

    private void Toggle(TrialState state)
    {
        var hidden = _view.Hidden.Contains(state) ? _view.Hidden.Except([state]) : _view.Hidden.Append(state);
        Change(_shape with { Hidden = Join(hidden.Order().Select(SweepSpecJson.Word)) });
    }

    private void Toggle(TrialColumn column)
    {
        var chosen = _view.Columns.Contains(column) ? _view.Columns.Except([column]) : _view.Columns.Append(column);
        // In the order of all columns, so that one that is taken away and brought back stands where it was.
        Change(_shape with { Columns = Join(Columns.All.Intersect(chosen).Select(c => c.Key)) });
    }

    private void Sort(TrialColumn column, bool add) => Change(_shape with { Sort = _view.SortAfterClick(column, add) });

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
        Choose(change.Value is true ? _chosen.Union(numbers) : _chosen.Except(numbers));
    }

    private void Choose(IEnumerable<int> numbers) => Change(_shape with { Chosen = TrialSelection.Write(numbers) });

    private string File(string format) => Urls.TrialTable(Sweep.Id, _shape, format);

    private static string? Given(ChangeEventArgs change) => change.Value is string { Length: > 0 } value ? value : null;

    private static string? Join(IEnumerable<string> words) =>
        string.Join(',', words) is { Length: > 0 } text ? text : null;

    public ValueTask DisposeAsync() => _keys.DisposeAsync();
}
