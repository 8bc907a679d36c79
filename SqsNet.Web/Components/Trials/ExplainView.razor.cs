using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SqsNet.Engine.Data;
using SqsNet.Engine.Explain;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Trials;

/// <summary>
/// A picture of a face as a trial's best weights see it. The browser module takes pictures from files, the clipboard
/// and the dataset, lets people choose the part with the face, and draws the map; this component asks the network.
/// </summary>
public sealed partial class ExplainView : IAsyncDisposable
{
    private const int Neighbours = 12;

    private readonly Departure _gone = new();
    private CancellationTokenSource? _search;
    private List<int> _tests = []; // indices of the dataset's test faces
    private FaceExplanation? _explained;
    private IReadOnlyList<NearestFace>? _nearest;
    private double? _share;
    private int? _class;
    private int? _truth; // label of the dataset's face that is looked at; null for a picture from elsewhere
    private string? _error;
    private bool _busy;
    private int _asked;
    private long _trial;
    private int? _sent;
    private ElementReference _host;
    private DotNetObjectReference<ExplainView>? _self;
    private BrowserPart _board = null!;

    [Parameter, EditorRequired]
    public TrialRecord Trial { get; set; } = null!;

    /// <summary>Index of the dataset's face to look at; null for a picture from elsewhere.</summary>
    [Parameter]
    public int? Face { get; set; }

    [Parameter]
    public EventCallback<int?> FaceChanged { get; set; }

    [Inject]
    private TrialExplainer Explainer { get; set; } = null!;

    [Inject]
    private DatasetRegistry Datasets { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    /// <summary>Where the face is among the test faces.</summary>
    private int? Place => Face is { } face && _tests.IndexOf(face) is var place and >= 0 ? place : null;

    private IEnumerable<int> ByProbability =>
        Enumerable.Range(0, _explained!.Classes.Count).OrderByDescending(k => _explained.Probabilities[k]);

    private int Best => ByProbability.First();

    private int Shown => _class ?? Best;

    private string Verdict
    {
        get
        {
            var explained = _explained!;
            var best = explained.Classes[Best];
            var views = explained.Classes[
                Enumerable.Range(0, explained.Classes.Count).MaxBy(k => explained.ProbabilitiesTta[k])
            ];
            var said =
                best == views
                    ? $"Predicted: {best}, with and without TTA."
                    : $"Predicted: {best} as it is, {views} with TTA.";
            return _truth is { } truth
                ? $"{said} Its label is {explained.Classes[truth]}: {(truth == Best ? "right" : "wrong")}."
                : said;
        }
    }

    protected override void OnInitialized() => _board = new(Js, "picture");

    protected override async Task OnParametersSetAsync()
    {
        if (_trial == Trial.Id)
            return;
        _trial = Trial.Id;
        _asked++; // what the former trial still answers comes too late
        (_explained, _nearest, _class, _truth, _error, _busy) = (null, null, null, null, null, false);
        _sent = null; // so that the address's face is shown again
        StopSearch();
        _tests = TestFaces(Trial.Spec.Dataset);
        // The board keeps its picture for the new trial, but not what the former one made of it.
        await _board.TellAsync("showMap", null, 1);
        if (Face is null)
            await _board.TellAsync("sendAgain");
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Trial.BestEpoch is null)
            return;
        if (_self is null)
        {
            _self = DotNetObjectReference.Create(this);
            await _board.MakeAsync(_host, _self);
        }
        if (_board.IsMade && Face is { } face && _sent != face)
        {
            _sent = face;
            await _board.TellAsync("showFace", Urls.Face(Trial.Spec.Dataset, face), face);
        }
        else if (Face is null)
        {
            _sent = null;
        }
    }

