using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Radzen;
using SqsNet.Engine.Data;
using SqsNet.Web.Api;

namespace SqsNet.Web.Components.Datasets;

/// <summary>Imports a folder, or draws synthetic faces.</summary>
public sealed partial class ImportDialog
{
    private const int ShownProblems = 200;
    private static readonly TimeSpan s_redraw = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _gone = new();
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
            "ferplus" => "FER2013's pictures with FERPlus's votes, by the official majority rule.",
            "synthetic" => "Faces drawn by SqsNet: seven expressions with the regions that make them.",
            _ => "",
        };

    protected override void OnInitialized()
    {
        _folders = ImportRoots.Folders(Options.Value);
        _folder = _folders.Keys.Order(StringComparer.Ordinal).FirstOrDefault();
    }

    private async Task ImportAsync()
    {
        if (Busy)
            return;
        _failure = null;
        _progress = default;
        _importing = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token);
        try
        {
            var path = _kind != "synthetic" && _folder is not null ? _folders[_folder] : null;
            var request = new ImportRequest(_kind, path, _name.Trim())
            {
                Seed = _kind == "synthetic" ? _seed : 0,
                Synthetic = new(_train, _validation, _test),
            };
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
            // Cancelled by hand, or the page is gone.
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
        _gone.Cancel();
        _gone.Dispose();
    }

    /// <summary>Keeps the latest progress; the dialog draws it at its own pace.</summary>
    private sealed class Latest(ImportDialog dialog) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => dialog._progress = value;
    }
}
