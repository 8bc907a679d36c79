namespace SqsNet.Storage.Tests.Series;

public sealed class SeriesSmootherTests
{
    [Fact]
    public void A_value_is_the_mean_of_all_before_it_with_weights_that_halve_with_the_distance()
    {
        // Uneven steps; in seconds they are twice as far apart.
        SeriesPoint[] points = [new(0, 0, 4), new(10, 20, 8), new(15, 30, 2), new(35, 70, 6)];

        var bySteps = Smoothed(points, new(10));

        bySteps[0].ShouldBe(4);
        bySteps[1].ShouldBe(((4 * 0.5) + 8) / 1.5, 1e-12);
        var half = Math.Sqrt(0.5); // five steps are half of a half-life
        bySteps[2].ShouldBe(((4 * 0.5 * half) + (8 * half) + 2) / ((0.5 * half) + half + 1), 1e-12);
        Smoothed(points, new(20, OverSeconds: true)).ShouldBe(bySteps, 1e-12);
    }

    [Fact]
    public void A_constant_stays_and_a_gap_stays_a_gap()
    {
        SeriesPoint[] points = [new(1, 1, 3), new(2, 2, double.NaN), new(3, 3, 3), new(9, 9, 3)];
        Smoothed(points, new(2)).ShouldBe([3, double.NaN, 3, 3]);
    }

    private static double[] Smoothed(SeriesPoint[] points, SeriesSmoothing smoothing)
    {
        SeriesPoint[] copy = [.. points];
        SeriesSmoother.Smooth(copy, smoothing);
        return [.. copy.Select(point => point.Value)];
    }
}
