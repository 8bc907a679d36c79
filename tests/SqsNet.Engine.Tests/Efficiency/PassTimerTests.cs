using SqsNet.Engine.Efficiency;

namespace SqsNet.Engine.Tests.Efficiency;

public sealed class PassTimerTests
{
    private static readonly PassBudget s_budget = new(
        WarmUp: TimeSpan.FromSeconds(10),
        Measuring: TimeSpan.FromSeconds(20),
        Least: 5,
        Most: 8
    );

    private readonly HandClock _clock = new();
    private int _passes;

    [Fact]
    public void Median_and_quartiles_are_those_of_NumPy()
    {
        // numpy.percentile([4, 1, 3, 10], [50, 25, 75])
        PassTimes.Of([4, 1, 3, 10]).ShouldBe(new PassTimes(4, 3.5, 2.5, 5.5));
        PassTimes.Of([7]).ShouldBe(new PassTimes(1, 7, 7, 7));
        PassTimes.Of([4, 1, 3, 10]).SpreadSeconds.ShouldBe(3);
    }

    [Fact]
    public void Passes_before_it_is_steady_are_not_counted()
    {
        var times = Measure(4, 2, 1, 1.05, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        times.ShouldBe(new PassTimes(8, 1, 1, 1));
        _passes.ShouldBe(5 + 8);
    }

    [Fact]
    public void A_device_that_never_gets_steady_is_measured_after_the_warm_up_time()
    {
        // 2 + 4 + 2 + 4 seconds are more than ten.
        var times = Measure(2, 4, 2, 4, 2, 4, 2, 4, 2, 4, 2, 4);
        times.Repetitions.ShouldBe(7); // 22 seconds
        _passes.ShouldBe(4 + 7);
    }

    [Fact]
    public void A_slow_device_warms_up_once_and_is_still_timed_the_least_number_of_times()
    {
        var times = Measure(60, 50, 40, 45, 55, 50);
        times.ShouldBe(new PassTimes(5, 50, 45, 50));
        _passes.ShouldBe(6);
    }

    [Fact]
    public void What_is_called_between_passes_can_end_the_measurement_before_the_first_and_after_the_last()
    {
        Should.Throw<OperationCanceledException>(() => Measure(() => throw new OperationCanceledException(), 1));
        _passes.ShouldBe(0);

        var calls = 0;
        _ = Measure(() => calls++, [.. Enumerable.Repeat(1.0, 11)]);
        calls.ShouldBe(_passes + 1);
    }

    private PassTimes Measure(params double[] seconds) => Measure(() => { }, seconds);

    private PassTimes Measure(Action between, params double[] seconds) =>
        new PassTimer(_clock).Measure(() => _clock.Pass(seconds[_passes++]), s_budget, between);
}
