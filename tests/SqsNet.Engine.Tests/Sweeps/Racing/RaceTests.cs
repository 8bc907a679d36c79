using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Racing;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Sweeps.Racing;

public class RaceTests
{
    private static readonly Race _race = new(new(), new ObjectiveSpec(), seeds: 3);

    [Fact]
    public void Four_configurations_begin_before_any_gets_a_second_seed()
    {
        RaceEntry[] few = [Entry(0, 0.7), Entry(1, 0.6), Entry(2, 0.5)];
        _race.Next(few, more: true).Wish.ShouldBe(RaceWish.NewConfiguration);
        var step = _race.Next([.. few, Entry(3, 0.4)], more: true);
        (step.Wish, step.Configuration).ShouldBe((RaceWish.OneMoreSeed, 0));
        step.Reason.Text.ShouldStartWith("Seed 2 of 3 for configuration 0: it is the best so far, with 0.7 (n = 1)");
    }

    [Fact]
    public void As_many_seeds_as_configurations_then_a_new_one()
    {
        RaceEntry[] entries = [Entry(0, 0.70, 0.68, 0.71), Entry(1, 0.68, 0.70), Entry(2, 0.68, 0.69), Entry(3, 0.4)];
        _race.Next(entries, more: true).Wish.ShouldBe(RaceWish.NewConfiguration);
        _race
            .Next(entries, more: true)
            .Reason.Text.ShouldBe("A new configuration: 4 have begun, with 4 further seeds.");
        _race.Next(entries, more: false).Wish.ShouldBe(RaceWish.OneMoreSeed);
    }

    [Fact]
    public void The_strongest_challenger_gets_a_seed_when_it_has_fewer_than_the_best()
    {
        RaceEntry[] entries = [Entry(0, 0.70, 0.72), Entry(1, 0.69), Entry(2, 0.65, 0.66), Entry(3, 0.695)];
        var step = _race.Next(entries, more: true);
        (step.Wish, step.Configuration).ShouldBe((RaceWish.OneMoreSeed, 3));
        step.Reason.Text.ShouldContain("cannot yet be told from the best");
        step.Reason.Scores["p"].ShouldBeGreaterThan(0.1);
    }

    [Fact]
    public void What_is_worse_than_its_seeds_explain_is_behind_and_gets_no_more()
    {
        RaceEntry[] entries =
        [
            Entry(0, 0.700, 0.721, 0.690),
            Entry(1, 0.690, 0.712, 0.680),
            Entry(2, 0.500),
            Entry(3, 0.400),
        ];
        var standings = _race.Standings(entries);
        standings
            .Select(s => s.Place)
            .ShouldBe([RacePlace.Leads, RacePlace.Behind, RacePlace.Behind, RacePlace.Behind]);
        _race.Next(entries, more: false).Wish.ShouldBe(RaceWish.Nothing);
    }

    [Fact]
    public void A_lucky_seed_of_all_does_not_make_a_configuration_with_few_seeds_the_best()
    {
        // Seed 0 lifts everybody by 0.1: the second has the better plain mean and is the worse configuration.
        RaceEntry[] entries = [Entry(0, 0.80, 0.70, 0.71), Entry(1, 0.79, 0.69), Entry(2, 0.79), Entry(3, 0.60)];
        var standings = _race.Standings(entries);
        standings[0].Place.ShouldBe(RacePlace.Leads);
        standings[2].Mean.ShouldBe(standings[0].Mean - 0.01, 0.005);
    }

    [Fact]
    public void The_best_is_given_every_seed_before_the_race_is_decided()
    {
        RaceEntry[] entries = [Entry(0, 0.70, 0.70), Entry(1, 0.50, 0.501), Entry(2, 0.3), Entry(3, 0.2)];
        var step = _race.Next(entries, more: false);
        (step.Wish, step.Configuration).ShouldBe((RaceWish.OneMoreSeed, 0));
        step.Reason.Text.ShouldEndWith("is to have every seed.");
    }

    [Fact]
    public void Equals_run_until_all_have_every_seed()
    {
        // What is behind lies so far behind that the noise of the two, which is large, cannot explain it.
        RaceEntry[] entries = [Entry(0, 0.7, 0.6, 0.65), Entry(1, 0.6, 0.7, 0.65), Entry(2, 0), Entry(3, 0)];
        _race.Next([entries[0], Entry(1, 0.6, 0.7), entries[2], entries[3]], more: false).Configuration.ShouldBe(1);
        _race.Next(entries, more: false).Wish.ShouldBe(RaceWish.Nothing);
    }

    [Fact]
    public void Nothing_is_decided_while_a_trial_trains()
    {
        RaceEntry[] entries = [Entry(0, 0.7, 0.7, 0.71), Entry(1, 0.3, 0.31) with { Started = 3, Pending = 1 }];
        _race.Next(entries, more: false).Wish.ShouldBe(RaceWish.Wait);
    }

    [Fact]
    public void What_the_pruner_ended_or_has_no_value_is_out()
    {
        RaceEntry[] entries =
        [
            Entry(0, 0.5, 0.5, 0.51),
            Entry(1, 0.9) with
            {
                Ended = true,
            },
            Entry(2) with
            {
                Started = 1,
            },
        ];
        _race.Standings(entries).Select(s => s.Place).ShouldBe([RacePlace.Leads, RacePlace.Out, RacePlace.Out]);
        _race.Next(entries, more: false).Wish.ShouldBe(RaceWish.Nothing);
    }

    [Fact]
    public void The_smallest_leads_where_small_is_good()
    {
        var race = new Race(new(), new() { Metric = "val/loss", Goal = Goal.Minimize }, seeds: 2);
        RaceEntry[] entries = [Entry(0, 0.9, 0.91), Entry(1, 0.5, 0.505), Entry(2, 0.7)];
        race.Standings(entries).Select(s => s.Place).ShouldBe([RacePlace.Behind, RacePlace.Leads, RacePlace.Behind]);
    }

    private static RaceEntry Entry(int configuration, params double[] values) =>
        new(
            configuration,
            Sample.Assignment(("sqs.tau", configuration)),
            Enumerable.Range(0, values.Length).ToDictionary(j => j, j => values[j]),
            values.Length,
            Pending: 0,
            Ended: false
        );
}
