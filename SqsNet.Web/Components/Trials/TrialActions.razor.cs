using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Trials;

/// <summary>The buttons that act on a trial.</summary>
public sealed partial class TrialActions
{
    [Parameter, EditorRequired]
    public TrialRecord Trial { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string Label(string verb) => Compact ? $"{verb} trial {Trial.Number}" : verb;

    private Task PauseAsync() => ActAsync(Manager.PauseTrialAsync);

    private Task ResumeAsync() => ActAsync(Manager.ResumeTrialAsync);

    private async Task StopAsync()
    {
        const string question = "It ends at once and keeps what it has. A stopped trial cannot be resumed.";
        if (await ConfirmDialog.AskAsync(Dialogs, "Stop this trial?", question, "Stop the trial"))
            await ActAsync(Manager.StopTrialAsync);
    }

    private async Task ForkAsync()
    {
        if (await ForkDialog.AskAsync(Dialogs, Trial) is { } fork)
            Navigation.NavigateTo(Urls.Trial(fork));
    }

    private Task ActAsync(Func<long, CancellationToken, Task> act) => ActAsync(act, Trial.Id, "The trial did not obey");
}
