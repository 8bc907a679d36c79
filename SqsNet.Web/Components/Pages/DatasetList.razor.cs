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

    [Inject]
    private DatasetRegistry Registry { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    protected override void OnInitialized() => _datasets = Registry.List();

    private async Task ImportAsync()
    {
        await Dialogs.OpenAsync<ImportDialog>(
            "Import faces",
            null,
            new DialogOptions
            {
                Width = "560px",
                CloseDialogOnOverlayClick = false,
                CloseDialogOnEsc = false,
            }
        );
        _datasets = Registry.List();
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
        _datasets = Registry.List();
    }
}
