using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Sweeps;

/// <summary>The buttons that act on a sweep.</summary>
public sealed partial class SweepActions
{
    [Parameter, EditorRequired]
    public SweepRecord Sweep { get; set; } = null!;

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

    private Task ActAsync(Func<long, CancellationToken, Task> act) => ActAsync(act, Sweep.Id, "The sweep did not obey");
}
