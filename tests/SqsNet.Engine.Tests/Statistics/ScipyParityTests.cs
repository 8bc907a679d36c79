using System.Text.Json;
using SqsNet.Engine.Statistics;

namespace SqsNet.Engine.Tests.Statistics;

public class ScipyParityTests
{
    // The fixture holds 12 significant digits.
    private const double Relative = 1e-9;

    private static readonly JsonElement _scipy = Reference.Sqs("stats_scipy");

    [Fact]
    public void Paired_t_equals_scipy()
    {
        foreach (var c in _scipy.GetProperty("paired_t").EnumerateArray())
        {
            var result = TTest.Paired(Sample(c, "a"), Sample(c, "b"), Side(c));
            ShouldEqual(result.T, c, "t");
            ShouldEqual(result.P, c, "p");
            result.Degrees.ShouldBe(c.GetProperty("df").GetDouble());
        }
    }

    [Fact]
    public void Welch_t_equals_scipy()
    {
        foreach (var c in _scipy.GetProperty("welch_t").EnumerateArray())
        {
            var result = TTest.Welch(Summary.Of(Sample(c, "a")), Summary.Of(Sample(c, "b")));
            ShouldEqual(result.T, c, "t");
            ShouldEqual(result.Degrees, c, "df");
            ShouldEqual(result.P, c, "p");
        }
        foreach (var c in _scipy.GetProperty("from_summary").EnumerateArray())
        {
            var args = Sample(c, "args");
            var result = TTest.Welch(new((int)args[2], args[0], args[1]), new((int)args[5], args[3], args[4]));
            ShouldEqual(result.T, c, "welch_t");
            ShouldEqual(result.P, c, "p");
        }
    }

    [Fact]
    public void Wilcoxon_equals_scipy_exactly_and_approximately_with_every_treatment_of_zeros()
    {
        var cases = _scipy.GetProperty("wilcoxon").EnumerateArray().ToList();
        cases.Count.ShouldBe(46);
        foreach (var c in cases)
        {
            var (a, b) = (Sample(c, "a"), Sample(c, "b"));
            var zeros = c.GetProperty("zero_method").GetString() switch
            {
                "pratt" => ZeroPairs.Rank,
                "zsplit" => ZeroPairs.Split,
                _ => ZeroPairs.Drop,
            };
            var result =
                c.GetProperty("method").GetString() == "exact"
                    ? Wilcoxon.Exact(a, b, Side(c))
                    : Wilcoxon.Approximate(a, b, Side(c), zeros, c.GetProperty("correction").GetBoolean());
            result.W.ShouldBe(c.GetProperty("W").GetDouble(), c.ToString());
            ShouldEqual(result.P, c, "p");
        }
    }

    [Fact]
    public void Student_t_probabilities_equal_scipy()
    {
        foreach (var row in _scipy.GetProperty("cdf").GetProperty("t").EnumerateArray())
            StudentT.Cdf(row[0].GetDouble(), row[1].GetDouble()).ShouldBe(row[2].GetDouble(), 1e-13);
    }

    [Fact]
    public void The_papers_table_5_gives_smaller_p_values_than_it_prints()
    {
        foreach (var row in _scipy.GetProperty("paper_table5").EnumerateArray())
            row.GetProperty("welch_p_n5").GetDouble().ShouldBeLessThan(row.GetProperty("paper_p").GetDouble());
    }

    private static double[] Sample(JsonElement c, string key) =>
        [.. c.GetProperty(key).EnumerateArray().Select(x => x.GetDouble())];

    private static Alternative Side(JsonElement c) =>
        c.GetProperty("alternative").GetString() switch
        {
            "greater" => Alternative.Greater,
            "less" => Alternative.Less,
            _ => Alternative.TwoSided,
        };

    private static void ShouldEqual(double ours, JsonElement c, string key)
    {
        var theirs = c.GetProperty(key).GetDouble();
        Math.Abs(ours - theirs).ShouldBeLessThanOrEqualTo(Relative * Math.Abs(theirs), $"{key} of {c}");
    }
}
