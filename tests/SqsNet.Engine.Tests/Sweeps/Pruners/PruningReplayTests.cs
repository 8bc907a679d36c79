using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Pruners;

namespace SqsNet.Engine.Tests.Sweeps.Pruners;

public class PruningReplayTests
{
    private static readonly DateTimeOffset _start = new(2026, 5, 4, 0, 0, 0, TimeSpan.Zero);
    private static readonly IPruner _halving = new SuccessiveHalvingPruner(Goal.Maximize, 1, 2, 0, 0);

    [Fact]
    public void Without_a_pruner_a_sweep_costs_what_it_cost()
    {
        var cost = PruningReplay.Run(null, [Trial(1, 0, 0.5, 0.6), Trial(2, 0, 0.7)], maxEpochs: 2);
        cost.Stopped.ShouldBeEmpty();
        (cost.Epochs, cost.Steps, cost.Seconds).ShouldBe((3, 30, 3.0));
    }

    [Fact]
    public void Who_came_first_decides_who_is_compared_with_whom()
    {
        // The worse trial is the first at the rung and goes on; started later, it is the second and ends.
        PruningReplay
            .Run(_halving, [Trial(1, 0, 0.5, 0.6, 0.6), Trial(2, 10, 0.7, 0.8, 0.8)], maxEpochs: 3)
            .Stopped.ShouldBeEmpty();
        var late = PruningReplay.Run(_halving, [Trial(1, 10, 0.5, 0.6, 0.6), Trial(2, 0, 0.7, 0.8, 0.8)], maxEpochs: 3);
        late.Stopped.ShouldBe(new Dictionary<long, int> { [1] = 1 });
        (late.Epochs, late.Steps, late.Seconds).ShouldBe((4, 40, 4.0));
    }

    [Fact]
    public void A_trial_that_was_ended_is_not_compared_with_at_a_later_rung()
    {
        // Trial 2 ends at its first epoch, so trial 3 is only the second at rung 1 and not the third.
        var cost = PruningReplay.Run(
            _halving,
            [Trial(1, 0, 0.8, 0.8, 0.8), Trial(2, 10, 0.5, 0.95, 0.95), Trial(3, 20, 0.9, 0.9, 0.9)],
            maxEpochs: 3
        );
        cost.Stopped.ShouldBe(new Dictionary<long, int> { [2] = 1 });
    }

    [Fact]
    public void The_last_epoch_is_not_judged() =>
        PruningReplay.Run(_halving, [Trial(1, 10, 0.5), Trial(2, 0, 0.7)], maxEpochs: 1).Stopped.ShouldBeEmpty();

    [Fact]
    public void A_trial_counts_as_completed_only_once_its_last_epoch_has_been_played()
    {
        var median = new PercentilePruner(Goal.Maximize, 50, 1, 0, 1);
        // While both train there is nothing to compare with.
        PruningReplay
            .Run(median, [Trial(1, 0, 0.9, 0.9), Trial(2, 0, 0.1, 0.1)], maxEpochs: 2)
            .Stopped.ShouldBeEmpty();
        PruningReplay
            .Run(median, [Trial(1, 0, 0.9, 0.9), Trial(2, 10, 0.1, 0.1)], maxEpochs: 2)
            .Stopped.ShouldBe(new Dictionary<long, int> { [2] = 1 });
    }

    private static RecordedTrial Trial(int id, double startSeconds, params double[] values) =>
        new(
            new(id, id, Completed: true, [.. values.Select((v, i) => new CurvePoint(i + 1, 10 * (i + 1), i + 1, v))]),
            _start.AddSeconds(startSeconds)
        );
}
