using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Radzen;
using SqsNet.Engine.Data;
using SqsNet.Web.Api;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Datasets;

/// <summary>Imports a folder, or draws synthetic faces.</summary>
public sealed partial class ImportDialog
{
    private const int ShownProblems = 200;
    private static readonly TimeSpan s_redraw = TimeSpan.FromMilliseconds(200);

    private readonly Departure _gone = new();
    private IReadOnlyDictionary<string, string> _folders = new Dictionary<string, string>();
    private CancellationTokenSource? _importing;
    private ImportProgress _progress;
    private ImportReport? _report;
    private string? _failure;
    private string _kind = DatasetRegistry.Kinds[0];
    private string? _folder;
    private string _name = "";
    private int _train = 2000;
    private int _validation = 400;
    private int _test = 400;
    private long _seed = 1;
    private FerPlusRule _rule;
    private int _classes = 8;
    private string _classNames = "";
    private bool _cancelled;

    /// <summary>An interrupted import to go on with at once; null asks for another one.</summary>
    [Parameter]
    public ImportRequest? GoOnWith { get; set; }

    [Inject]
    private DatasetRegistry Registry { get; set; } = null!;

    [Inject]
    private IOptions<SqsNetOptions> Options { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    private bool Busy => _importing is not null;

    private string Meaning =>
        _kind switch
        {
            "imagefolder" => "One folder per class, or train, val and test with one folder per class each.",
            "ferplus" => "FER2013Train, FER2013Valid and FER2013Test as folders or ZIPs, with FERPlus' label files.",
            "rafdb" =>
                "EmoLabel with Image/aligned, or DATASET with folders 1 to 7. A folder \"lists\" beside them tells of poses and occlusions.",
            "affectnet" => "training.csv and validation.csv with the photographs, or train_set and val_set of crops.",
            "synthetic" => "Faces drawn by SqsNet: seven expressions with the regions that make them.",
            _ => "",
        };

    protected override void OnInitialized()
    {
        _folders = ImportRoots.Folders(Options.Value);
        _folder = _folders.Keys.Order(StringComparer.Ordinal).FirstOrDefault();
        if (GoOnWith is { } request)
            (_kind, _name) = (request.Kind, request.Name);
    }

    protected override Task OnInitializedAsync() => GoOnWith is null ? Task.CompletedTask : ImportAsync(GoOnWith);

    private Task ImportAsync() => ImportAsync(Request());

    private ImportRequest Request()
    {
        var path = _kind != "synthetic" && _folder is not null ? _folders[_folder] : null;
        var names = _kind == "imagefolder" && _classNames.Trim().Length > 0;
        return new(_kind, path, _name.Trim())
        {
            Seed = _kind == "synthetic" ? _seed : 0,
            Synthetic = new(_train, _validation, _test),
            FerPlusRule = _kind == "ferplus" ? _rule : FerPlusRule.Majority,
            Classes = _kind is "ferplus" or "affectnet" ? _classes : null,
            ClassNames = names ? _classNames.Split(',', StringSplitOptions.TrimEntries) : null,
        };
    }

    private async Task ImportAsync(ImportRequest request)
    {
        if (Busy)
            return;
        _failure = null;
        _cancelled = false;
        _progress = default;
        _importing = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token);
        try
        {
            var importing = Registry.ImportAsync(request, new Latest(this), _importing.Token);
            while (!importing.IsCompleted)
            {
                await Task.WhenAny(importing, Task.Delay(s_redraw, Clock));
                StateHasChanged();
            }
            _report = await importing;
        }
        catch (OperationCanceledException) when (_importing.IsCancellationRequested)
        {
            // By hand, or the page is gone.
            _cancelled = true;
        }
        catch (Exception failure)
        {
            _failure = failure.Message;
        }
        finally
        {
            _importing.Dispose();
            _importing = null;
        }
    }

    private void Cancel()
    {
        if (_importing is { } importing)
            importing.Cancel();
        else
            Dialogs.Close();
    }

    private static int Faces(DatasetInfo dataset) => Enum.GetValues<DatasetSplit>().Sum(dataset.Total);

    public void Dispose()
    {
        _gone.Dispose();
    }

    /// <summary>Keeps the latest progress; the dialog draws it at its own pace.</summary>
    private sealed class Latest(ImportDialog dialog) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => dialog._progress = value;
    }
}
