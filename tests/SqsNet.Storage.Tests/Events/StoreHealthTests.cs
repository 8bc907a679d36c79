using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage.Tests.Events;

public sealed class StoreHealthTests : IAsyncDisposable
{
    private readonly TestStore _store = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_shows_and_loses_nothing_once_there_is_room_again()
    {
        var trial = await _store.AddTrialAsync();
        await _store.StoreAsync(trial.Id, Some.Log("before"));
        _store.Log.Health.Condition.ShouldBe(StoreCondition.Healthy);
        _store.Log.Health.LastCommit.ShouldNotBeNull();
        var rings = 0;
        using var _ = _store.Changes.Subscribe(_ => Interlocked.Increment(ref rings));

        _store.Database.WriterOpened = connection => connection.Execute("PRAGMA max_page_count = 1");
        for (var i = 1; i <= 500; i++)
            _store.Log.Append(trial.Id, Some.Step(i, ("train/loss", i)));
        var flushed = _store.Log.FlushAsync(Token);
        var troubled = await WaitAsync(h => h.Condition == StoreCondition.Retrying);
        var ringsWhileFull = rings;
        var isFlushed = flushed.IsCompleted;
        _store.Log.Append(trial.Id, Some.Log("while full"));
        _store.Database.WriterOpened = connection => connection.Execute("PRAGMA max_page_count = 1000000");
        await _store.Log.FlushAsync(Token);

        troubled.Problem.ShouldNotBeNull().ShouldContain("full");
        troubled.Since.ShouldNotBeNull();
        troubled.Waiting.ShouldBeGreaterThan(0);
        isFlushed.ShouldBeFalse();
        ringsWhileFull.ShouldBe(0);
        await flushed;
        (await _store.Log.ReadAsync(trial.Id, 0, 1000, Token)).Select(e => e.Seq).ShouldBe(Sequence(502));
        _store.Log.Health.ShouldSatisfyAllConditions(
            h => h.Condition.ShouldBe(StoreCondition.Healthy),
            h => h.Problem.ShouldBeNull(),
            h => h.Waiting.ShouldBe(0)
        );
    }

    [Fact]
    public async Task A_store_locked_by_another_program_is_tried_again_until_it_is_free()
    {
        var trial = await _store.AddTrialAsync();
        // The wait inside SQLite is cut short; the writer's own patience is what is tested.
        _store.Database.WriterOpened = connection =>
        {
            connection.DefaultTimeout = 1;
            connection.Execute("PRAGMA busy_timeout = 1");
        };
        await using var other = new SqliteConnection(
            SqsDatabase.ConnectionString(_store.Database.FilePath, SqliteOpenMode.ReadWrite)
        );
        await other.OpenAsync(Token);
        await using (var _ = other.BeginTransaction())
        {
            _store.Log.Append(trial.Id, Some.Log("patience"));
            (await WaitAsync(h => h.Condition == StoreCondition.Retrying)).Problem!.ShouldContain("locked");
        }

        await _store.Log.FlushAsync(Token);

        (await _store.GetTrialAsync(trial.Id)).LastSeq.ShouldBe(1);
        _store.Log.Health.Condition.ShouldBe(StoreCondition.Healthy);
    }

    [Fact]
    public async Task A_failed_batch_leaves_nothing_behind()
    {
        var trial = await _store.AddTrialAsync();
        var attempts = 0;
        _store.Database.WriterOpened = _ =>
        {
            if (Interlocked.Increment(ref attempts) <= 3)
                throw new IOException("the disk is gone");
        };

        await _store.StoreAsync(trial.Id, Some.State(TrialState.Running), Some.Epoch(1, true, ("val/accuracy", 1)));

        attempts.ShouldBe(4);
        var stored = await _store.GetTrialAsync(trial.Id);
        (stored.LastSeq, stored.Attempts, stored.Epoch).ShouldBe((2, 1, 1));
    }

    [Fact]
    public async Task An_event_that_can_never_be_stored_costs_only_itself()
    {
        var trial = await _store.AddTrialAsync();
        // A trigger stands for any fault of the data that no waiting mends.
        await _store.Database.WriteAsync(
            connection =>
                connection.Execute(
                    """
                    CREATE TRIGGER poison BEFORE INSERT ON event WHEN new.payload LIKE '%poison%'
                    BEGIN SELECT RAISE(ABORT, 'poison'); END
                    """
                ),
            Token
        );

        await _store.StoreAsync(trial.Id, Some.Log("1"), Some.Log("poison"), Some.Log("2"));

        var read = await _store.Log.ReadAsync(trial.Id, 0, 10, Token);
        read.Select(e => (e.Seq, ((Logged)e.Event).Text)).ShouldBe([(1, "1"), (2, "2")]);
        (_store.Log.Health.Rejected, _store.Log.Health.Waiting).ShouldBe((1, 0));
    }

    [Fact]
    public void Opened_for_reading_only_nothing_is_taken()
    {
        using var database = SqsDatabase.OpenReadOnly(_store.DataDirectory);
        using var log = new EventLog(database, new ChangeFeed(), TimeProvider.System, NullLogger<EventLog>.Instance);

        log.Health.Condition.ShouldBe(StoreCondition.Closed);
        Should.Throw<InvalidOperationException>(() => log.Append(1, Some.Log("x")));
    }

    private async Task<StoreHealth> WaitAsync(Func<StoreHealth, bool> condition)
    {
        while (!condition(_store.Log.Health))
        {
            // Polling, not timing: the condition alone decides.
            await Task.Delay(1, Token);
        }
        return _store.Log.Health;
    }

    private static IEnumerable<long> Sequence(int count) => Enumerable.Range(1, count).Select(i => (long)i);
}
