using FsCheck;
using FsCheck.Fluent;

namespace SqsNet.Storage.Tests.Series;

public sealed class SeriesReducerTests
{
    private static readonly Gen<double> s_value = Gen.Frequency(
        (8, Gen.Choose(-20, 20).Select(i => i / 2.0)),
        (1, Gen.Constant(double.NaN)),
        (1, Gen.Elements(double.PositiveInfinity, double.NegativeInfinity, 1e300))
    );

    private static readonly Gen<(SeriesPoint[] Points, int Limit)> s_case =
        from count in Gen.Choose(0, 400)
        from values in s_value.ArrayOf(count)
        from limit in Gen.Choose(5, 120)
        select (values.Select((v, i) => new SeriesPoint(i * 3, i * 0.5, v)).ToArray(), limit);

    [Fact]
    public void First_least_greatest_and_last_point_of_every_bucket_are_kept() =>
        Check(
            (points, limit, kept) =>
            {
                foreach (var bucket in Buckets(points, limit))
                {
                    var inside = kept.Where(p => p.Step >= bucket[0].Step && p.Step <= bucket[^1].Step).ToList();
                    inside.ShouldContain(bucket[0]);
                    inside.ShouldContain(bucket[^1]);
                    Extreme(inside, Enumerable.Min).ShouldBe(Extreme(bucket, Enumerable.Min));
                    Extreme(inside, Enumerable.Max).ShouldBe(Extreme(bucket, Enumerable.Max));
                    inside.Any(p => double.IsNaN(p.Value)).ShouldBe(bucket.Any(p => double.IsNaN(p.Value)));
                }
            }
        );

    [Fact]
    public void What_is_kept_is_part_of_the_series_in_order_and_within_the_limit() =>
        Check(
            (points, limit, kept) =>
            {
                kept.Count.ShouldBeLessThanOrEqualTo(limit);
                kept.Select(p => p.Step).ShouldBe(kept.Select(p => p.Step).Distinct().Order());
                kept.ShouldAllBe(p => points[p.Step / 3] == p);
            }
        );

    [Fact]
    public void A_series_within_the_limit_stays_whole() =>
        Check(
            (points, limit, kept) =>
            {
                if (points.Length <= limit)
                    kept.ShouldBe(points);
            }
        );

    [Fact]
    public void A_spike_of_one_point_among_fifty_thousand_survives()
    {
        var points = Enumerable.Range(0, 50_000).Select(i => new SeriesPoint(i, i, Math.Sin(i / 900.0))).ToArray();
        points[31_234] = points[31_234] with { Value = -7 };
        points[41_234] = points[41_234] with { Value = double.NaN };

        var kept = SeriesReducer.Reduce(points, 1500);

        // At least the first and the last of 300 buckets.
        kept.Length.ShouldBeInRange(600, 1500);
        kept.ShouldContain(points[31_234]);
        kept.ShouldContain(points[41_234]);
        kept[0].ShouldBe(points[0]);
        kept[^1].ShouldBe(points[^1]);
    }

    [Fact]
    public void Fewer_than_five_points_cannot_be_asked_for() =>
        Should.Throw<ArgumentOutOfRangeException>(() => SeriesReducer.Reduce([], 4));

    private static void Check(Action<SeriesPoint[], int, IReadOnlyList<SeriesPoint>> assert) =>
        Prop.ForAll(s_case.ToArbitrary(), c => assert(c.Points, c.Limit, SeriesReducer.Reduce(c.Points, c.Limit)))
            .QuickCheckThrowOnFailure();

    /// <summary>The buckets by their definition: equal numbers of points, four kept of each, five where there is a NaN.</summary>
    private static IEnumerable<SeriesPoint[]> Buckets(SeriesPoint[] points, int limit)
    {
        if (points.Length <= limit)
            return [];
        var buckets = limit / (points.Any(p => double.IsNaN(p.Value)) ? 5 : 4);
        return points
            .Select((point, i) => (point, i))
            .GroupBy(p => ((p.i + 1) * buckets - 1) / points.Length, p => p.point)
            .Select(g => g.ToArray());
    }

    private static double Extreme(IEnumerable<SeriesPoint> points, Func<IEnumerable<double>, double> choose)
    {
        var numbers = points.Select(p => p.Value).Where(v => !double.IsNaN(v)).ToList();
        return numbers.Count == 0 ? double.NaN : choose(numbers);
    }
}
