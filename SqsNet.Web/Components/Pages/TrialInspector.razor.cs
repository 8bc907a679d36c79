using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;
using SqsNet.Web.Api;
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
    private static readonly (string, string)[] s_layers =
    [
        ("similarity", "Similarity"),
        ("norm", "Feature norm"),
        ("attention", "Attention"),
    ];
    private static readonly string[] s_roles = ["A", "P", "N1", "N2"];

    private readonly Departure _gone = new();
    private TrialRecord? _trial;
    private SweepRecord? _sweep;
    private IReadOnlyList<ShownQuad> _kept = [];
    private IReadOnlyList<ShownQuad> _pinned = [];
    private ShownQuad? _quad;
    private DatasetInfo? _dataset;
    private IReadOnlyList<int> _epochs = [];
    private int? _slid; // opacity, ahead of the address, which comes by way of the browser
    private bool _missing;
    private ElementReference _host;
    private BrowserPart _inspector = null!;
    private DotNetObjectReference<TrialInspector>? _self;
    private InspectorOptions? _shown;

    [Parameter]
    public long Id { get; set; }

    [SupplyParameterFromQuery(Name = "quad")]
    private int? Quad { get; set; }

    [SupplyParameterFromQuery(Name = "faces")]
    private string? Faces { get; set; }

    [SupplyParameterFromQuery(Name = "layer")]
    private string? Layer { get; set; }

    [SupplyParameterFromQuery(Name = "try")]
    private string? Tried { get; set; }

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
    private PinnedQuads Pinned { get; set; } = null!;

    [Inject]
    private DatasetRegistry Datasets { get; set; } = null!;

    [Inject]
    private PageQuery Query { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    private bool IsPinned => _pinned.Any(pinned => pinned.Faces.SequenceEqual(_quad!.Faces));

    private string ShownLayer => s_layers.Any(layer => layer.Item1 == Layer) ? Layer! : s_layers[0].Item1;

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
        if (_trial?.Id != Id)
            return LoadAsync();
        _quad = Choose();
        return Task.CompletedTask;
    }

    private async Task LoadAsync()
    {
        var trial = await Store.FindTrialAsync(Id, _gone.Token);
        _missing = trial is null;
        if (trial is null)
            return;
        if (_sweep?.Id != trial.SweepId)
            _sweep = await Store.FindSweepAsync(trial.SweepId, _gone.Token);
        var quads = await Queries.QuadsAsync(Id, _gone.Token);
        _kept =
        [
            .. (quads?.Quads ?? []).Select(
                (quad, q) => new ShownQuad(q, [quad.Anchor, quad.Positive, quad.Negative1, quad.Negative2], quad.Labels)
            ),
        ];
        var files = await Queries.ArtifactsAsync(Id, "maps", _gone.Token);
        _epochs = [.. files.Select(f => f.Epoch).Distinct().Order()];
        _dataset = Datasets.Find(quads?.Dataset ?? trial.Spec.Dataset);
        _trial = trial;
        await LoadPinnedAsync();
        _quad = Choose();
    }

    private async Task LoadPinnedAsync() =>
        _pinned = _dataset is null ? [] : WithLabels(await Pinned.ListAsync(_dataset.Name, _gone.Token));

    /// <summary>The quad that the address names, or the first.</summary>
    private ShownQuad? Choose() =>
        (QuadFaces.Parse(Faces) is { } faces && WithLabels([faces]) is [var chosen] ? chosen : null)
        ?? (_kept.Count == 0 ? null : _kept[Math.Clamp(Quad ?? 0, 0, _kept.Count - 1)]);

    /// <summary>Quads of faces that the dataset has, with their classes.</summary>
    private IReadOnlyList<ShownQuad> WithLabels(IReadOnlyList<IReadOnlyList<int>> quads)
    {
        if (_dataset is null || quads.Count == 0)
            return [];
        using var faces = Datasets.Open(_dataset.Name);
        return
        [
            .. quads
                .Where(quad => quad.All(face => face < faces.Count))
                .Select(quad => new ShownQuad(null, quad, [.. quad.Select(faces.Label)])),
        ];
    }

    protected override void OnInitialized() => _inspector = new(Js, "inspector");

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_quad is null || _trial?.Spec.Model.SqsModule != true)
            return;
        var options = Options(_quad, _trial);
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
        _self = DotNetObjectReference.Create(this);
        await _inspector.MakeAsync(_host, _self, options);
        if (_inspector.IsMade)
            StateHasChanged();
    }

    /// <summary>The browser's word that other hyperparameters are tried.</summary>
    [JSInvokable]
    public void Try(Dictionary<string, double> tried) => Query.Set(("try", TriedValues.Write(tried)));

    private InspectorOptions Options(ShownQuad quad, TrialRecord trial)
    {
        var dataset = _dataset?.Name ?? trial.Spec.Dataset;
        var kept = quad.Number is not null;
        return new(
            kept ? Urls.Maps(trial.Id, quad.Number!.Value) : Urls.MapsOfFaces(trial.Id, quad.Faces),
            new(
                quad.Faces.Select(
                    (face, i) =>
                        new InspectedFace(
                            s_roles[i],
                            ClassName(quad.Labels[i]),
                            Urls.Face(dataset, face),
                            _dataset?.HasMasks == true ? Urls.Mask(dataset, face) : null
                        )
                )
            ),
            new(kept ? _epochs : []),
            kept ? ShownEpoch : trial.BestEpoch ?? 0,
            ShownLayer,
            ShownOpacity / 100.0,
            !Blocky,
            Stretch,
            Outline,
            TrainedValues.Of(trial.Spec.Sqs),
            TriedValues.Parse(Tried),
            new([
                $"{_sweep?.Spec.Name}, trial {Format.Trial(trial)}",
                $"{trial.Spec.Model.Name} on {dataset}, faces {string.Join(", ", quad.Faces)}",
                Sqs(trial.Spec.Sqs),
            ])
        );
    }

    private static string Sqs(SqsSpec sqs) =>
        FormattableString.Invariant(
            $"τ = {sqs.Tau}, α = {sqs.Alpha}, β = {sqs.Beta}, γ = {sqs.Gamma}, m = {sqs.Margin}, λ = {sqs.Lambda}"
        );

    private string ClassName(int label) =>
        _dataset is { } dataset && label >= 0 && label < dataset.Classes.Count
            ? dataset.Classes[label]
            : $"class {label}";

    private string NameOf(ShownQuad quad) =>
        $"{(quad.Number is { } number ? $"{number + 1}" : string.Join(" ", quad.Faces))}: {string.Join(", ", quad.Labels.Skip(1).Select(ClassName))}";

    private void SetOpacity(int opacity)
    {
        _slid = opacity;
        Query.Set(("opacity", opacity));
    }

    private void ShowKept(int quad) => Query.Set(("quad", quad == 0 ? null : quad), ("faces", null));

    /// <summary>Shows the quad of an option's value.</summary>
    private void Show(string value)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var kept))
            ShowKept(kept);
        else
            Query.Set(("faces", value));
    }

    private async Task TogglePinAsync()
    {
        if (_dataset is null || _quad is null)
            return;
        if (IsPinned)
            await Pinned.RemoveAsync(_dataset.Name, _quad.Faces, _gone.Token);
        else
            await Pinned.AddAsync(_dataset.Name, _quad.Faces, _gone.Token);
        await LoadPinnedAsync();
    }

    private Task ExportAsync() => _inspector.TellAsync("exportPicture", $"trial-{Id}-quad-{_quad?.Value}.png");

    public ValueTask DisposeAsync()
    {
        _gone.Dispose();
        _self?.Dispose();
        return _inspector.DisposeAsync();
    }

    /// <summary>A quad to show.</summary>
    /// <param name="Number">Its number among those that are kept at every epoch; null for another.</param>
    /// <param name="Faces">Indices of A, P, N1 and N2.</param>
    /// <param name="Labels">Their classes.</param>
    private sealed record ShownQuad(int? Number, IReadOnlyList<int> Faces, IReadOnlyList<int> Labels)
    {
        /// <summary>What names it in an address.</summary>
        public string Value => Number is { } number ? $"{number}" : QuadFaces.Write(Faces);
    }
}
