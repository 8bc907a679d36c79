using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;
using SqsNet.Web.Components.Shared;
using SqsNet.Web.Components.Trials;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Pages;

/// <summary>
/// The similarity inspector: a quad's four faces under their maps, over epochs. The browser module reads the maps by
/// itself; this page chooses what it shows, and keeps the choice in the address.
/// </summary>
public sealed partial class TrialInspector : IAsyncDisposable
{
    private static readonly (bool, string)[] s_drawings = [(true, "Smooth"), (false, "Cells")];
    private static readonly (bool, string)[] s_scales = [(false, "Fixed scale"), (true, "Stretched")];
    private static readonly string[] s_roles = ["A", "P", "N1", "N2"];

    private readonly Departure _gone = new();
    private TrialRecord? _trial;
    private SweepRecord? _sweep;
    private QuadsChosen? _quads;
    private DatasetInfo? _dataset;
    private IReadOnlyList<int> _epochs = [];
    private int? _slid; // opacity, ahead of the address, which comes by way of the browser
    private bool _missing;
    private ElementReference _host;
    private BrowserPart _inspector = null!;
    private InspectorOptions? _shown;

    [Parameter]
    public long Id { get; set; }

    [SupplyParameterFromQuery(Name = "quad")]
    private int? Quad { get; set; }

    [SupplyParameterFromQuery(Name = "epoch")]
    private int? Epoch { get; set; }

    [SupplyParameterFromQuery(Name = "opacity")]
    private int? Opacity { get; set; }

    [SupplyParameterFromQuery(Name = "blocky")]
    private bool Blocky { get; set; }

    [SupplyParameterFromQuery(Name = "stretch")]
    private bool Stretch { get; set; }

    [SupplyParameterFromQuery(Name = "outline")]
    private bool Outline { get; set; }

    [Inject]
    private ISweepStore Store { get; set; } = null!;

    [Inject]
    private TrialQueries Queries { get; set; } = null!;

    [Inject]
    private DatasetRegistry Datasets { get; set; } = null!;

    [Inject]
    private PageQuery Query { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    private int ShownQuad => Math.Clamp(Quad ?? 0, 0, Math.Max(0, (_quads?.Quads.Count ?? 1) - 1));

    private int ShownOpacity => _slid ?? Math.Clamp(Opacity ?? 60, 0, 100);

    /// <summary>The chosen epoch if it has maps, else the last that has.</summary>
    private int? ShownEpoch =>
        Epoch is { } chosen && _epochs.Contains(chosen) ? chosen
        : _epochs.Count > 0 ? _epochs[^1]
        : null;

    protected override Task OnParametersSetAsync()
    {
        if (_slid == Opacity)
            _slid = null; // the address has caught up
        return _trial?.Id == Id ? Task.CompletedTask : LoadAsync();
    }

    private async Task LoadAsync()
    {
        var trial = await Store.FindTrialAsync(Id, _gone.Token);
        _missing = trial is null;
        if (trial is null)
            return;
        if (_sweep?.Id != trial.SweepId)
            _sweep = await Store.FindSweepAsync(trial.SweepId, _gone.Token);
        _quads = await Queries.QuadsAsync(Id, _gone.Token);
        var files = await Queries.ArtifactsAsync(Id, "maps", _gone.Token);
        _epochs = [.. files.Select(f => f.Epoch).Distinct().Order()];
        _dataset = Datasets.Find(_quads?.Dataset ?? trial.Spec.Dataset);
        _trial = trial;
    }

    protected override void OnInitialized() => _inspector = new(Js, "inspector");

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_quads is not { Quads.Count: > 0 } || _trial?.Spec.Model.SqsModule != true)
            return;
        var options = Options(_quads, _trial);
        if (options.Equals(_shown))
            return;
        var first = _shown is null;
        _shown = options;
        if (_inspector.IsMade)
        {
            await _inspector.TellAsync("show", options);
            return;
        }
        if (!first)
            return; // the first call is still on its way; it renders again and sees the change
        await _inspector.MakeAsync(_host, options);
        if (_inspector.IsMade)
            StateHasChanged();
    }

    private InspectorOptions Options(QuadsChosen quads, TrialRecord trial)
    {
        var quad = quads.Quads[ShownQuad];
        int[] indices = [quad.Anchor, quad.Positive, quad.Negative1, quad.Negative2];
        var sqs = trial.Spec.Sqs;
        return new(
            Urls.Maps(trial.Id, ShownQuad),
            new(
                indices.Select(
                    (index, i) =>
                        new InspectedFace(
                            s_roles[i],
                            ClassName(quad.Labels[i]),
                            Urls.Face(quads.Dataset, index),
                            _dataset?.HasMasks == true ? Urls.Mask(quads.Dataset, index) : null
                        )
                )
            ),
            new(_epochs),
            ShownEpoch,
            ShownOpacity / 100.0,
            !Blocky,
            Stretch,
            Outline,
            Math.Max(sqs.Alpha, 2 * sqs.Beta),
            sqs.Margin
        );
    }

    private string ClassName(int label) =>
        _dataset is { } dataset && label >= 0 && label < dataset.Classes.Count
            ? dataset.Classes[label]
            : $"class {label}";

    private string QuadName(int q) =>
        $"{q + 1}: {string.Join(", ", _quads!.Quads[q].Labels.Skip(1).Select(ClassName))}";

    private void SetOpacity(int opacity)
    {
        _slid = opacity;
        Query.Set(("opacity", opacity));
    }

    private void ShowQuad(int quad) => Query.Set(("quad", quad == 0 ? null : quad));

    public ValueTask DisposeAsync()
    {
        _gone.Dispose();
        return _inspector.DisposeAsync();
    }
}
