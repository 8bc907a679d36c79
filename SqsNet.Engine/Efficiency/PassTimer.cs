namespace SqsNet.Engine.Efficiency;

/// <summary>How long to time passes.</summary>
/// <param name="WarmUp">Longest warm-up; at least one pass warms up whatever it takes.</param>
/// <param name="Measuring">Time to spend on timed passes.</param>
/// <param name="Least">Passes to time even where they take longer than that.</param>
/// <param name="Most">Passes after which more tell nothing new.</param>
internal sealed record PassBudget(TimeSpan WarmUp, TimeSpan Measuring, int Least, int Most);

/// <summary>Times a repeated piece of work: first until it is warm, then as often as the budget allows.</summary>
internal sealed class PassTimer(TimeProvider clock)
{
    // Warm is where this many passes in a row differ by no more than this share of the fastest of them.
    private const int SteadyPasses = 3;
    private const double SteadyShare = 0.1;

    /// <summary>Times passes.</summary>
    /// <param name="pass">The work, done when it returns.</param>
    /// <param name="budget">How long.</param>
    /// <param name="between">Called before every pass and after the last; ends the measurement by throwing.</param>
    public PassTimes Measure(Action pass, PassBudget budget, Action between)
    {
        var began = clock.GetTimestamp();
        var warm = new List<double>();
        do warm.Add(Time());
        while (!IsSteady(warm) && clock.GetElapsedTime(began) < budget.WarmUp);

        began = clock.GetTimestamp();
        var times = new List<double>();
        while (
            times.Count < budget.Least || (times.Count < budget.Most && clock.GetElapsedTime(began) < budget.Measuring)
        )
            times.Add(Time());
        between();
        return PassTimes.Of(times);

        double Time()
        {
            between();
            var start = clock.GetTimestamp();
            pass();
            return clock.GetElapsedTime(start).TotalSeconds;
        }
    }

    private static bool IsSteady(List<double> times)
    {
        if (times.Count < SteadyPasses)
            return false;
        var last = times[^SteadyPasses..];
        return last.Max() <= last.Min() * (1 + SteadyShare);
    }
}
