using SqsNet.Engine.Importance;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Importance;

public class ResponseSurfaceTests
{
    private static readonly SweepSpec s_spec = new()
    {
        Name = "a sweep",
        Space = new Dictionary<string, SpaceParameter>
        {
            ["sqs.tau"] = new()
            {
                Low = 0.1,
                High = 10,
                Log = true,
            },
            ["sqs.margin"] = new() { Low = 0, High = 1 },
        },
    };

    [Fact]
    public void A_smooth_function_is_expected_where_it_was_not_tried_and_doubt_grows_with_distance()
    {
        // Tried on the coarse grid of eighths, τ by its logarithm; the corner near (10, 1) was left out.
        var trials = Enumerable
            .Range(0, 81)
            .Where(i => i % 9 < 6 || i / 9 < 6)
            .Select(i => Trial(i, 0.1 * Math.Pow(100, i % 9 / 8.0), i / 9 / 8.0))
            .ToList();

        var surface = ResponseSurface.Of(s_spec, trials, "sqs.tau", "sqs.margin")!;

        surface.Configurations.ShouldBe(trials.Count);
        surface.X[0].ShouldBe(0.1, 1e-9);
        surface.X[^1].ShouldBe(10, 1e-9);
        for (var row = 0; row < 30; row++)
        for (var column = 0; column < 30; column++)
            // The function's range is 0.5; between tried points of a smooth function one per cent of it is much.
            surface.Mean[row][column].ShouldBe(Height(surface.X[column], surface.Y[row]), 0.005);
        surface.Doubt[^1][^1].ShouldBeGreaterThan(3 * surface.Doubt[15][15]);
        surface.Doubt.SelectMany(row => row).ShouldAllBe(doubt => doubt >= 0 && doubt <= 1);
    }

    [Fact]
    public void Too_few_configurations_or_a_parameter_of_one_value_have_no_surface()
    {
        var four = Enumerable.Range(0, 4).Select(i => Trial(i, 1 + i, i / 4.0)).ToList();
        ResponseSurface.Of(s_spec, four, "sqs.tau", "sqs.margin").ShouldBeNull();
        var flat = Enumerable.Range(0, 9).Select(i => Trial(i, 1, i / 9.0)).ToList();
        ResponseSurface.Of(s_spec, flat, "sqs.tau", "sqs.margin").ShouldBeNull();
    }

    [Theory]
    [InlineData("sqs.tau", "sqs.tau", "y")]
    [InlineData("model.name", "sqs.tau", "x")]
    [InlineData("sqs.tau", "sqs.taus", "y")]
    public void What_is_no_pair_of_numeric_paths_is_refused_by_name(string x, string y, string name)
    {
        Should
            .Throw<InvalidSpecException>(() => ResponseSurface.Of(s_spec, [], x, y))
            .Errors.ShouldHaveSingleItem()
            .Path.ShouldBe(name);
    }

    private static double Height(double tau, double margin)
    {
        var (u, v) = (Math.Log10(tau / 0.1) / 2, margin);
        return 0.8 - (0.5 * (((u - 0.4) * (u - 0.4)) + ((v - 0.3) * (v - 0.3))));
    }

    private static TrialRecord Trial(int number, double tau, double margin) =>
        Sample.Trial(
            number,
            Height(tau, margin),
            configuration: number,
            Sample.Assignment(("sqs.tau", tau), ("sqs.margin", margin))
        );
}
