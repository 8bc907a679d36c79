using System.Text.Json;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Tests.Training;

public class LrScheduleTests
{
    [Fact]
    public void Cosine_with_warm_restarts_equals_PyTorch_for_every_series()
    {
        var compared = 0;
        foreach (var series in Reference.Sqs("sched_cosine").GetProperty("series").EnumerateArray())
        {
            var kind = series.GetProperty("kind").GetString();
            var plain = kind == "plain_cosine_eq14";
            var perEpoch = series.TryGetProperty("iters_per_epoch", out var iterations) ? iterations.GetInt32() : 1;
            var rates = series.GetProperty("lr").EnumerateArray().Select(x => x.GetDouble()).ToArray();
            // The plain cosine includes its end, where warm restarts begin anew.
            for (var i = 0; i < (plain ? rates.Length - 1 : rates.Length); i++, compared++)
            {
                LrSchedule
                    .CosineWarmRestarts(
                        (double)i / perEpoch,
                        series.GetProperty(plain ? "T" : "T0").GetDouble(),
                        plain ? 1 : series.GetProperty("Tmult").GetInt32(),
                        series.GetProperty("base_lr").GetDouble(),
                        series.GetProperty("eta_min").GetDouble()
                    )
                    .ShouldBe(rates[i], 1e-15, $"{kind} at {i}");
            }
        }
        compared.ShouldBeGreaterThan(2000);
    }

    [Fact]
    public void Rate_moves_every_step_and_restarts_at_the_period()
    {
        var training = new TrainingSpec
        {
            Schedule = new() { Period = 2 },
            Epochs = 4,
        };
        var schedule = new LrSchedule(training, stepsPerEpoch: 5);
        schedule.Rate(1, 0).ShouldBe(3e-4, 1e-15);
        Enumerable.Range(0, 9).All(step => schedule.Rate(1, step + 1) < schedule.Rate(1, step)).ShouldBeTrue();
        schedule.Rate(3, 0).ShouldBe(3e-4, 1e-15);
    }

    [Fact]
    public void Warm_up_grows_in_equal_steps_and_meets_the_cosine()
    {
        var training = new TrainingSpec
        {
            Epochs = 10,
            Warmup = 0.1,
            Schedule = new() { Kind = ScheduleKind.Constant },
        };
        var schedule = new LrSchedule(training, stepsPerEpoch: 4);
        Enumerable
            .Range(0, 6)
            .Select(step => schedule.Rate(1, step) / 3e-4)
            .ShouldBe([0.25, 0.5, 0.75, 1, 1, 1], tolerance: 1e-12);
    }

    [Fact]
    public void A_fork_with_other_steps_per_epoch_stands_where_its_epochs_say()
    {
        var training = new TrainingSpec
        {
            Schedule = new() { Period = 50 },
            Epochs = 50,
        };
        var parent = new LrSchedule(training, stepsPerEpoch: 391);
        var fork = new LrSchedule(training, stepsPerEpoch: 98);
        fork.Rate(26, 0).ShouldBe(parent.Rate(26, 0), 1e-15);
        fork.Rate(50, 97).ShouldBeLessThan(3e-6);
    }

    [Fact]
    public void A_warm_up_that_is_over_is_not_made_longer_with_the_epochs()
    {
        var constant = new ScheduleSpec { Kind = ScheduleKind.Constant };
        var planned = new TrainingSpec
        {
            Epochs = 10,
            Warmup = 0.2,
            Schedule = constant,
        };
        var schedule = new LrSchedule(planned, stepsPerEpoch: 5);
        schedule.WarmupBehind(2, 4).ShouldBeNull();
        var behind = schedule.WarmupBehind(3, 0);
        behind.ShouldBe(new PastWarmup(0.2, 2));

        var extended = new LrSchedule(planned with { Epochs = 100 }, stepsPerEpoch: 5, behind);

        extended.Rate(3, 0).ShouldBe(3e-4, 1e-15);
        new LrSchedule(planned with { Epochs = 100 }, stepsPerEpoch: 5).Rate(3, 0).ShouldBeLessThan(1e-4);
        // A fork that asks for another warm-up gets it.
        new LrSchedule(planned with { Warmup = 0.5 }, stepsPerEpoch: 5, behind)
            .Rate(3, 0)
            .ShouldBeLessThan(2e-4);
    }
}
