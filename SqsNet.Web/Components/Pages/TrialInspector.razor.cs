using System.Globalization;
using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;
using SqsNet.Web.Api;
using SqsNet.Web.Components.Shared;
using SqsNet.Web.Components.Trials;

namespace SqsNet.Web.Components.Pages;

/// <summary>
/// The similarity inspector: a quad's four faces under their maps, over epochs. The browser module reads the maps by
/// itself; this page chooses what it shows, and keeps the choice in the address.
/// </summary>
public sealed partial class TrialInspector
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

    private ShownQuad? _quad;
    private int? _slid; // opacity, ahead of the address, which comes by way of the browser
    private InspectorView? _view;

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

    private bool IsPinned => Reading!.Pinned.Any(pinned => pinned.Faces.SequenceEqual(_quad!.Faces));

    private string ShownLayer => s_layers.Any(layer => layer.Item1 == Layer) ? Layer! : s_layers[0].Item1;

    private int ShownOpacity => _slid ?? Math.Clamp(Opacity ?? 60, 0, 100);

    /// <summary>The chosen epoch if it has maps, else the last that has.</summary>
    private int? ShownEpoch =>
        Epoch is { } chosen && Reading!.Epochs.Contains(chosen) ? chosen
        : Reading!.Epochs.Count > 0 ? Reading.Epochs[^1]
        : null;

    protected override async Task<InspectedTrial?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await TrialReading.OfAsync(Id, Store, cancellationToken) is not var (trial, sweep))
            return null;
        var quads = await Queries.QuadsAsync(trial.Id, cancellationToken);
        var kept = (quads?.Quads ?? []).Select(
            (quad, q) => new ShownQuad(q, [quad.Anchor, quad.Positive, quad.Negative1, quad.Negative2], quad.Labels)
        );
        var files = await Queries.ArtifactsAsync(trial.Id, "maps", cancellationToken);
        var dataset = Datasets.Find(quads?.Dataset ?? trial.Spec.Dataset);
        var pinned = dataset is null ? [] : await Pinned.ListAsync(dataset.Name, cancellationToken);
        return new(
            trial,
            sweep,
            dataset,
            [.. files.Select(f => f.Epoch).Distinct().Order()],
            [.. kept],
            WithLabels(dataset, pinned)
        );
    }

    protected override bool IsWanted(InspectedTrial reading) => reading.Trial.Id == Id;

    protected override void Follow(InspectedTrial reading)
    {
        if (_slid == Opacity)
            _slid = null; // the address has caught up
        _quad = Choose(reading);
    }

    /// <summary>The quad that the address names, or the first.</summary>
    private ShownQuad? Choose(InspectedTrial reading) =>
        (QuadFaces.Parse(Faces) is { } faces && WithLabels(reading.Dataset, [faces]) is [var chosen] ? chosen : null)
        ?? (reading.Kept.Count == 0 ? null : reading.Kept[Math.Clamp(Quad ?? 0, 0, reading.Kept.Count - 1)]);

    /// <summary>Quads of faces that the dataset has, with their classes.</summary>
    private IReadOnlyList<ShownQuad> WithLabels(DatasetInfo? dataset, IReadOnlyList<IReadOnlyList<int>> quads)
    {
        if (dataset is null || quads.Count == 0)
            return [];
        using var faces = Datasets.Open(dataset.Name);
        return
        [
            .. quads
                .Where(quad => quad.All(face => face < faces.Count))
                .Select(quad => new ShownQuad(null, quad, [.. quad.Select(faces.Label)])),
        ];
    }

    private InspectorOptions Options(ShownQuad quad, InspectedTrial reading)
    {
        var trial = reading.Trial;
        var dataset = reading.Dataset?.Name ?? trial.Spec.Dataset;
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
                            reading.Dataset?.HasMasks == true ? Urls.Mask(dataset, face) : null
                        )
                )
            ),
            new(kept ? reading.Epochs : []),
            kept ? ShownEpoch : trial.BestEpoch ?? 0,
            ShownLayer,
            ShownOpacity / 100.0,
            !Blocky,
            Stretch,
            Outline,
            TrainedValues.Of(trial.Spec.Sqs),
            TriedValues.Parse(Tried),
            new([
                $"{reading.Sweep?.Spec.Name}, trial {Format.Trial(trial)}",
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
        Reading!.Dataset is { } dataset && label >= 0 && label < dataset.Classes.Count
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
        if (Reading?.Dataset is not { } dataset || _quad is null)
            return;
        if (IsPinned)
            await Pinned.RemoveAsync(dataset.Name, _quad.Faces, Gone.Token);
        else
            await Pinned.AddAsync(dataset.Name, _quad.Faces, Gone.Token);
        await ReadAgainAsync();
    }

    private Task ExportAsync() => _view!.ExportAsync($"trial-{Id}-quad-{_quad?.Value}.png");

    /// <summary>What the page shows.</summary>
    /// <param name="Trial">The trial.</param>
    /// <param name="Sweep">Its sweep.</param>
    /// <param name="Dataset">Of whose faces its quads are; null where it is not registered any more.</param>
    /// <param name="Epochs">Those that have maps, ascending.</param>
    /// <param name="Kept">Quads whose maps are kept at every epoch.</param>
    /// <param name="Pinned">Quads that people pinned.</param>
    public sealed record InspectedTrial(
        TrialRecord Trial,
        SweepRecord? Sweep,
        DatasetInfo? Dataset,
        IReadOnlyList<int> Epochs,
        IReadOnlyList<ShownQuad> Kept,
        IReadOnlyList<ShownQuad> Pinned
    );

    /// <summary>A quad to show.</summary>
    /// <param name="Number">Its number among those that are kept at every epoch; null for another.</param>
    /// <param name="Faces">Indices of A, P, N1 and N2.</param>
    /// <param name="Labels">Their classes.</param>
    public sealed record ShownQuad(int? Number, IReadOnlyList<int> Faces, IReadOnlyList<int> Labels)
    {
        /// <summary>What names it in an address.</summary>
        public string Value => Number is { } number ? $"{number}" : QuadFaces.Write(Faces);
    }
}
