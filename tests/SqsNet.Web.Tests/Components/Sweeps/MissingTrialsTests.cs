using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Sweeps;

namespace SqsNet.Web.Tests.Components.Sweeps;

public sealed class MissingTrialsTests : IAsyncDisposable
{
    private readonly PageServices _services = new();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task What_failed_and_what_was_stopped_is_counted_and_one_click_queues_both()
    {
        var (sweep, trials) = await StoreAsync(
            SweepState.Completed,
            TrialState.Failed,
            TrialState.Stopped,
            TrialState.Completed,
            TrialState.Pruned
        );
        var missing = await ShowAsync(sweep, trials);
        (await missing.TextAsync()).ShouldContain("2 trials are missing in this table: 1 failed and 1 was stopped.");

        await missing.ClickAsync("queue-missing");

        var states = (await _services.Store.ListTrialsAsync(sweep, default)).Select(trial => trial.State).ToList();
        states[..2].ShouldAllBe(state => !state.IsFinished());
        states[2..].ShouldBe([TrialState.Completed, TrialState.Pruned]);
    }

    [Theory]
    [InlineData(SweepState.Stopped, TrialState.Stopped)]
    [InlineData(SweepState.Completed, TrialState.Completed)]
    [InlineData(SweepState.Completed, TrialState.Pruned)]
    public async Task Nothing_is_offered_where_nothing_can_be_queued(SweepState sweep, TrialState trial)
    {
        var (id, trials) = await StoreAsync(sweep, trial);
        (await (await ShowAsync(id, trials)).TextAsync()).ShouldBeEmpty();
    }

    private async Task<(long Sweep, IReadOnlyList<TrialRecord> Trials)> StoreAsync(
        SweepState state,
        params TrialState[] states
    )
    {
        var spec = Some.Sweep() with { Training = new() { Epochs = Some.Trial(0).Spec.Training.Epochs } };
        var id = await _services.Store.AddSweepAsync(spec, states.Length, default);
        var added = await _services.Store.AddTrialsAsync(
            [.. states.Select((_, number) => Some.Trial(id, number))],
            default
        );
        var log = _services.Get<IEventLog>();
        foreach (var (trial, ended) in added.Zip(states))
            log.Append(trial.Id, new StateChanged(ended, 1) { At = Some.Time, Seconds = 1 });
        await log.FlushAsync(default);
        await _services.Store.SetSweepStateAsync(id, state, null, default);
        return (id, await _services.Store.ListTrialsAsync(id, default));
    }

    private async Task<Rendered> ShowAsync(long sweep, IReadOnlyList<TrialRecord> trials) =>
        await _services.ShowAsync<MissingTrials>(
            ("Trials", trials),
            ("Sweep", (await _services.Store.FindSweepAsync(sweep, default))!)
        );
}
