using FsCheck;
using FsCheck.Fluent;

namespace SqsNet.Storage.Tests.Series;

public sealed class SeriesChunkTests
{
    [Fact]
    public void Points_come_back_bit_by_bit_whatever_their_numbers_are()
    {
        var points =
            from count in Gen.Choose(1, SeriesChunk.Capacity)
            from steps in ArbMap.Default.GeneratorFor<long>().ArrayOf(count)
            from seconds in ArbMap.Default.GeneratorFor<double>().ArrayOf(count)
            from values in ArbMap.Default.GeneratorFor<double>().ArrayOf(count)
            from gaps in Gen.Choose(1, 1000).ArrayOf(count)
            select Log(steps, seconds, values, gaps);

        Prop.ForAll(
                points.ToArbitrary(),
                expected =>
                {
                    var decoded = new List<LoggedPoint>();
                    SeriesChunk.Decode(SeriesChunk.Encode(expected), decoded);
                    // Record equality of doubles takes NaN for NaN, as bits would, but 0 for -0.
                    return decoded.SequenceEqual(expected)
                        && decoded.Zip(expected).All(p => SignsAgree(p.First.Point.Value, p.Second.Point.Value));
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Values_that_are_single_precision_take_half_the_room()
    {
        var singles = Ramp(i => i / 4.0);
        var doubles = Ramp(i => i / 10.0);

        var saved = SeriesChunk.Encode(doubles).Length - SeriesChunk.Encode(singles).Length;

        saved.ShouldBe(SeriesChunk.Capacity * (sizeof(double) - sizeof(float)));
        SeriesChunk.Encode(singles).Length.ShouldBeLessThan(SeriesChunk.Capacity * 15);
    }

    [Fact]
    public void Bytes_that_are_not_a_whole_chunk_are_refused()
    {
        var bytes = SeriesChunk.Encode(Ramp(i => i));

        Should.Throw<InvalidDataException>(() => SeriesChunk.Decode(bytes.AsSpan(0, bytes.Length - 1), []));
        Should.Throw<InvalidDataException>(() => SeriesChunk.Decode([.. bytes, 0], []));
        Should.Throw<InvalidDataException>(() => SeriesChunk.Decode(bytes.AsSpan(0, 100), []));
        Should.Throw<InvalidDataException>(() => SeriesChunk.Decode([], []));
        bytes[0] = 9;
        Should.Throw<InvalidDataException>(() => SeriesChunk.Decode(bytes, []));
    }

    [Fact]
    public void A_chunk_has_1_to_1000_points()
    {
        Should.Throw<ArgumentException>(() => SeriesChunk.Encode([]));
        Should.Throw<ArgumentException>(() => SeriesChunk.Encode(new LoggedPoint[SeriesChunk.Capacity + 1]));
    }

    private static LoggedPoint[] Ramp(Func<int, double> value) =>
        [
            .. Enumerable
                .Range(0, SeriesChunk.Capacity)
                .Select(i => new LoggedPoint(i + 5, new(i + 1, i * 0.3, value(i)))),
        ];

    private static LoggedPoint[] Log(long[] steps, double[] seconds, double[] values, int[] gaps)
    {
        long seq = 0;
        return [.. steps.Select((step, i) => new LoggedPoint(seq += gaps[i], new(step, seconds[i], values[i])))];
    }

    private static bool SignsAgree(double a, double b) =>
        double.IsNaN(a) || double.IsNegative(a) == double.IsNegative(b);
}
