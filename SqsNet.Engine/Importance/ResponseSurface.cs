using System.Text.Json;
using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Importance;

/// <summary>What the objective is expected to be over two numeric parameters, from the configurations of a sweep.</summary>
/// <remarks>
/// A Gaussian process (Matérn 5/2) on the two parameters alone, fitted to the means over seeds: what the others do is
/// noise to it. Parameters lie on their own scales, logarithmic where the space is.
/// </remarks>
/// <param name="X">Values of the first parameter, rising.</param>
/// <param name="Y">Values of the second parameter, rising.</param>
/// <param name="Mean">What is expected: a row for each value of the second parameter.</param>
/// <param name="Doubt">Standard deviation as a share of what it is where nothing is known, 0 to 1, in the same order.</param>
/// <param name="Configurations">Number of configurations behind it.</param>
public sealed record ResponseSurface(
    IReadOnlyList<double> X,
    IReadOnlyList<double> Y,
    IReadOnlyList<IReadOnlyList<double>> Mean,
    IReadOnlyList<IReadOnlyList<double>> Doubt,
    int Configurations
)
{
    /// <summary>Fewest configurations for an answer.</summary>
    public const int Fewest = 5;

    private const int Cells = 60;
    private const int MostConfigurations = 200; // a fit takes the cube of them

    /// <summary>Expects; null where there are too few configurations or a parameter took one value only.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="trials">Its trials.</param>
    /// <param name="x">Path of the first parameter.</param>
    /// <param name="y">Path of the second parameter.</param>
    /// <exception cref="InvalidSpecException">A path is no numeric path of the specification, or both are the same.</exception>
    public static ResponseSurface? Of(SweepSpec spec, IReadOnlyList<TrialRecord> trials, string x, string y)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (x == y)
            throw new InvalidSpecException([new("y", "must be another parameter than x")]);
        foreach (var (name, path) in new[] { ("x", x), ("y", y) })
            if (SpecPath.Find(path)?.IsNumeric != true)
                throw new InvalidSpecException([
                    new(name, $"is '{path}', which is no numeric path of a specification"),
                ]);
        var own = SpecPath.Base(spec, seed: 0);
        double Of(TrialGroup group, string path) =>
            (group.Assignment.TryGetValue(path, out var value) ? value : SpecPath.Get(own, path))
                is { ValueKind: JsonValueKind.Number } number
                ? number.GetDouble()
                : double.NaN;
        var measured = Groups
            .Of(trials)
            .Select(group => (X: Of(group, x), Y: Of(group, y), group.Measure(spec.Objective.Metric).Summary))
            .Where(m =>
                double.IsFinite(m.X) && double.IsFinite(m.Y) && m.Summary.N > 0 && double.IsFinite(m.Summary.Mean)
            )
            .ToList();
        // The newest: a search ends where it matters.
        measured = [.. measured.TakeLast(MostConfigurations)];
        var (across, up) = (Scale.Of(spec, x, measured.Select(m => m.X)), Scale.Of(spec, y, measured.Select(m => m.Y)));
        if (measured.Count < Fewest || across is null || up is null)
            return null;
        var center = measured.Average(m => m.Summary.Mean);
        var spread = Math.Sqrt(measured.Average(m => Math.Pow(m.Summary.Mean - center, 2)));
        var unit = spread > 0 ? spread : 1;
        var most = measured.Max(m => m.Summary.N);
        var process = GpFit.Fit(
            [.. measured.Select(m => new[] { across.ToUnit(m.X), up.ToUnit(m.Y) })],
            [.. measured.Select(m => (m.Summary.Mean - center) / unit)],
            [false, false],
            [.. measured.Select(m => most / (double)m.Summary.N)]
        );
        double[] units = [.. Enumerable.Range(0, Cells).Select(i => i / (Cells - 1.0))];
        var expected = units.Select(v => units.Select(u => process.Predict([u, v])).ToList()).ToList();
        return new(
            [.. units.Select(across.FromUnit)],
            [.. units.Select(up.FromUnit)],
            [.. expected.Select(row => row.ConvertAll(p => center + (unit * p.Mean)))],
            [.. expected.Select(row => row.ConvertAll(p => Math.Sqrt(p.Variance / process.Parameters.Scale)))],
            measured.Count
        );
    }

    /// <summary>The values of a parameter that were tried, from 0 to 1.</summary>
    private sealed record Scale(double Low, double High, bool Log)
    {
        internal static Scale? Of(SweepSpec spec, string path, IEnumerable<double> values)
        {
            var log = spec.Space.TryGetValue(path, out var parameter) && parameter.Log;
            double[] tried = [.. values];
            return tried.Length == 0 || tried.Min() == tried.Max() ? null : new(tried.Min(), tried.Max(), log);
        }

        internal double ToUnit(double value) =>
            Log ? Math.Log(value / Low) / Math.Log(High / Low) : (value - Low) / (High - Low);

        internal double FromUnit(double unit) => Log ? Low * Math.Pow(High / Low, unit) : Low + (unit * (High - Low));
    }
}
