using SqsNet.Engine.Reports;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Samplers;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Sweeps;

public sealed class RacingSweepTests : IAsyncDisposable
{
    private static readonly CancellationToken _none = CancellationToken.None;
    private readonly SweepStage _stage = new(slots: 1);

    private static readonly SweepSpec _spec = Sample.Sweep(10, 11, 12) with
    {
        Space = Sample.Space("sqs.tau", Sample.Values(1, 2, 3, 4, 5, 6)),
        Strategy = new() { Kind = StrategyKind.Grid },
        Racing = new(),
    };

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_race_gives_the_next_seed_to_contenders_alone_and_says_why()
    {
        var id = await _stage.StartAsync(_spec);
        _stage.Store.Sweep(id).PlannedTrials.ShouldBe(6);
        var trials = await TrainAsync(id);
        trials.Count.ShouldBeLessThan(18);
        _stage.Store.Sweep(id).PlannedTrials.ShouldBe(trials.Count);
        _stage.Store.Sweep(id).State.ShouldBe(SweepState.Completed);
        var seeds = trials
            .GroupBy(t => t.Configuration)
            .ToDictionary(g => g.Key, g => g.Select(t => t.Spec.Seed).ToList());
        seeds.Count.ShouldBe(6);
        // The same seeds in the same order, all of them for the best, and one for the hopeless.
        seeds.Values.ShouldAllBe(own => own.SequenceEqual(_spec.Seeds.Take(own.Count)));
        seeds[2].Count.ShouldBe(3);
        seeds[5].Count.ShouldBe(1);
        trials.Select(t => t.Number).ShouldBe(Enumerable.Range(0, trials.Count));
        trials[0].Reason!.Text.ShouldBe("Point 1 of 6 of the grid. A new configuration: fewer than 4 have begun.");
        trials[4].Reason!.Text.ShouldStartWith("Seed 2 of 3 for configuration 2: it is the best so far");
    }

    [Fact]
    public async Task A_race_goes_on_after_a_restart_as_if_it_had_never_stopped()
    {
        var whole = (await TrainAsync(await _stage.StartAsync(_spec)))
            .Select(t => (t.Configuration, t.Spec.Seed))
            .ToList();
        await using var before = new SweepStage(slots: 1);
        var id = await before.StartAsync(_spec);
        for (var i = 0; i < 6; i++)
            await TrainOneAsync(before);
        await before.Executor.NextAsync(); // the seventh is cut off
        await using var after = new SweepStage(slots: 1, before.Store);
        await after.Manager.RecoverAsync(_none);
        while (!before.Store.Sweep(id).State.IsFinished())
            await TrainOneAsync(after);
        before.Store.Trials(id).Select(t => (t.Configuration, t.Spec.Seed)).ShouldBe(whole);
    }

    [Fact]
    public void Samplers_see_the_mean_that_a_configuration_would_have_with_every_seed()
    {
        // Seed 11 takes 0.1 from everybody.
        double Value(int configuration, int seed) => 0.5 + (0.02 * configuration) - (seed == 11 ? 0.1 : 0);
        var all = SampleSweep.Of(_spec with { Racing = null }, Value).Trials;
        var raced = all.Where(t => t.Spec.Seed == 10 || (t.Configuration >= 4 && t.Spec.Seed == 11)).ToList();
        var history = SweepPlan.History(_spec, raced);
        history.Select(h => h.Seeds).ShouldBe([1, 1, 1, 1, 2, 2]);
        for (var i = 1; i < 6; i++)
            (history[i].Value - history[i - 1].Value)!.Value.ShouldBe(0.02, 1e-9);
        history[0].Pending.ShouldBeFalse("it is behind");
        history[5].Pending.ShouldBeTrue("it has a seed to come");
    }

    [Fact]
    public void A_report_chooses_the_best_among_those_with_the_most_seeds()
    {
        double Value(int configuration, int seed) => 0.5 + (0.01 * configuration) - (seed == 10 ? 0 : 0.2);
        var input = SampleSweep.Of(_spec with { Racing = null }, Value);
        // All but the last have only the lucky seed: their plain means are higher.
        var raced = input with
        {
            Sweep = input.Sweep with { Spec = _spec },
            Trials = [.. input.Trials.Where(t => t.Configuration == 5 || t.Spec.Seed == 10)],
        };
        var metrics = ReportRegistry.Create("metrics", raced);
        Enumerable.Range(0, 6).Where(row => metrics.Rows[row].Cells.Any(cell => cell.IsBest)).ShouldBe([5]);
        metrics.Notes.ShouldContain(note => note.StartsWith("The sweep is a race"));
        var race = ReportRegistry.Create("race", raced);
        race.Rows[0].Cells[0].ShouldBe(new TextCell("sqs.tau=6"));
        race.Rows[0].Cells[^1].ShouldBe(new TextCell("leads"));
        race.Notes[0].ShouldContain("The race took 8 trials; all seeds of these 6 configurations would have been 18.");
    }

    [Theory]
    [InlineData(0.0, "racing.level")]
    [InlineData(0.6, "racing.level")]
    [InlineData(double.NaN, "racing.level")]
    public void A_level_that_is_none_is_refused(double level, string path) =>
        (_spec with { Racing = new() { Level = level } }).Validate().Select(e => e.Path).ShouldContain(path);

    [Fact]
    public void A_race_needs_seeds_and_trials_that_do_not_wait()
    {
        (_spec with { Seeds = [1] }).Validate().Select(e => e.Path).ShouldBe(["racing"]);
        (_spec with { Pruner = new() { Kind = PrunerKind.Asha } }).Validate().Select(e => e.Path).ShouldBe(["racing"]);
        _spec.Validate().ShouldBeEmpty();
        SweepSpecJson.Parse(SweepSpecJson.Serialize(_spec)).Racing.ShouldBe(new RacingSpec());
    }

    private async Task<IReadOnlyList<TrialRecord>> TrainAsync(long id)
    {
        while (!_stage.Store.Sweep(id).State.IsFinished())
            await TrainOneAsync(_stage);
        return _stage.Store.Trials(id);
    }

    /// <summary>The third is best, the second and fourth near it; a little noise that the seed and number decide.</summary>
    private static async Task TrainOneAsync(SweepStage stage)
    {
        var attempt = await stage.Executor.NextAsync();
        var spec = attempt.Plan.Spec;
        var noise = 0.002 * Math.Sin((7 * spec.Sqs.Tau) + (13 * spec.Seed));
        attempt.Report(0.7 - (0.02 * Math.Pow(spec.Sqs.Tau - 3, 2)) + noise + (0.01 * (spec.Seed % 2)));
        await stage.EndAsync(attempt, TrialState.Completed);
    }
}
