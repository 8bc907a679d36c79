using Microsoft.AspNetCore.Components;
using SqsNet.Engine;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Trials;

namespace SqsNet.Web.Tests.Components.Trials;

public sealed class ForkDialogTests : IAsyncDisposable
{
    private readonly PageServices _services = new();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task Values_that_were_changed_make_a_fork_and_the_others_stay_the_parents()
    {
        var (trial, dialog) = await ShowAsync();

        await dialog.TypeAsync("fork-sqs-margin", "0.3");
        await dialog.TypeAsync("fork-training-epochs", "8");
        await SubmitAsync(dialog);

        var fork = (await _services.Store.ListTrialsAsync(trial.SweepId, default))[^1];
        fork.ParentId.ShouldBe(trial.Id);
        fork.Spec.Sqs.ShouldBe(trial.Spec.Sqs with { Margin = 0.3 });
        fork.Spec.Training.Epochs.ShouldBe(8);
        fork.Assignment.Keys.ShouldBe(["sqs.tau", "sqs.margin", "training.epochs"], ignoreOrder: true);
    }

    [Fact]
    public async Task Problems_stand_at_their_fields_and_nothing_is_started()
    {
        var (trial, dialog) = await ShowAsync();

        await dialog.TypeAsync("fork-sqs-tau", "hot");
        await dialog.TypeAsync("fork-training-learningRate", "");
        await SubmitAsync(dialog);

        var html = await dialog.HtmlAsync();
        html.QuerySelector("#fork-sqs-tau-errors")!.TextContent.ShouldContain("number");
        html.QuerySelector("#fork-sqs-tau")!.GetAttribute("aria-invalid").ShouldBe("true");
        html.QuerySelector("#fork-training-learningRate-errors").ShouldNotBeNull();
        (await _services.Store.ListTrialsAsync(trial.SweepId, default)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Trial_without_a_checkpoint_is_told_when_there_will_be_one()
    {
        var trial = await TrialAsync();

        var dialog = await _services.ShowAsync<ForkDialog>(("Trial", trial));

        (await dialog.TextAsync()).ShouldContain("keeps no checkpoint");
    }

    private async Task<TrialRecord> TrialAsync()
    {
        var sweep = await _services.Store.AddSweepAsync(Some.Sweep(), 1, default);
        var trial = (await _services.Store.AddTrialsAsync([Some.Trial(sweep)], default))[0];
        await _services.Store.SetSweepStateAsync(sweep, SweepState.Completed, null, default);
        return trial;
    }

    private async Task<(TrialRecord Trial, Rendered Dialog)> ShowAsync()
    {
        var trial = await TrialAsync();
        Some.WriteCheckpoint(_services.Get<EngineOptions>(), trial.Id, step: 20, epochs: 2);
        return (trial, await _services.ShowAsync<ForkDialog>(("Trial", trial)));
    }

    private static Task SubmitAsync(Rendered dialog) =>
        dialog.FireAsync("onsubmit", "aria-label", "Fork the trial", EventArgs.Empty);
}
