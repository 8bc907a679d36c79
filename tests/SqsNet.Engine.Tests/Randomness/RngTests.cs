using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Tests.Randomness;

public class RngTests
{
    [Fact]
    public void Same_key_gives_the_same_numbers_and_another_purpose_others()
    {
        static ulong[] Draw(Rng rng) => [.. Enumerable.Range(0, 8).Select(_ => rng.NextUInt64())];
        Draw(new(7, "quads", 1, 2)).ShouldBe(Draw(new(7, "quads", 1, 2)));
        Draw(new(7, "quads", 1, 2)).ShouldNotBe(Draw(new(7, "quads", 2, 1)));
        Draw(new(7, "quads", 1, 2)).ShouldNotBe(Draw(new(7, "mixing", 1, 2)));
        Draw(new(7, "quads", 1, 2)).ShouldNotBe(Draw(new(8, "quads", 1, 2)));
    }

    [Fact]
    public void A_stream_continues_from_its_position()
    {
        var whole = new Rng(3, "x");
        for (var i = 0; i < 10; i++)
            whole.NextDouble();
        new Rng(3, "x") { Position = whole.Position }
            .NextUInt64()
            .ShouldBe(whole.NextUInt64());
    }

    [Fact]
    public void Derived_streams_do_not_depend_on_the_position_of_their_parent()
    {
        var parent = new Rng(3, "x");
        var before = parent.Derive("y").NextUInt64();
        parent.NextUInt64();
        parent.Derive("y").NextUInt64().ShouldBe(before);
    }

    // Bounds are five standard errors of the sample mean over 200,000 draws of a fixed stream.
    [Theory]
    [InlineData(0.4)]
    [InlineData(1.0)]
    [InlineData(3.5)]
    public void Beta_and_gamma_have_their_means(double shape)
    {
        const int n = 200_000;
        var rng = new Rng(1, "moments");
        var beta = Enumerable.Range(0, n).Average(_ => rng.NextBeta(shape, shape));
        var gamma = Enumerable.Range(0, n).Average(_ => rng.NextGamma(shape));
        beta.ShouldBe(0.5, 5 * Math.Sqrt(0.25 / ((2 * shape) + 1) / n));
        gamma.ShouldBe(shape, 5 * Math.Sqrt(shape / n));
    }

    [Fact]
    public void Normal_has_mean_zero_and_variance_one()
    {
        const int n = 200_000;
        var rng = new Rng(1, "normal");
        var draws = Enumerable.Range(0, n).Select(_ => rng.NextNormal()).ToArray();
        draws.Average().ShouldBe(0, 5 / Math.Sqrt(n));
        draws.Average(x => x * x).ShouldBe(1, 5 * Math.Sqrt(2.0 / n));
    }

    [Fact]
    public void NextInt_is_uniform_over_its_range()
    {
        const int n = 60_000;
        var rng = new Rng(1, "dice");
        var counts = new int[6];
        for (var i = 0; i < n; i++)
            counts[rng.NextInt(6)]++;
        foreach (var count in counts)
            ((double)count).ShouldBe(n / 6.0, 5 * Math.Sqrt(n * (1.0 / 6) * (5.0 / 6)));
    }

    [Fact]
    public void Shuffle_keeps_every_item()
    {
        var items = Enumerable.Range(0, 100).ToArray();
        new Rng(1, "shuffle").Shuffle<int>(items);
        items.ShouldNotBe(Enumerable.Range(0, 100));
        items.Order().ShouldBe(Enumerable.Range(0, 100));
    }
}
