using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Trials;

namespace SqsNet.Web.Tests.Components.Trials;

public sealed class TrialActionsTests : IAsyncDisposable
{
    private readonly PageServices _services = new();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Theory]
    [InlineData(TrialState.Waiting, SweepState.Running, "Stop")]
    [InlineData(TrialState.Running, SweepState.Running, "Pause Stop")]
    [InlineData(TrialState.Paused, SweepState.Running, "Resume Stop")]
    [InlineData(TrialState.Failed, SweepState.Completed, "Try again")]
    [InlineData(TrialState.Stopped, SweepState.Completed, "Resume")]
    [InlineData(TrialState.Stopped, SweepState.Stopped, "")]
    [InlineData(TrialState.Completed, SweepState.Completed, "")]
    [InlineData(TrialState.Pruned, SweepState.Running, "")]
    public async Task Only_what_the_trial_would_obey_is_offered(TrialState trial, SweepState sweep, string offered)
    {
        var actions = await _services.ShowAsync<TrialActions>(
            ("Trial", SomeRecords.Trial(0, trial)),
            ("Sweep", SomeRecords.Sweep(state: sweep))
        );
        var buttons = (await actions.HtmlAsync())
            .QuerySelectorAll("button")
            .Select(button => button.TextContent.Trim());
        string.Join(' ', buttons).ShouldBe(offered);
    }
}
