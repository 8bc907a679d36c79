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
        schedule.Rate(0).ShouldBe(3e-4, 1e-15);
        Enumerable.Range(0, 9).All(step => schedule.Rate(step + 1) < schedule.Rate(step)).ShouldBeTrue();
        schedule.Rate(10).ShouldBe(3e-4, 1e-15);
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
            .Select(step => schedule.Rate(step) / 3e-4)
            .ShouldBe([0.25, 0.5, 0.75, 1, 1, 1], tolerance: 1e-12);
    }
}
