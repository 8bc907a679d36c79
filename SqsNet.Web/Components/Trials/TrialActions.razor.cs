using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Trials;

/// <summary>The buttons that act on a trial.</summary>
public sealed partial class TrialActions
{
    [Parameter, EditorRequired]
    public TrialRecord Trial { get; set; } = null!;

    /// <summary>Its sweep, where it is known: the trials of a stopped one rest for good.</summary>
    [Parameter]
    public SweepRecord? Sweep { get; set; }

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <summary>Whether a table's row has any button for such a trial.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="sweep">Its sweep, where it is known.</param>
    public static bool Offered(TrialRecord trial, SweepRecord? sweep)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return !trial.State.IsFinished() || Resumable(trial, sweep);
    }

    private static bool Resumable(TrialRecord trial, SweepRecord? sweep) =>
        trial.State.CanResume() && sweep?.State != SweepState.Stopped;

    private string Label(string verb) => Compact ? $"{verb} trial {Trial.Number}" : verb;

    private Task PauseAsync() => ActAsync(Manager.PauseTrialAsync);

    private Task ResumeAsync() => ActAsync(Manager.ResumeTrialAsync);

    private async Task StopAsync()
    {
        const string question =
            "It ends at once and keeps what it has. The sweep goes on without it until you resume it.";
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
