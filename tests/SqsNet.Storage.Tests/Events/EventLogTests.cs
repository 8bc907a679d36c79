using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage.Tests.Events;

public sealed class EventLogTests : IAsyncDisposable
{
    private readonly TestStore _store = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_kind_of_event_reads_back_as_it_was_appended()
    {
        var trial = await _store.AddTrialAsync();
        TrialEvent[] events =
        [
            Some.State(TrialState.Running, 1, "off we go"),
            Some.Step(1, ("train/loss", double.NaN), ("train/accuracy", 0.1), ("train/grad", double.PositiveInfinity)),
            Some.Confusion("val", 1),
            new QuadsChosen("synthetic", [new(1, 2, 3, 4, [0, 0, 1, 2])]) { At = Some.Time },
            Some.Artifact("maps", 1, "maps/epoch-0001.maps"),
            Some.Log("<script>", LogSeverity.Warning),
        ];

        await _store.StoreAsync(trial.Id, events);

        var read = await _store.Log.ReadAsync(trial.Id, 0, 100, Token);
        read.Select(e => e.Seq).ShouldBe([1, 2, 3, 4, 5, 6]);
        read.Select(e => TrialEventJson.Serialize(e.Event)).ShouldBe(events.Select(TrialEventJson.Serialize));
        ((MetricsReported)read[1].Event).Values["train/loss"].ShouldBe(double.NaN);
        ((MetricsReported)read[1].Event).Values["train/grad"].ShouldBe(double.PositiveInfinity);
    }

    [Fact]
    public async Task Events_are_numbered_per_trial_without_gaps_also_over_restarts()
    {
        var directory = Directory.CreateTempSubdirectory("sqsnet-").FullName;
        long first,
            second;
        await using (var before = new TestStore(directory))
        {
            (first, second) = ((await before.AddTrialAsync()).Id, (await before.AddTrialAsync()).Id);
            await before.StoreAsync(first, Some.Log("1"), Some.Log("2"));
            await before.StoreAsync(second, Some.Log("1"));
        }
        await using (var after = new TestStore(directory))
        {
            await after.StoreAsync(second, Some.Log("2"));
            await after.StoreAsync(first, Some.Log("3"), Some.Log("4"));

            foreach (var (trial, count) in new[] { (first, 4), (second, 2) })
            {
                var read = await after.Log.ReadAsync(trial, 0, 100, Token);
                read.Select(e => (e.Seq, ((Logged)e.Event).Text))
                    .ShouldBe(Enumerable.Range(1, count).Select(i => ((long)i, $"{i}")));
            }
        }
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Reading_starts_after_the_given_number_and_ends_at_the_limit()
    {
        var trial = await _store.AddTrialAsync();
        await _store.AddTrialAsync();
        await _store.StoreAsync(trial.Id, Enumerable.Range(1, 10).Select(i => Some.Step(i, ("train/loss", i))));

        (await _store.Log.ReadAsync(trial.Id, 4, 3, Token)).Select(e => e.Seq).ShouldBe([5, 6, 7]);
        (await _store.Log.ReadAsync(trial.Id, 10, 3, Token)).ShouldBeEmpty();
        (await _store.Log.ReadAsync(trial.Id, long.MaxValue, 3, Token)).ShouldBeEmpty();
        (await _store.Log.ReadAsync(trial.Id + 1, 0, 3, Token)).ShouldBeEmpty();
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => _store.Log.ReadAsync(trial.Id, 0, 0, Token));
    }

