using Microsoft.AspNetCore.Components;
using Radzen;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Sweeps;

/// <summary>The buttons that act on a sweep.</summary>
public sealed partial class SweepActions : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private bool _busy;

    [Parameter, EditorRequired]
    public SweepRecord Sweep { get; set; } = null!;

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

    private string Label(string verb) => Compact ? $"{verb}: {Sweep.Spec.Name}" : verb;

    private Task PauseAsync() => ActAsync(Manager.PauseSweepAsync);

    private Task ResumeAsync() => ActAsync(Manager.ResumeSweepAsync);

    private async Task StopAsync()
    {
        const string question =
            "Its running trials end at once and keep what they have; its waiting trials never start. A stopped sweep cannot be resumed.";
        if (await ConfirmDialog.AskAsync(Dialogs, "Stop this sweep?", question, "Stop the sweep"))
            await ActAsync(Manager.StopSweepAsync);
    }

    private async Task ActAsync(Func<long, CancellationToken, Task> act)
    {
        _busy = true;
        try
        {
            await act(Sweep.Id, _gone.Token);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // The person left the page.
        }
        catch (Exception failure)
        {
            Notifications.Notify(NotificationSeverity.Error, "The sweep did not obey", failure.Message, 8000);
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
