using SqsNet.Engine.Efficiency;
using SqsNet.Engine.Events;

namespace SqsNet.Storage.Tests;

public sealed class ReportQueriesTests : IAsyncDisposable
{
    private readonly TestStore _store = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private ReportQueries Reports => new(_store.Sweeps, _store.Trials, new SpeedFile(_store.DataDirectory));

    [Fact]
    public async Task The_confusion_table_takes_each_trials_test_matrix_and_until_then_its_validation_matrix()
    {
        var sweep = await _store.AddSweepAsync();
        var trials = await _store.Sweeps.AddTrialsAsync(
            [Some.Trial(sweep, 0), Some.Trial(sweep, 1), Some.Trial(sweep, 2)],
            default
        );
        await _store.StoreAsync(trials[0].Id, Some.Confusion("val", 2, 1), Some.Confusion("test", 2, 2));
        await _store.StoreAsync(trials[1].Id, Some.Confusion("val", 2, 3));

        var input = await Reports.ReadAsync(sweep, "confusion", default);

        input.Sweep.Id.ShouldBe(sweep);
        input.Trials.Select(trial => trial.Id).ShouldBe(trials.Select(trial => trial.Id));
        input
            .Confusions.Select(entry => (entry.Key, entry.Value.Split, entry.Value.Counts[0][0]))
            .ShouldBe([(trials[0].Id, "test", 2), (trials[1].Id, "val", 3)], ignoreOrder: true);
    }

    [Fact]
    public async Task A_table_of_metrics_reads_no_matrices()
    {
        var trial = await _store.AddTrialAsync();
        await _store.StoreAsync(trial.Id, Some.Confusion("test", 1));

        var input = await Reports.ReadAsync(trial.SweepId, "metrics", default);

        input.Trials.ShouldHaveSingleItem();
        input.Confusions.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_efficiency_table_takes_what_has_been_measured_and_no_other_does()
    {
        var sweep = await _store.AddSweepAsync();
        await File.WriteAllTextAsync(Path.Combine(_store.DataDirectory, SpeedFile.FileName), "{ half");

        (await Reports.ReadAsync(sweep, "efficiency", default)).Speeds.Problem.ShouldNotBeNull();
        (await Reports.ReadAsync(sweep, "metrics", default)).Speeds.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task A_sweep_that_does_not_exist_is_named() =>
        (await Should.ThrowAsync<NotFoundException>(() => Reports.ReadAsync(99, "metrics", default))).Message.ShouldBe(
            "Sweep 99 does not exist."
        );
}
