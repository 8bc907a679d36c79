using SqsNet.Engine.Sweeps;
using SqsNet.Storage;
using SqsNet.Web.Components.Sweeps;

namespace SqsNet.Web.Tests.Components.Sweeps;

public sealed class SweepProgressTests
{
    private static readonly DateTimeOffset s_now = Some.Time.AddSeconds(100);

    [Fact]
    public void Nothing_trained_gives_no_time_left()
    {
        var progress = SweepProgress.Of(SomeRecords.Sweep(), [], s_now);

        progress.Share.ShouldBe(0);
        progress.Left.ShouldBeNull();
    }

    [Fact]
    public void Share_counts_epochs_of_running_trials_too()
    {
        var progress = SweepProgress.Of(
            SomeRecords.Sweep(planned: 4),
            [
                SomeRecords.Trial(0, startedAfter: 0, endedAfter: 60),
                SomeRecords.Trial(1, TrialState.Running, epoch: 5, startedAfter: 60),
            ],
            s_now
        );

        progress.Ended.ShouldBe(1);
        progress.Share.ShouldBe(1.5 / 4, tolerance: 1e-9);
    }

    [Fact]
    public void Time_left_follows_from_the_time_that_trials_took()
    {
        var progress = SweepProgress.Of(
            SomeRecords.Sweep(planned: 3),
            [SomeRecords.Trial(0, startedAfter: 0, endedAfter: 60)],
            s_now
        );

        progress.Left.ShouldBe(TimeSpan.FromSeconds(120));
    }

    [Fact]
    public void Trials_at_once_share_the_time_left()
    {
        var sweep = SomeRecords.Sweep(planned: 3, spec: new SweepSpec { Executor = new() { Parallel = 2 } });

        SweepProgress
            .Of(sweep, [SomeRecords.Trial(0, startedAfter: 0, endedAfter: 60)], s_now)
            .Left.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Failed_and_stopped_trials_do_not_make_the_rest_look_quick()
    {
        var progress = SweepProgress.Of(
            SomeRecords.Sweep(planned: 4),
            [
                SomeRecords.Trial(0, startedAfter: 0, endedAfter: 60),
                SomeRecords.Trial(1, TrialState.Failed, startedAfter: 60, endedAfter: 61),
                SomeRecords.Trial(2, TrialState.Stopped, startedAfter: 61, endedAfter: 62),
            ],
            s_now
        );

        progress.Ended.ShouldBe(3);
        progress.Left.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Ended_sweep_has_no_time_left_and_stands_still()
    {
        var progress = SweepProgress.Of(
            SomeRecords.Sweep(planned: 1, state: SweepState.Completed),
            [SomeRecords.Trial(0, startedAfter: 0, endedAfter: 60)],
            s_now.AddDays(3)
        );

        progress.Share.ShouldBe(1);
        progress.Left.ShouldBeNull();
        progress.Elapsed.ShouldBe(TimeSpan.FromHours(1));
    }

    [Fact]
    public void List_counts_epochs_or_ended_trials_whichever_is_more()
    {
        var sweep = SomeRecords.Sweep(planned: 4) with
        {
            Counts = new Dictionary<TrialState, int> { [TrialState.Completed] = 1, [TrialState.Running] = 1 },
        };

        SweepProgress.Of(sweep, new SweepOverview { SweepId = 1, Epochs = 100 }).Share.ShouldBe(0.5);
        SweepProgress.Of(sweep, null).ShouldBe((1, 4, 0.25));
    }
}