    [Fact]
    public async Task Events_of_many_threads_keep_the_order_of_each_thread()
    {
        var trials = new List<long>();
        for (var i = 0; i < 4; i++)
            trials.Add((await _store.AddTrialAsync()).Id);

        await Task.WhenAll(
            trials.Select(id =>
                Task.Run(() =>
                {
                    for (var i = 1; i <= 3000; i++)
                        _store.Log.Append(id, Some.Step(i, ("train/loss", i)));
                })
            )
        );
        await _store.Log.FlushAsync(Token);

        foreach (var id in trials)
        {
            var read = await _store.Log.ReadAsync(id, 0, 10_000, Token);
            read.Select(e => (e.Seq, ((MetricsReported)e.Event).Step))
                .ShouldBe(Enumerable.Range(1, 3000).Select(i => ((long)i, (long)i)));
        }
        _store.Log.Health.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task The_feed_rings_once_per_trial_and_batch_and_only_after_the_commit()
    {
        var trial = await _store.AddTrialAsync();
        var rings = new List<(Change Change, int Readable)>();
        using var _ = _store.Changes.Subscribe(change =>
            rings.Add((change, _store.Log.ReadAsync(change.TrialId!.Value, 0, 1000, Token).Result.Count))
        );

        await _store.StoreAsync(trial.Id, Some.Log("a"), Some.Log("b"));
        await _store.StoreAsync(trial.Id, Some.Log("c"));

        rings.ShouldAllBe(ring => ring.Readable >= ring.Change.LastSeq);
        rings.Select(ring => ring.Change.LastSeq).ShouldBeInOrder(SortDirection.Ascending);
        rings[^1].Change.ShouldBe(new(trial.SweepId, trial.Id, 3));
    }

    [Fact]
    public async Task A_listener_that_throws_does_not_stop_the_log()
    {
        var trial = await _store.AddTrialAsync();
        using var _ = _store.Changes.Subscribe(_ => throw new InvalidOperationException("broken listener"));

        await _store.StoreAsync(trial.Id, Some.Log("a"));
        await _store.StoreAsync(trial.Id, Some.Log("b"));

        (await _store.GetTrialAsync(trial.Id)).LastSeq.ShouldBe(2);
    }

    [Fact]
    public async Task An_event_of_a_trial_that_does_not_exist_is_counted_and_costs_no_other()
    {
        var trial = await _store.AddTrialAsync();
        _store.Log.Append(trial.Id, Some.Log("a"));
        _store.Log.Append(4711, Some.Log("lost"));

        await _store.StoreAsync(trial.Id, Some.Log("b"));

        (await _store.Log.ReadAsync(trial.Id, 0, 10, Token)).Count.ShouldBe(2);
        _store.Log.Health.Rejected.ShouldBe(1);
        _store.Log.Health.Waiting.ShouldBe(0);
        _store.Log.Health.Condition.ShouldBe(StoreCondition.Healthy);
    }

    [Fact]
    public async Task What_was_appended_before_closing_is_stored()
    {
        var directory = Directory.CreateTempSubdirectory("sqsnet-").FullName;
        var before = new TestStore(directory);
        var trial = await before.AddTrialAsync();
        for (var i = 1; i <= 12_000; i++)
            before.Log.Append(trial.Id, Some.Log($"{i}"));

        await before.DisposeAsync();

        await using (var after = new TestStore(directory))
            (await after.GetTrialAsync(trial.Id)).LastSeq.ShouldBe(12_000);
        before.Log.Health.Condition.ShouldBe(StoreCondition.Closed);
        Should.Throw<InvalidOperationException>(() => before.Log.Append(trial.Id, Some.Log("late")));
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Many_readers_beside_the_writer_see_complete_prefixes_of_the_log()
    {
        var trial = await _store.AddTrialAsync();
        const int Count = 4000;
        var writing = Task.Run(async () =>
        {
            for (var i = 1; i <= Count; i++)
            {
                _store.Log.Append(trial.Id, Some.Step(i, ("train/loss", i)));
                if (i % 100 == 0)
                    await _store.Log.FlushAsync(Token);
            }
        });

        var readers = Enumerable
            .Range(0, 8)
            .Select(_ =>
                Task.Run(async () =>
                {
                    long seen = 0;
                    while (seen < Count)
                    {
                        var read = await _store.Log.ReadAsync(trial.Id, seen, 10_000, Token);
                        read.Select(e => e.Seq).ShouldBe(Enumerable.Range(1, read.Count).Select(i => seen + i));
                        (await _store.GetTrialAsync(trial.Id)).LastSeq.ShouldBeGreaterThanOrEqualTo(seen);
                        seen += read.Count;
                    }
                })
            );

        await Task.WhenAll([writing, .. readers]);
    }
}
