using System.Text.Json;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Tests.Sweeps.Samplers;

/// <summary>The process against values of 50 digits (tests/reference/gp/make.py) and against differences.</summary>
public class GaussianProcessTests
{
    private static readonly JsonElement _reference = Read();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Likelihood_and_predictions_equal_the_reference(int number)
    {
        var c = _reference.GetProperty("cases")[number];
        var process = new GaussianProcess(
            Points(c, "points"),
            Numbers(c.GetProperty("targets")),
            [.. c.GetProperty("unordered").EnumerateArray().Select(flag => flag.GetBoolean())],
            new(
                Numbers(c.GetProperty("inverse_squares")),
                c.GetProperty("scale").GetDouble(),
                c.GetProperty("noise").GetDouble()
            ),
            [.. c.GetProperty("targets").EnumerateArray().Select(_ => 1.0)]
        );
        // Cholesky in doubles loses the digits of the condition number, here up to a thousand.
        process.LogLikelihood.ShouldBe(c.GetProperty("log_likelihood").GetDouble(), 1e-11);
        var predictions = Points(c, "queries").ConvertAll(process.Predict);
        predictions.Select(p => p.Mean).ShouldBe(Numbers(c.GetProperty("means")), 1e-11);
        predictions.Select(p => p.Variance).ShouldBe(Numbers(c.GetProperty("variances")), 1e-11);
    }

    [Fact]
    public void Log_expected_improvement_equals_the_reference_from_far_above_to_far_below()
    {
        foreach (var row in _reference.GetProperty("log_improvement").EnumerateArray())
        {
            var expected = row.GetProperty("log").GetDouble();
            var z = row.GetProperty("z").GetDouble();
            // Above -2 the sum still cancels two digits; the rest is exact to the last ones.
            ExpectedImprovement.LogUnit(z).ShouldBe(expected, 1e-13 * Math.Max(10, Math.Abs(expected)), $"z = {z}");
        }
        ExpectedImprovement.Log(2, 0.5, 1.75).ShouldBe(Math.Log(0.5) + ExpectedImprovement.LogUnit(0.5), 1e-15);
        ExpectedImprovement.Log(2, 0, 1.5).ShouldBe(Math.Log(0.5), 1e-15);
        ExpectedImprovement.Log(1, 0, 1.5).ShouldBe(double.NegativeInfinity);
    }

    [Fact]
    public void The_gradient_of_the_posterior_equals_differences()
    {
        var (points, targets, unordered, noises) = Draw(12);
        double[] logs = [0.3, -0.4, 1.1, 0.2, -2.5];
        var (_, gradient) = GpFit.Loss(points, targets, unordered, logs, noises);
        for (var i = 0; i < logs.Length; i++)
        {
            const double h = 1e-5;
            double At(double shift)
            {
                var moved = (double[])logs.Clone();
                moved[i] += shift;
                return GpFit.Loss(points, targets, unordered, moved, noises).Loss;
            }
            // Central differences are off by the order of h^2.
            gradient[i].ShouldBe((At(h) - At(-h)) / (2 * h), 1e-6);
        }
    }

    [Fact]
    public void The_fit_ends_where_no_parameter_alone_makes_the_data_more_likely()
    {
        var (points, targets, unordered, noises) = Draw(25);
        var fitted = GpFit.Fit(points, targets, unordered, noises).Parameters;
        double[] logs =
        [
            .. fitted.InverseSquares.Select(square => Math.Log(square)),
            Math.Log(fitted.Scale),
            Math.Log(fitted.Noise),
        ];
        var best = GpFit.Loss(points, targets, unordered, logs, noises).Loss;
        for (var i = 0; i < logs.Length; i++)
            foreach (var shift in (double[])[-0.1, 0.1])
            {
                var moved = (double[])logs.Clone();
                moved[i] += shift;
                if (moved[i] is >= -7 and <= 7 && (i < logs.Length - 1 || moved[i] >= Math.Log(1e-6)))
                    GpFit.Loss(points, targets, unordered, moved, noises).Loss.ShouldBeGreaterThan(best - 1e-6);
            }
        // The second dimension has no part in the targets.
        fitted.InverseSquares[1].ShouldBeLessThan(0.3 * fitted.InverseSquares[0]);
    }

    [Fact]
    public void A_believed_point_keeps_the_mean_and_takes_the_doubt()
    {
        var (points, targets, unordered, noises) = Draw(10);
        var process = new GaussianProcess(points, targets, unordered, new([2, 1, 1], 1, 1e-4), noises);
        double[] pending = [0.5, 0.5, 1];
        var before = process.Predict(pending);
        var after = process.Believe([pending], targets).Predict(pending);
        after.Mean.ShouldBe(before.Mean, 1e-6);
        after.Variance.ShouldBeLessThan(0.1 * before.Variance);
        before.Variance.ShouldBeGreaterThan(0.001);
    }

    private static (List<double[]> Points, double[] Targets, bool[] Unordered, double[] Noises) Draw(int count)
    {
        var rng = new Rng(2, "process");
        List<double[]> points =
        [
            .. Enumerable.Range(0, count).Select(_ => (double[])[rng.NextDouble(), rng.NextDouble(), rng.NextInt(3)]),
        ];
        double[] targets =
        [
            .. points.Select(p => Math.Sin(6 * p[0]) + (p[2] == 1 ? 0.5 : 0) + (0.05 * rng.NextNormal())),
        ];
        double[] noises = [.. Enumerable.Range(0, count).Select(i => 1.0 / (1 + (i % 5)))];
        return (points, targets, [false, false, true], noises);
    }

    private static List<double[]> Points(JsonElement c, string name) =>
        [.. c.GetProperty(name).EnumerateArray().Select(Numbers)];

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(x => x.GetDouble())];

    private static JsonElement Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Reference.Path("gp", "gp.json")));
        return document.RootElement.Clone();
    }
}
