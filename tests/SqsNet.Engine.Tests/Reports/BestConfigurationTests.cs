using SqsNet.Engine.Reports;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Reports;

/// <summary>What a table says of the one that was chosen for looking best.</summary>
public sealed class BestConfigurationTests
{
    [Fact]
    public void The_best_is_confirmed_by_fresh_seeds_of_the_same_configuration_and_by_nothing_else()
    {
        var spec = Sample.Sweep(0, 1) with { Space = Sample.Space("sqs.tau", Sample.Values(0.5, 2)) };
        var input = SampleSweep.Of(spec, (configuration, seed) => 0.8 + (0.05 * configuration) + (0.01 * seed));
        var best = ReportRegistry.Best(input).ShouldNotBeNull().Group;
        ReportRegistry
            .Create("metrics", input)
            .Notes.ShouldContain(note => note.StartsWith("Not confirmed: the best configuration by val/accuracy"));

        TrialRecord Fresh(int seed, double accuracy) =>
            best.Trials[0] with
            {
                Id = 1000 + seed,
                Spec = best.Trials[0].Spec with { Seed = seed },
                Best = new Dictionary<string, double> { ["val/accuracy"] = accuracy },
            };
        var other = input.Trials.First(trial => trial.Configuration != best.Configuration);
        var confirmed = input with
        {
            Confirming =
            [
                Fresh(2, 0.88),
                Fresh(3, 0.89),
                Fresh(4, 0.90),
                Fresh(0, 0.1), // a seed that took part in the choice
                Fresh(5, 0.1) with
                {
                    State = TrialState.Failed,
                },
                other with
                {
                    Id = 2000,
                    Spec = other.Spec with { Seed = 6 },
                }, // another configuration
            ],
        };

        ReportRegistry.Best(confirmed)!.Value.FreshSeeds.ShouldBe(3);
        var table = ReportRegistry.Create("metrics", confirmed);
        table.Rows.Count(row => row.IsCrowned).ShouldBe(1);
        table.Rows[best.Configuration].IsCrowned.ShouldBeTrue();
        ReportRenderer.Render(table, ReportFormat.Markdown).ShouldContain("| ♛ sqs.tau=2 |");
        ReportRenderer.Render(table, ReportFormat.Latex).ShouldContain(@"sqs.tau=2$^\star$ &");
        ReportRegistry.Create("metrics", input).Rows.ShouldAllBe(row => !row.IsCrowned);
        var note = ReportRegistry.Create("metrics", confirmed).Notes.Single(note => note.StartsWith("Confirmed"));
        note.ShouldContain("has 89.00 ± 1.00 % over 3 seeds that took no part in choosing it, and 90.50 ± 0.71 %");
    }

    [Fact]
    public void Trials_that_ended_early_before_the_sweep_got_more_epochs_are_confirmed_by_those_that_have_them()
    {
        var spec = Sample.Sweep(0, 1) with { Training = new() { Epochs = 80 } };
        var input = SampleSweep.Of(spec, (configuration, seed) => 0.8 + (0.05 * configuration) + (0.01 * seed));
        var best = ReportRegistry.Best(input)!.Value.Group.Trials[0];
        input = input with
        {
            Trials =
            [
                .. input.Trials.Select(trial =>
                    trial with
                    {
                        Spec = trial.Spec with { Training = new() { Epochs = 50 } },
                    }
                ),
            ],
            Confirming =
            [
                .. new[] { 2, 3, 4 }.Select(seed =>
                    best with
                    {
                        Id = 1000 + seed,
                        Spec = best.Spec with { Seed = seed },
                    }
                ),
            ],
        };

        ReportRegistry.Best(input)!.Value.FreshSeeds.ShouldBe(3);
    }

    [Fact]
    public void A_best_one_that_falls_behind_the_next_with_fresh_seeds_wears_no_crown()
    {
        var spec = Sample.Sweep(0, 1) with { Space = Sample.Space("sqs.tau", Sample.Values(0.5, 2)) };
        var input = SampleSweep.Of(spec, (configuration, seed) => 0.8 + (0.05 * configuration) + (0.01 * seed));
        var best = ReportRegistry.Best(input)!.Value.Group.Trials[0];
        input = input with
        {
            Confirming =
            [
                .. new[] { 2, 3, 4 }.Select(seed =>
                    best with
                    {
                        Id = 1000 + seed,
                        Spec = best.Spec with { Seed = seed },
                        Best = new Dictionary<string, double> { ["val/accuracy"] = 0.8 + (0.01 * seed) },
                    }
                ),
            ],
        };

        var table = ReportRegistry.Create("metrics", input);

        table.Rows.ShouldAllBe(row => !row.IsCrowned);
        table.Notes.ShouldContain(
            "Not confirmed: sqs.tau=2, the best by val/accuracy, has 83.00 ± 1.00 % in it over 3 fresh seeds, behind the next best configuration's 85.50 %."
        );
    }

    [Fact]
    public void The_best_of_several_configurations_is_said_to_lead_partly_by_luck()
    {
        var input = SampleSweep.Of(
            Sample.Sweep(0, 1) with
            {
                Space = Sample.Space("sqs.tau", Sample.Values(0.5, 1, 2)),
            },
            (configuration, seed) => 0.8 + (0.01 * configuration) + (0.02 * seed)
        );
        // Means 81, 82 and 83 %, SD 1 and variance 1; s2 = 2, so V = 1 and A = 0: nothing of the lead is left.
        ReportRegistry
            .Create("metrics", input)
            .Notes.ShouldContain(note => note.Contains("expected to give it 82.00 % rather than 83.00 %"));
    }
}
