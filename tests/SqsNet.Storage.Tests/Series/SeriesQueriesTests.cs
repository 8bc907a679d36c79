using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage.Tests.Series;

public sealed class SeriesQueriesTests : IAsyncDisposable
{
    private const string Loss = "train/loss";
    private const int All = 100_000;

    private readonly TestStore _store = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Below, at and above the sizes at which events are folded and chunks are closed.
    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(999)]
    [InlineData(1024)]
    [InlineData(5003)]
    public async Task Every_point_is_read_whether_it_is_still_an_event_or_already_in_a_chunk(int count)
    {
        var trial = await _store.AddTrialAsync();
        var events = Enumerable.Range(1, count).Select(i => Some.Step(i, (Loss, Value(i)), ("train/accuracy", i)));
        await _store.StoreAsync(trial.Id, Some.State(TrialState.Running));
        // In small batches, as a trial reports, so that folds happen in the middle.
        foreach (var batch in events.Chunk(100))
            await _store.StoreAsync(trial.Id, batch);

        var series = await _store.Series.ReadAsync(trial.Id, Loss, 0, All, Token);

        series.Points.ShouldBe(Enumerable.Range(1, count).Select(i => new SeriesPoint(i, i * 0.5, Value(i))));
        (series.Metric, series.From, series.To, series.Reduced).ShouldBe((Loss, 1, count + 1, false));
    }

    [Fact]
    public async Task Reading_after_any_number_gives_exactly_the_points_logged_after_it()
    {
        var trial = await _store.AddTrialAsync();
        const int Count = 1300;
        await _store.StoreAsync(trial.Id, Some.State(TrialState.Running));
        await _store.StoreAsync(trial.Id, Enumerable.Range(2, Count - 1).Select(i => Some.Step(i, (Loss, Value(i)))));

        foreach (var after in new long[] { 0, 1, 2, 255, 256, 999, 1000, 1001, 1024, 1279, 1280, Count - 1, Count })
        {
            var series = await _store.Series.ReadAsync(trial.Id, Loss, after, All, Token);

            var first = (int)Math.Max(2, after + 1);
            series.Points.Select(p => p.Step).ShouldBe(Enumerable.Range(first, Count + 1 - first).Select(i => (long)i));
            (series.From, series.To).ShouldBe((after + 1, Count));
        }
    }

    [Fact]
    public async Task A_stretch_is_read_with_every_point_and_its_neighbours_and_smoothing_knows_what_came_before()
    {
        var trial = await _store.AddTrialAsync();
        await _store.StoreAsync(trial.Id, Some.State(TrialState.Running));
        await _store.StoreAsync(trial.Id, Enumerable.Range(1, 2000).Select(i => Some.Step(i, (Loss, Value(i)))));

        async Task<SqsNet.Storage.Series> ReadAsync(SeriesRequest request) =>
            (await _store.Series.ReadManyAsync([trial.Id], request, Token))[trial.Id];

        var stretch = await ReadAsync(new(Loss, 100) { First = 500, Last = 520 });
        stretch.Points.Select(p => p.Step).ShouldBe(Enumerable.Range(499, 23).Select(i => (long)i));
        stretch.Reduced.ShouldBeFalse();
        (await ReadAsync(new(Loss, 100) { First = 5000 })).Points.ShouldHaveSingleItem().Step.ShouldBe(2000);

        var smoothing = new SeriesSmoothing(50);
        var all = await ReadAsync(new(Loss, All) { Smoothing = smoothing });
        var part = await ReadAsync(
            new(Loss, All)
            {
                First = 500,
                Last = 520,
                Smoothing = smoothing,
            }
        );
        part.Points.ShouldBe(all.Points.Skip(498).Take(23));
        all.Points[499].Value.ShouldNotBe(Value(500));
    }

    [Fact]
    public async Task A_series_and_the_events_after_it_hold_every_point_once_while_the_trial_reports()
    {
        var trial = await _store.AddTrialAsync();
        const int Count = 3000;
        var writing = Task.Run(async () =>
        {
            for (var i = 1; i <= Count; i++)
            {
                _store.Log.Append(trial.Id, i % 7 == 0 ? Some.Log("between") : Some.Step(i, (Loss, Value(i))));
                if (i % 50 == 0)
                    await _store.Log.FlushAsync(Token);
            }
        });

        // What a browser does: takes the series, then tails the log from its end.
        var clients = Enumerable
            .Range(0, 4)
            .Select(async client =>
            {
                while (client > 0 && (await _store.GetTrialAsync(trial.Id)).LastSeq < client * 600)
                    await Task.Delay(1, Token);
                var series = await _store.Series.ReadAsync(trial.Id, Loss, 0, All, Token);
                var steps = series.Points.Select(p => p.Step).ToList();
                var seen = series.To;
                while (seen < Count)
                {
                    var read = await _store.Log.ReadAsync(trial.Id, seen, 500, Token);
                    steps.AddRange(read.Select(e => e.Event).OfType<MetricsReported>().Select(m => m.Step));
                    seen = read.Count == 0 ? seen : read[^1].Seq;
                }
                return steps;
            });

        var all = await Task.WhenAll(clients);
        await writing;
        foreach (var steps in all)
            steps.ShouldBe(Enumerable.Range(1, Count).Where(i => i % 7 != 0).Select(i => (long)i));
    }

    [Fact]
    public async Task Fifty_thousand_points_are_reduced_to_the_wanted_number_and_keep_their_spike()
    {
        var trial = await _store.AddTrialAsync();
        const int Count = 50_000;
        await _store.StoreAsync(
            trial.Id,
            Enumerable.Range(1, Count).Select(i => Some.Step(i, (Loss, i == 31_234 ? 99.5 : Value(i))))
        );

        var series = await _store.Series.ReadAsync(trial.Id, Loss, 0, 1500, Token);

        // At least the first and the last of 375 buckets.
        series.Points.Count.ShouldBeInRange(750, 1500);
        series.Reduced.ShouldBeTrue();
        series.To.ShouldBe(Count);
        series.Points.ShouldContain(new SeriesPoint(31_234, 31_234 * 0.5, 99.5));
        series.Points[^1].Step.ShouldBe(Count);
        (await _store.Series.ReadAsync(trial.Id, Loss, 0, Count, Token)).Points.Count.ShouldBe(Count);
    }

    [Fact]
    public async Task NaN_and_infinity_read_back_as_they_were_in_events_and_in_chunks()
    {
        double[] odd = [1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, double.Epsilon];
        var trial = await _store.AddTrialAsync();
        await _store.StoreAsync(trial.Id, Some.State(TrialState.Running));
        await _store.StoreAsync(trial.Id, odd.Select((value, i) => Some.Step(i + 1, (Loss, value))));

        var fresh = await _store.Series.ReadAsync(trial.Id, Loss, 0, All, Token);
        await _store.StoreAsync(trial.Id, Some.State(TrialState.Completed));
        var folded = await _store.Series.ReadAsync(trial.Id, Loss, 0, All, Token);

        fresh.Points.Select(p => p.Value).ShouldBe(odd);
        folded.Points.Select(p => p.Value).ShouldBe(odd);
        (await _store.GetTrialAsync(trial.Id)).Latest[Loss].ShouldBe(double.Epsilon);
    }

    [Fact]
    public async Task A_resumed_attempt_takes_the_place_of_the_steps_that_were_lost()
    {
        var trial = await _store.AddTrialAsync();
        await _store.StoreAsync(trial.Id, Some.State(TrialState.Running, 1));
        await _store.StoreAsync(trial.Id, Enumerable.Range(1, 350).Select(i => Some.Step(i, (Loss, 1))));
        await _store.StoreAsync(trial.Id, Some.State(TrialState.Running, 2));

        // The last checkpoint was at step 300.
        await _store.StoreAsync(trial.Id, Enumerable.Range(301, 150).Select(i => Some.Step(i, (Loss, 2))));

        var series = await _store.Series.ReadAsync(trial.Id, Loss, 0, All, Token);
        series
            .Points.Select(p => (p.Step, p.Value))
            .ShouldBe(Enumerable.Range(1, 450).Select(i => ((long)i, i <= 300 ? 1.0 : 2.0)));
    }

    [Fact]
    public async Task Folded_events_stay_in_the_log_as_they_were()
    {
        var trial = await _store.AddTrialAsync();
        TrialEvent[] events =
        [
            .. Enumerable
                .Range(1, 700)
                .Select(i => i % 10 == 3 ? (TrialEvent)Some.Log($"{i}") : Some.Step(i, (Loss, Value(i)))),
            Some.State(TrialState.Completed),
        ];
        foreach (var batch in events.Chunk(90))
            await _store.StoreAsync(trial.Id, batch);

        foreach (var after in new[] { 0, 1, 255, 256, 257, 300, 700 })
        {
            var read = await _store.Log.ReadAsync(trial.Id, after, 300, Token);
            read.Select(e => e.Seq)
                .ShouldBe(Enumerable.Range(after + 1, Math.Min(300, 701 - after)).Select(i => (long)i));
            read.ShouldAllBe(e => TrialEventJson.Serialize(e.Event) == TrialEventJson.Serialize(events[e.Seq - 1]));
        }
    }

    [Fact]
    public async Task Series_of_many_trials_come_from_one_call()
    {
        var first = await _store.AddTrialAsync();
        var second = await _store.AddTrialAsync();
        await _store.StoreAsync(first.Id, Some.Step(1, (Loss, 0.25)), Some.Step(2, (Loss, 0.125)));

        var series = await _store.Series.ReadManyAsync([first.Id, second.Id, 99], new(Loss, 100), Token);

        series.Keys.ShouldBe([first.Id, second.Id], ignoreOrder: true);
        series[first.Id].Points.Select(p => p.Value).ShouldBe([0.25, 0.125]);
        series[second.Id].Points.ShouldBeEmpty();
    }

    [Fact]
    public async Task Metrics_are_listed_as_soon_as_they_are_reported()
    {
        var trial = await _store.AddTrialAsync();
        await _store.StoreAsync(
            trial.Id,
            Some.Step(1, ("train/loss", 1), ("a", 2)),
            Some.Epoch(1, true, ("val/loss", 1))
        );

        (await _store.Series.MetricsAsync(trial.Id, Token)).ShouldBe(["a", "train/loss", "val/loss"]);
        (await _store.Series.MetricsAsync(99, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_read_is_said()
    {
        var trial = await _store.AddTrialAsync();

        (await _store.Series.ReadAsync(trial.Id, "never/reported", 0, 100, Token)).Points.ShouldBeEmpty();
        await Should.ThrowAsync<NotFoundException>(() => _store.Series.ReadAsync(99, Loss, 0, 100, Token));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() =>
            _store.Series.ReadAsync(trial.Id, Loss, 0, 4, Token)
        );
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() =>
            _store.Series.ReadAsync(trial.Id, Loss, -1, 9, Token)
        );
    }

    private static double Value(int i) => Math.Sin(i * 0.01) / 3;
}
