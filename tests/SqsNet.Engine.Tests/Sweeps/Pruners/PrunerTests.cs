using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Pruners;

namespace SqsNet.Engine.Tests.Sweeps.Pruners;

/// <summary>What each rule says, and by which numbers.</summary>
public class PrunerTests
{
    [Fact]
    public void Median_says_what_it_compared_with()
    {
        var decision = new PercentilePruner(Goal.Maximize, 50, 3, 0, 1).Judge(
            Trial(9, 0.3, 0.5),
            [Done(1, 0.4, 0.6), Done(2, 0.4, 0.7), Done(3, 0.4, 0.9), Trial(4, 0.9, 0.99)]
        )!;
        decision.Prune.ShouldBeTrue();
        (decision.Value, decision.Threshold, decision.Compared, decision.Rung).ShouldBe((0.5, 0.7, 3, null));
        decision.Text.ShouldBe(
            "Epoch 2: best so far 0.5, worse than the median of 3 completed trials at this epoch (0.7)."
        );
    }

    [Fact]
    public void Median_keeps_a_trial_whose_best_value_equals_it_and_one_that_was_better_before()
    {
        var pruner = new PercentilePruner(Goal.Maximize, 50, 1, 0, 1);
        pruner.Judge(Trial(9, 0.7), [Done(1, 0.7)])!.Prune.ShouldBeFalse();
        pruner.Judge(Trial(9, 0.9, 0.1), [Done(1, 0.7, 0.8)])!.Prune.ShouldBeFalse();
        pruner.Judge(Trial(9, 0.1, 0.1), [Done(1, 0.7, 0.8)])!.Prune.ShouldBeTrue();
    }

    [Fact]
    public void Median_is_silent_before_enough_trials_have_completed_and_in_its_warmup()
    {
        var pruner = new PercentilePruner(Goal.Minimize, 50, 2, 3, 2);
        pruner.Judge(Trial(9, 5, 5, 5), [Done(1, 1, 1, 1)]).ShouldBeNull();
        Curve[] two = [Done(1, 1, 1, 1, 1, 1), Done(2, 1, 1, 1, 1, 1)];
        pruner.Judge(Trial(9, 5, 5), two).ShouldBeNull();
        pruner.Judge(Trial(9, 5, 5, 5), two)!.Prune.ShouldBeTrue();
        pruner.Judge(Trial(9, 5, 5, 5, 5), two).ShouldBeNull();
        pruner.Judge(Trial(9, 5, 5, 5, 5, 5), two)!.Prune.ShouldBeTrue();
    }

    [Theory]
    [InlineData(Goal.Minimize)]
    [InlineData(Goal.Maximize)]
    public void Percentile_keeps_its_share_of_the_trials_in_both_directions(Goal goal)
    {
        var sign = goal == Goal.Minimize ? 1 : -1;
        Curve[] done = [.. Enumerable.Range(1, 5).Select(i => Done(i, sign * i))];
        var pruner = new PercentilePruner(goal, 25, 5, 0, 1);
        pruner.Judge(Trial(9, sign * 2.0), done)!.Prune.ShouldBeFalse();
        var decision = pruner.Judge(Trial(9, sign * 2.01), done)!;
        decision.Prune.ShouldBeTrue();
        decision.Threshold.ShouldBe(sign * 2.0);
    }

    [Fact]
    public void A_trial_that_has_seen_nothing_but_NaN_ends()
    {
        new PercentilePruner(Goal.Maximize, 50, 1, 0, 1)
            .Judge(Trial(9, double.NaN), [Done(1, 0.5)])!
            .Prune.ShouldBeTrue();
        new SuccessiveHalvingPruner(Goal.Maximize, 1, 3, 0, 0).Judge(Trial(9, double.NaN), [])!.Prune.ShouldBeTrue();
        new PercentilePruner(Goal.Maximize, 50, 1, 0, 1)
            .Judge(Trial(9, double.NaN, 0.6), [Done(1, 0.5, 0.5)])!
            .Prune.ShouldBeFalse();
    }

