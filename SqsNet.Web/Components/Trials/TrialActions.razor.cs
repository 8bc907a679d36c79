using Microsoft.AspNetCore.Components;
using Radzen;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Trials;

/// <summary>The buttons that act on a trial.</summary>
public sealed partial class TrialActions : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private bool _busy;

    [Parameter, EditorRequired]
    public TrialRecord Trial { get; set; } = null!;

    /// <summary>Icons alone, for a table's row.</summary>
    [Parameter]
    public bool Compact { get; set; }

    [Inject]
    private SweepManager Manager { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    private string Style => Compact ? "sq-button sq-quiet" : "sq-button";

    private string Label(string verb) => Compact ? $"{verb} trial {Trial.Number}" : verb;

    private Task PauseAsync() => ActAsync(Manager.PauseTrialAsync);

    private Task ResumeAsync() => ActAsync(Manager.ResumeTrialAsync);

    private async Task StopAsync()
    {
        const string question = "It ends at once and keeps what it has. A stopped trial cannot be resumed.";
        if (await ConfirmDialog.AskAsync(Dialogs, "Stop this trial?", question, "Stop the trial"))
            await ActAsync(Manager.StopTrialAsync);
    }

    private async Task ActAsync(Func<long, CancellationToken, Task> act)
    {
        _busy = true;
        try
        {
            await act(Trial.Id, _gone.Token);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // The person left the page.
        }
        catch (Exception failure)
        {
            Notifications.Notify(NotificationSeverity.Error, "The trial did not obey", failure.Message, 8000);
        }
        finally
        {
            _busy = false;
        }
    }

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }
}
