using System.Text.Json;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Benchmarks;

/// <summary>A function whose minimum is known, over a space like those of a sweep.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Minimum">Its least value, reached within the space.</param>
/// <param name="Space">What varies.</param>
/// <param name="Value">The function.</param>
/// <param name="Noise">Standard deviation of what is added to each observation.</param>
/// <remarks>Hartmann's function is that of Dixon and Szegő 1978; the others are ours.</remarks>
internal sealed record RegretFunction(
    string Name,
    double Minimum,
    IReadOnlyDictionary<string, SpaceParameter> Space,
    Func<IReadOnlyDictionary<string, JsonElement>, double> Value,
    double Noise = 0
)
{
    private static readonly double[] s_heights = [1.0, 1.2, 3.0, 3.2];

    private static readonly double[][] s_widths =
    [
        [10, 3, 17, 3.5, 1.7, 8],
        [0.05, 10, 17, 0.1, 8, 14],
        [3, 3.5, 1.7, 10, 17, 8],
        [17, 8, 0.05, 10, 0.1, 14],
    ];

    private static readonly double[][] s_centers =
    [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
        [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
        [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ];

    private static readonly double[] s_optimum = [-3.5, -2.0, -4.0, -3.0, -1.5, -2.5];
    private static readonly double[] s_weights = [1.0, 0.5, 0.25, 1.0, 0.1, 0.05];

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<RegretFunction> All { get; } =
    [
        new("hartmann6", -3.322368011415515, Six(new() { Low = 0, High = 1 }), a => Hartmann(Numbers(a))),
        new(
            "logquad_noisy",
            0,
            Six(
                new()
                {
                    Low = 1e-5,
                    High = 1e-1,
                    Log = true,
                }
            ),
            a => LogQuadratic(Numbers(a)),
            Noise: 0.1
        ),
        new("mixed6", 0, MixedSpace(), Mixed),
    ];

    private static Dictionary<string, SpaceParameter> Six(SpaceParameter parameter) =>
        Enumerable.Range(0, 6).ToDictionary(i => $"x{i}", _ => parameter);

    private static Dictionary<string, SpaceParameter> MixedSpace() =>
        new()
        {
            ["lr"] = new()
            {
                Low = 1e-5,
                High = 1e-2,
                Log = true,
            },
            ["wd"] = new()
            {
                Low = 1e-6,
                High = 1e-1,
                Log = true,
            },
            ["m"] = new() { Low = 0.1, High = 1 },
            ["lam"] = new() { Low = 0.1, High = 1 },
            ["depth"] = new()
            {
                Low = 1,
                High = 8,
                Step = 1,
            },
            ["fusion"] = new()
            {
                Values =
                [
                    .. new[] { "cross", "concat", "sum" }.Select(word => JsonSerializer.SerializeToElement(word)),
                ],
            },
        };

    private static double[] Numbers(IReadOnlyDictionary<string, JsonElement> assignment) =>
        [.. Enumerable.Range(0, 6).Select(i => assignment[$"x{i}"].GetDouble())];

    private static double Hartmann(double[] x) =>
        -s_heights
            .Select(
                (height, i) => height * Math.Exp(-x.Select((v, j) => s_widths[i][j] * Sq(v - s_centers[i][j])).Sum())
            )
            .Sum();

    private static double LogQuadratic(double[] x)
    {
        double[] z = [.. x.Select((v, i) => Math.Log10(v) - s_optimum[i])];
        return z.Select((v, i) => s_weights[i] * v * v).Sum() + (0.3 * z[0] * z[3]);
    }

    private static double Mixed(IReadOnlyDictionary<string, JsonElement> a)
    {
        double Number(string name) => a[name].GetDouble();
        var (depth, fusion) = (Number("depth"), a["fusion"].GetString());
        var rate = Math.Log10(Number("lr")) + 3.5 + (0.15 * (depth - 4));
        var lambda = 0.5 * (fusion == "concat" ? 1.6 : 1.0);
        var penalty =
            fusion == "cross" ? 0
            : fusion == "concat" ? 0.15
            : 0.4;
        return (0.8 * Sq(rate))
            + (0.05 * Sq(Math.Log10(Number("wd")) + 4))
            + (2 * Sq(Number("m") - 0.5))
            + (1.5 * Sq(Number("lam") - lambda))
            + penalty
            + (0.02 * Sq(depth - 5));
    }

    private static double Sq(double x) => x * x;
}
