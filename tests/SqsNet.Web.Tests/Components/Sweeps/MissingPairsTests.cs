using System.Text.Json;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Sweeps;

namespace SqsNet.Web.Tests.Components.Sweeps;

public sealed class MissingPairsTests : IAsyncDisposable
{
    private readonly PageServices _services = new();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task One_click_queues_the_pairs_that_an_ablation_lacks()
    {
        var id = await StartAsync(StrategyKind.Ablation);
        var missing = await ShowAsync(id);
        (await missing.HtmlAsync()).QuerySelector("#queue-pairs")!.TextContent.ShouldContain("trials");

        await missing.ClickAsync("queue-pairs");

        (await _services.Store.FindSweepAsync(id, default))!.Spec.Strategy.Pairs.ShouldBeTrue();
        (await (await ShowAsync(id)).HtmlAsync()).QuerySelector("#queue-pairs").ShouldBeNull();
    }

    [Fact]
    public async Task Another_strategy_lacks_none() =>
        (await (await ShowAsync(await StartAsync(StrategyKind.OneAtATime))).HtmlAsync())
            .QuerySelector("#queue-pairs")
            .ShouldBeNull();

    private async Task<long> StartAsync(StrategyKind kind)
    {
        var spec = Some.Sweep() with
        {
            Strategy = new() { Kind = kind },
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.gamma"] = new() { Values = [JsonSerializer.SerializeToElement(0)] },
                ["sqs.lambda"] = new() { Values = [JsonSerializer.SerializeToElement(0)] },
            },
        };
        var id = await _services.Store.AddSweepAsync(spec, 1, default);
        await _services.Store.SetSweepStateAsync(id, SweepState.Paused, null, default);
        return id;
    }

    private async Task<Rendered> ShowAsync(long id) =>
        await _services.ShowAsync<MissingPairs>(("Sweep", (await _services.Store.FindSweepAsync(id, default))!));
}
