using SqsNet.Engine.Executors;

namespace SqsNet.Engine.Tests.Executors;

public sealed class WorkerLeaseTests : IDisposable
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);
    private static readonly DateTime _beat = new(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Silence_is_the_looks_that_saw_no_beat_however_long_ago_the_clock_says_that_one_was()
    {
        BeatAt(_beat);
        var silence = new WorkerSilence(_folder.Path, _look);
        silence.Look().ShouldBe(TimeSpan.Zero);
        silence.Look().ShouldBe(_look);
        silence.Look().ShouldBe(2 * _look);
    }

    [Fact]
    public void A_beat_ends_the_silence_also_after_the_clock_was_set_back()
    {
        BeatAt(_beat);
        var silence = new WorkerSilence(_folder.Path, _look);
        silence.Look();
        silence.Look().ShouldBe(_look);
        BeatAt(_beat.AddHours(-1));
        silence.Look().ShouldBe(TimeSpan.Zero);
    }

    private void BeatAt(DateTime time)
    {
        var path = WorkerLease.PathIn(_folder.Path);
        File.WriteAllText(path, "");
        File.SetLastWriteTimeUtc(path, time);
    }
}
