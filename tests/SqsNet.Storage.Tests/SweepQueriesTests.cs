using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage.Tests;

public sealed class SweepQueriesTests : IAsyncDisposable
{
    private readonly TestStore _store = new();

    private SweepQueries Queries => new(_store.Database);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task An_empty_store_has_no_overview() => (await Queries.OverviewAsync(Token)).ShouldBeEmpty();

    [Fact]
    public async Task The_overview_adds_epochs_and_finds_the_best_trial_of_each_sweep()
    {
        var first = await AddSweepAsync(new(), trials: 2);
        var second = await AddSweepAsync(new(), trials: 1);
        await _store.StoreAsync(first[0], Some.Epoch(1, true, ("val/accuracy", 0.4)));
        await _store.StoreAsync(first[1], Some.Epoch(2, true, ("val/accuracy", 0.6), ("val/loss", 9)));

        var overviews = await Queries.OverviewAsync(Token);

        overviews[1]
            .ShouldBe(
                new SweepOverview
                {
                    SweepId = 1,
                    Epochs = 3,
                    BestTrialId = first[1],
                    BestTrialNumber = 1,
                    BestValue = 0.6,
                }
            );
        overviews[2].ShouldBe(new SweepOverview { SweepId = 2 });
        second.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_best_trial_is_the_lowest_where_the_objective_is_minimized()
    {
        var spec = new SweepSpec
        {
            Objective = new() { Metric = "val/loss", Goal = Goal.Minimize },
        };
        var trials = await AddSweepAsync(spec, trials: 2);
        await _store.StoreAsync(trials[0], Some.Epoch(1, true, ("val/loss", 2)));
        await _store.StoreAsync(trials[1], Some.Epoch(1, true, ("val/loss", 1)));

        (await Queries.OverviewAsync(Token))[1].BestTrialId.ShouldBe(trials[1]);
    }

    [Fact]
    public async Task A_value_that_is_not_a_number_is_never_best()
    {
        var trials = await AddSweepAsync(new(), trials: 2);
        await _store.StoreAsync(trials[0], Some.Epoch(1, true, ("val/accuracy", double.NaN)));
        await _store.StoreAsync(trials[1], Some.Epoch(1, true, ("val/accuracy", 0.1)));

        (await Queries.OverviewAsync(Token))[1].BestTrialId.ShouldBe(trials[1]);
    }

    [Fact]
    public async Task The_speed_of_a_model_is_the_median_of_its_latest_trials()
    {
        var trials = await AddSweepAsync(new(), trials: 3);
        foreach (var (trial, speed) in trials.Zip([10.0, 30.0, 20.0]))
            await _store.StoreAsync(trial, Some.Step(1, ("train/images_per_second", speed)));

        (await Queries.ImagesPerSecondAsync("sqsnet-tiny", Token)).ShouldBe(20);
        (await Queries.ImagesPerSecondAsync("sqsnet", Token)).ShouldBeNull();
    }

    private async Task<IReadOnlyList<long>> AddSweepAsync(SweepSpec spec, int trials)
    {
        var sweep = await _store.Sweeps.AddSweepAsync(spec, trials, Token);
        var added = await _store.Sweeps.AddTrialsAsync(
            [.. Enumerable.Range(0, trials).Select(number => Some.Trial(sweep, number))],
            Token
        );
        return [.. added.Select(trial => trial.Id)];
    }
}
