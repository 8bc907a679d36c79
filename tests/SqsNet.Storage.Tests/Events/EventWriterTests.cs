using Microsoft.Extensions.Logging.Abstractions;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage.Tests.Events;

/// <summary>When the writer commits, by a clock that goes only when the test says so.</summary>
public sealed class EventWriterTests : IAsyncDisposable
{
    private readonly TestStore _store = new();
    private readonly ManualClock _clock = new();
    private readonly EventLog _log;

    public EventWriterTests() =>
        _log = new(
            _store.Database,
            _store.Changes,
            _clock,
            NullLogger<EventLog>.Instance,
            TimeSpan.FromMilliseconds(1)
        );

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_batch_is_committed_when_its_time_is_over()
    {
        var trial = await _store.AddTrialAsync();

        _log.Append(trial.Id, Some.Log("1"));
        await UntilAsync(() => _clock.IsAwaited);
        _log.Append(trial.Id, Some.Log("2"));
        var before = _log.Health;
        _clock.Advance(EventWriter.BatchTime);
        await UntilAsync(() => _log.Health.Waiting == 0);

        (before.Waiting, before.LastCommit).ShouldBe((2, null));
        (await _store.GetTrialAsync(trial.Id)).LastSeq.ShouldBe(2);
        _log.Health.LastCommit.ShouldBe(Some.Time + EventWriter.BatchTime);
    }

    [Fact]
    public async Task A_full_batch_does_not_wait_for_the_clock()
    {
        var trial = await _store.AddTrialAsync();

        for (var i = 0; i < EventWriter.BatchSize; i++)
            _log.Append(trial.Id, Some.Log("x"));
        await UntilAsync(() => _log.Health.Waiting == 0);

        (await _store.GetTrialAsync(trial.Id)).LastSeq.ShouldBe(EventWriter.BatchSize);
    }

    [Fact]
    public async Task Closing_on_a_broken_disk_gives_up_and_says_so_to_who_waits()
    {
        var trial = await _store.AddTrialAsync();
        _store.Database.WriterOpened = _ => throw new IOException("the disk is gone");
        _log.Append(trial.Id, Some.State(TrialState.Running));
        var flushed = _log.FlushAsync(default);
        await UntilAsync(() => _log.Health.Condition == StoreCondition.Retrying);
        _log.Append(trial.Id, Some.Log("waits too"));

        await _log.DisposeAsync();
        _store.Database.WriterOpened = null;

        (await Should.ThrowAsync<IOException>(flushed)).Message.ShouldBe("the disk is gone");
        (_log.Health.Condition, _log.Health.Waiting).ShouldBe((StoreCondition.Closed, 0));
        (await _store.GetTrialAsync(trial.Id)).LastSeq.ShouldBe(0);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            // Polling, not timing: the condition alone decides.
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
