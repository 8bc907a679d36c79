using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace SqsNet.Web.Live;

/// <summary>
/// Live curves: one line per trial and metric. The browser loads their history from the API and follows the hub by
/// itself; this component only tells it what to show.
/// </summary>
public sealed partial class LineChart
{
    private ElementReference _host;
    private BrowserPart _chart = null!;
    private DotNetObjectReference<LineChart>? _self;
    private string _shown = "";

    /// <summary>What the chart shows, for people and screen readers. Any text.</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>Which trials to show; may change at any time.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<ChartTrial> Trials { get; set; } = [];

    /// <summary>Which metrics to show; from the second on, lines are dashed.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<string> Metrics { get; set; } = [];

    /// <summary>How it is looked at; people may change it.</summary>
    [Parameter]
    public ChartView View { get; set; } = new();

    /// <summary>Told when people change how it is looked at.</summary>
    [Parameter]
    public EventCallback<ChartView> ViewChanged { get; set; }

    /// <summary>Height of the plot, in pixels.</summary>
    [Parameter]
    public int Height { get; set; } = 260;

    /// <summary>Whether the controls of the view are shown.</summary>
    [Parameter]
    public bool Controls { get; set; } = true;

    /// <summary>Charts of a page with the same key move their cursors together; null for none.</summary>
    [Parameter]
    public string? SyncKey { get; set; }

    /// <summary>The epoch that the page looks at, drawn as an upright line; null for none.</summary>
    [Parameter]
    public int? Mark { get; set; }

    /// <summary>Told when people click on another epoch; where nobody is told, a click does nothing.</summary>
    [Parameter]
    public EventCallback<int> MarkChanged { get; set; }

    protected override void OnInitialized() => _chart = new(Js, "lineChart");

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            var first = Options();
            _shown = JsonSerializer.Serialize(first);
            await _chart.MakeAsync(_host, _self, first);
        }
        if (!_chart.IsMade)
            return;
        // Also after the first render: the parameters may have changed while the chart was being made.
        var options = Options();
        var shown = JsonSerializer.Serialize(options);
        if (shown == _shown)
            return;
        _shown = shown;
        await _chart.TellAsync("update", options);
    }

    /// <summary>The browser's word that people look at it in another way.</summary>
    [JSInvokable]
    public Task ChangeViewAsync(BrowserView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var axis = Enum.TryParse<ChartAxis>(view.X, ignoreCase: true, out var known) ? known : View.X;
        return ViewChanged.InvokeAsync(new(axis, view.LogX, view.LogY, view.HalfLife, view.Means));
    }

    /// <summary>The browser's word that an epoch was clicked.</summary>
    [JSInvokable]
    public Task MarkEpochAsync(int epoch) => MarkChanged.InvokeAsync(epoch);

    /// <summary>A view as the browser tells it.</summary>
    public sealed record BrowserView(string X, bool LogX, bool LogY, double HalfLife, bool Means);

    private object Options() =>
        new
        {
            title = Title,
            trials = Trials,
            metrics = Metrics,
            view = new
            {
                x = View.X.ToString().ToLowerInvariant(),
                logX = View.LogX,
                logY = View.LogY,
                halfLife = View.HalfLife,
                means = View.Means,
            },
            height = Height,
            controls = Controls,
            syncKey = SyncKey,
            mark = Mark,
            marks = MarkChanged.HasDelegate,
        };

    public ValueTask DisposeAsync()
    {
        _self?.Dispose();
        return _chart.DisposeAsync();
    }
}
