using Microsoft.AspNetCore.Components;
using Radzen;
using SqsNet.Engine.Data;
using SqsNet.Web.Components.Datasets;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Pages;

/// <summary>The registered datasets.</summary>
public sealed partial class DatasetList
{
    private const string BuiltIn = "synthetic";
    private IReadOnlyList<DatasetInfo>? _datasets;
    private IReadOnlyList<ImportRequest> _unfinished = [];

    [Inject]
    private DatasetRegistry Registry { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    protected override void OnInitialized() => Load();

    private void Load()
    {
        _datasets = Registry.List();
        _unfinished = Registry.Unfinished();
    }

    private async Task ImportAsync(ImportRequest? unfinished)
    {
        await Dialogs.OpenAsync<ImportDialog>(
            "Import faces",
            new() { [nameof(ImportDialog.GoOnWith)] = unfinished },
            new DialogOptions
            {
                Width = "560px",
                CloseDialogOnOverlayClick = false,
                CloseDialogOnEsc = false,
            }
        );
        Load();
    }

    private void Discard(ImportRequest request)
    {
        try
        {
            Registry.Discard(request.Name);
        }
        catch (DatasetException refused)
        {
            Notifications.Notify(
                NotificationSeverity.Error,
                "The import could not be discarded",
                refused.Message,
                8000
            );
        }
        Load();
    }

    private async Task DeleteAsync(DatasetInfo dataset)
    {
        var question =
            $"The prepared faces of \"{dataset.Name}\" are removed; the folder that they were imported from is not touched. Trials that have trained on it keep their results but lose their pictures.";
        if (!await ConfirmDialog.AskAsync(Dialogs, "Delete this dataset?", question, "Delete the dataset"))
            return;
        try
        {
            Registry.Delete(dataset.Name);
        }
        catch (Exception failure)
        {
            Notifications.Notify(NotificationSeverity.Error, "The dataset could not be deleted", failure.Message, 8000);
        }
        Load();
    }
}
