using Microsoft.AspNetCore.Components;
using Radzen;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Shared;

/// <summary>What the buttons that act on a sweep or a trial have in common: one command at a time, and its failure told.</summary>
public abstract class CommandButtons : ComponentBase, IDisposable
{
    private readonly Departure _gone = new();

    /// <summary>Icons alone, for a table's row.</summary>
    [Parameter]
    public bool Compact { get; set; }

    [Inject]
    protected SweepManager Manager { get; set; } = null!;

    [Inject]
    protected DialogService Dialogs { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    /// <summary>Whether a command is on its way.</summary>
    protected bool Busy { get; private set; }

    /// <summary>Classes of a button.</summary>
    protected string Style => Compact ? "sq-button sq-quiet" : "sq-button";

    /// <summary>Carries out a command.</summary>
    /// <param name="act">The command.</param>
    /// <param name="id">What it acts on.</param>
    /// <param name="failed">Title of the message when it is refused.</param>
    protected async Task ActAsync(Func<long, CancellationToken, Task> act, long id, string failed)
    {
        Busy = true;
        try
        {
            await act(id, _gone.Token);
        }
        catch (OperationCanceledException) when (_gone.IsOver)
        {
            // The person left the page.
        }
        catch (Exception failure)
        {
            Notifications.Notify(NotificationSeverity.Error, failed, failure.Message, 8000);
        }
        finally
        {
            Busy = false;
        }
    }

    public void Dispose()
    {
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }
}