    /// <summary>Called by the browser: a picture, or another part of it, is to be looked at.</summary>
    /// <param name="picture">A PNG file.</param>
    /// <param name="face">The dataset's face that it is; null for one from elsewhere.</param>
    [JSInvokable]
    public async Task LookAsync(IJSStreamReference picture, int? face)
    {
        var asked = ++_asked;
        StopSearch();
        (_busy, _error, _truth) = (true, null, face is { } index ? Label(index) : null);
        if (face is null && Face is not null)
            await FaceChanged.InvokeAsync(null);
        StateHasChanged();
        try
        {
            await using var stream = await picture.OpenReadStreamAsync(TrialExplainer.LargestPicture, _gone.Token);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, _gone.Token);
            var explained = await Explainer.ExplainAsync(Trial.Id, bytes.ToArray(), _gone.Token);
            if (asked != _asked)
                return; // a later picture or another trial overtook this one
            (_explained, _nearest, _busy) = (explained, null, false);
            StateHasChanged();
            await DrawAsync();
            if (await Explainer.KnowsTrainingFacesAsync(explained, _gone.Token) && asked == _asked)
                await SearchAsync();
        }
        catch (OperationCanceledException) when (_gone.IsOver)
        {
            // The page is gone.
        }
        catch (Exception failure) when (failure is InvalidOperationException or InvalidDataException or IOException)
        {
            if (asked == _asked)
                await RefuseAsync(failure.Message);
        }
    }

    /// <summary>Called by the browser: what was given is no picture.</summary>
    [JSInvokable]
    public async Task RefuseAsync(string message)
    {
        _asked++;
        (_error, _busy, _explained, _nearest) = (message, false, null, null);
        StateHasChanged();
        await _board.TellAsync("showMap", null, 1);
    }

    private async Task ChooseClass(int k)
    {
        _class = k;
        await DrawAsync();
    }

    private async Task DrawAsync()
    {
        if (_explained is null)
            return;
        var strongest = _explained.GradCam.Max(map => map.Max(row => row.Max()));
        await _board.TellAsync("showMap", _explained.GradCam[Shown], strongest);
    }

    private async Task SearchAsync()
    {
        StopSearch();
        var (explained, search) = (_explained!, CancellationTokenSource.CreateLinkedTokenSource(_gone.Token));
        _search = search;
        _share = 0;
        try
        {
            var nearest = await Explainer.NearestAsync(explained, Neighbours, new Shares(this), search.Token);
            if (_explained == explained)
                _nearest = nearest;
        }
        catch (OperationCanceledException) when (search.IsCancellationRequested)
        {
            // Stopped, or another picture came.
        }
        catch (Exception failure) when (failure is InvalidOperationException or InvalidDataException)
        {
            _error = failure.Message;
        }
        if (_search == search)
            (_search, _share) = (null, null);
        search.Dispose();
        if (!_gone.IsOver)
            StateHasChanged();
    }

    private void StopSearch()
    {
        _search?.Cancel();
        (_search, _share) = (null, null);
    }

    private Task ShowTest(int place)
    {
        _class = null;
        return FaceChanged.InvokeAsync(_tests[place]);
    }

    private List<int> TestFaces(string name)
    {
        if (Datasets.Find(name) is null)
            return [];
        using var dataset = Datasets.Open(name);
        return [.. dataset.Indices(DatasetSplit.Test)];
    }

    private int? Label(int face)
    {
        if (Datasets.Find(Trial.Spec.Dataset) is null)
            return null;
        using var dataset = Datasets.Open(Trial.Spec.Dataset);
        return face >= 0 && face < dataset.Count ? dataset.Label(face) : null;
    }

    public ValueTask DisposeAsync()
    {
        _gone.Dispose();
        _self?.Dispose();
        return _board.DisposeAsync();
    }

    /// <summary>Brings the search's progress to the page.</summary>
    private sealed class Shares(ExplainView view) : IProgress<double>
    {
        public void Report(double value) =>
            _ = view.InvokeAsync(() =>
            {
                if (view._share is null)
                    return;
                view._share = value;
                view.StateHasChanged();
            });
    }
}