    [Fact]
    public void Halving_says_rung_value_threshold_and_number()
    {
        var pruner = new SuccessiveHalvingPruner(Goal.Maximize, 2, 3, 0, 0);
        Curve[] others = [Trial(1, 0.1, 0.8), Trial(2, 0.1, 0.6, 0.9), Trial(3, 0.7)];
        pruner.Judge(Trial(9, 0.5), others).ShouldBeNull();
        var decision = pruner.Judge(Trial(9, 0.5, 0.7), others)!;
        (decision.Prune, decision.Rung, decision.Value, decision.Threshold, decision.Compared).ShouldBe(
            (true, 0, 0.7, 0.8, 3)
        );
        decision.Text.ShouldBe("Epoch 2, rung 0: 0.7 is not among the best 1 of 3 that have come here (from 0.8 on).");
        pruner.Judge(Trial(9, 0.5, 0.7, 0.1), others).ShouldBeNull();
        pruner.Judge(Trial(9, 0.5, 0.9, 0.9, 0.9, 0.9, 0.9), others)!.Rung.ShouldBe(1);
    }

    [Theory]
    [InlineData(1, 27, 3, 4)]
    [InlineData(1, 243, 3, 6)]
    [InlineData(1, 1000, 10, 4)]
    [InlineData(2, 53, 3, 3)]
    public void Hyperband_has_a_bracket_for_each_rung_below_the_last_epoch(
        int least,
        int most,
        int factor,
        int count
    ) => new HyperbandPruner(Goal.Maximize, least, most, factor, seed: 0).Budgets.Count.ShouldBe(count);

    [Fact]
    public void Hyperband_spreads_configurations_by_the_budgets_and_the_seed()
    {
        var pruner = new HyperbandPruner(Goal.Maximize, 1, 27, 3, seed: 4);
        pruner.Budgets.ShouldBe([27, 12, 6, 4]);
        var counts = Enumerable.Range(0, 4900).CountBy(pruner.Bracket).ToDictionary();
        for (var bracket = 0; bracket < 4; bracket++)
            ((double)counts[bracket]).ShouldBe(100 * pruner.Budgets[bracket], 5 * Math.Sqrt(4900 * 0.25));
        var other = new HyperbandPruner(Goal.Maximize, 1, 27, 3, seed: 5);
        Enumerable.Range(0, 50).Select(other.Bracket).ShouldNotBe(Enumerable.Range(0, 50).Select(pruner.Bracket));
    }

    [Fact]
    public void Hyperband_compares_within_a_bracket_alone()
    {
        var pruner = new HyperbandPruner(Goal.Maximize, 1, 9, 3, (configuration, _) => configuration);
        // Budgets are 9, 5 and 3: configurations 0 to 8 are of bracket 0, 9 to 13 of bracket 1.
        pruner.Bracket(8).ShouldBe(0);
        pruner.Bracket(9).ShouldBe(1);
        Curve[] others = [.. Enumerable.Range(1, 5).Select(i => Trial(i, 0.9))];
        pruner.Judge(Trial(0, 0.5), others)!.Prune.ShouldBeTrue();
        pruner.Judge(Trial(9, 0.5), others).ShouldBeNull();
        pruner.Judge(Trial(9, 0.5, 0.5, 0.5), others)!.Prune.ShouldBeFalse();
    }

    [Fact]
    public void Promotion_takes_the_best_of_the_highest_rung_that_may_send_one_on()
    {
        IReadOnlyList<RungEntry> low =
        [
            new(1, 0.5, Promoted: true),
            new(2, 0.4, false),
            new(3, 0.9, Promoted: true),
            new(4, 0.8, Promoted: true),
            new(5, 0.45, false),
            new(6, double.NaN, false),
        ];
        IReadOnlyList<RungEntry> high = [new(1, 0.6, false), new(3, 0.95, false), new(4, 0.85, false)];
        var next = Rungs.Next([low, high], 3, Goal.Maximize)!;
        (next.TrialId, next.Rung, next.Decision.Value, next.Decision.Compared).ShouldBe((3, 1, 0.95, 3));
        // Both of the best two of six have gone on already, and of three only one may.
        Rungs.Next([low, [.. high.Select(entry => entry with { Promoted = true })]], 3, Goal.Maximize).ShouldBeNull();
        Rungs.Next([low, []], 2, Goal.Maximize).ShouldBeNull();
        Rungs.Next([low, []], 2, Goal.Minimize)!.TrialId.ShouldBe(2);
        Rungs
            .Next(
                [
                    [low[0], low[1]],
                    [],
                ],
                3,
                Goal.Minimize
            )
            .ShouldBeNull();
    }

    private static Curve Trial(int id, params double[] values) =>
        new(id, id, Completed: false, [.. values.Select((v, i) => new CurvePoint(i + 1, 10 * (i + 1), i + 1, v))]);

    private static Curve Done(int id, params double[] values) => Trial(id, values) with { Completed = true };
}
