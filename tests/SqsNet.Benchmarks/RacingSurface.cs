using System.Text.Json;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Benchmarks;

/// <summary>An accuracy that six parameters decide: a bell over their logarithms, from a floor to a top.</summary>
/// <param name="noise">Standard deviation over seeds, in those of random configurations' accuracies.</param>
internal sealed class RacingSurface(double noise) : IOutcomes
{
    private const double Floor = 0.50;
    private const double Top = 0.80;

    // A part of what differs between seeds is the same for all configurations: as much in the trained trials.
    private const double SharedPart = 0.2;

    private static readonly double[] s_weights = [1.0, 0.6, 0.4, 0.3, 0.1, 0.05];

    internal static IReadOnlyDictionary<string, SpaceParameter> Space { get; } =
        Enumerable
            .Range(0, s_weights.Length)
            .ToDictionary(
                i => $"x{i}",
                _ => new SpaceParameter
                {
                    Low = 1e-2,
                    High = 1e2,
                    Log = true,
                }
            );

    private static readonly double s_spread = MeasureSpread();

    public double Best => Top;

    public double Truth(IReadOnlyDictionary<string, JsonElement> assignment) =>
        Height([.. s_weights.Select((_, i) => Math.Log10(assignment[$"x{i}"].GetDouble()))]);

    private static double Height(IReadOnlyList<double> logs) =>
        Floor
        + ((Top - Floor) * Math.Exp(-s_weights.Zip(logs, (weight, x) => weight * (x - 0.3) * (x - 0.3)).Sum() / 4));

    private static double MeasureSpread()
    {
        var rng = new Rng(0, "spread");
        var heights = Enumerable
            .Range(0, 20_000)
            .Select(_ => Height([.. s_weights.Select(_ => rng.NextDouble(-2, 2))]))
            .ToList();
        return Summary.Of(heights).StandardDeviation;
    }

    public double Observe(
        IReadOnlyDictionary<string, JsonElement> assignment,
        int configuration,
        int seed,
        int repetition
    )
    {
        var shared = new Rng(repetition, "shared", seed).NextNormal();
        var own = new Rng(repetition, "own", configuration, seed).NextNormal();
        var sum = (Math.Sqrt(SharedPart) * shared) + (Math.Sqrt(1 - SharedPart) * own);
        return Truth(assignment) + (noise * s_spread * sum);
    }
}

/// <summary>Trials that were trained, in a drawn order; the last seeds are held out and tell the truth.</summary>
internal sealed class RecordedTrials : IOutcomes
{
    private readonly double[][] _values;
    private readonly double[] _truths;

    internal RecordedTrials(double[][] table, int seeds, Rng rng)
    {
        int[] rows = [.. Enumerable.Range(0, table.Length)];
        int[] columns = [.. Enumerable.Range(0, table[0].Length)];
        rng.Shuffle<int>(rows);
        rng.Shuffle<int>(columns);
        _values = [.. rows.Select(row => columns.Take(seeds).Select(column => table[row][column]).ToArray())];
        _truths = [.. rows.Select(row => columns.Skip(seeds).Average(column => table[row][column]))];
    }

    public double Best => _truths.Max();

    public double Truth(IReadOnlyDictionary<string, JsonElement> assignment) => _truths[assignment["x"].GetInt32()];

    public double Observe(
        IReadOnlyDictionary<string, JsonElement> assignment,
        int configuration,
        int seed,
        int repetition
    ) => _values[assignment["x"].GetInt32()][seed];
}
