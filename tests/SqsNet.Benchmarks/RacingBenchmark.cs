using System.Text.Json;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Benchmarks;

/// <summary>What a race saves against giving every configuration every seed, and what it costs in quality.</summary>
/// <remarks>
/// Every sweep is 40 configurations of six parameters with five seeds: 200 trials without a race. The accuracy of a
/// configuration is a bell over the logarithms of its parameters; a trial adds an effect of its seed, which all
/// configurations share, and noise of its own. Quality is the true accuracy of the configuration that is chosen, in
/// points below the best of the space. The recorded trials of bench/racing-trials.json are raced as well, in drawn orders:
/// there the truth is the mean of the seeds that were held out.
/// </remarks>
internal static class RacingBenchmark
{
    private const int Configurations = 40;
    private const int Seeds = 5;
    private const int Reorderings = 1000;
    private static readonly double[] s_levels = [0.2, 0.1, 0.05, 0.02, 0.01, 0.003];
    private static readonly (double Noise, StrategyKind Kind, int Repetitions)[] s_sweeps =
    [
        (0.25, StrategyKind.Random, 400),
        (0.5, StrategyKind.Random, 400),
        (1, StrategyKind.Random, 400),
        (0.25, StrategyKind.Tpe, 100),
        (0.5, StrategyKind.Tpe, 100),
        (1, StrategyKind.Tpe, 100),
        (0.5, StrategyKind.Gp, 20),
    ];

    internal static Task<BenchmarkResult> RunAsync()
    {
        var details = new Dictionary<string, double>();
        var (ours, peer) = (double.NaN, double.NaN);
        foreach (var (noise, kind, repetitions) in s_sweeps)
        {
            var surface = new RacingSurface(noise);
            var about = FormattableString.Invariant($"noise {noise} of the spread, {SweepSpecJson.Word(kind)}");
            var race = Play("race", Configurations, Seeds, new());
            var all = Play("all seeds", Configurations, Seeds, null);
            Play("one seed", Configurations, 1, null);
            Play("all seeds of fewer, as many trials", (int)Math.Round(race / Seeds), Seeds, null);
            if (noise == 1 && kind == StrategyKind.Random)
                (ours, peer) = (race, all);

            double Play(string name, int configurations, int seeds, RacingSpec? racing)
            {
                RacedSweep[] runs =
                [
                    .. Enumerable
                        .Range(0, repetitions)
                        .Select(seed => RacedSweep.Run(Spec(kind, seed, configurations, seeds, racing), surface)),
                ];
                return Tell(details, $"{about}, {name}", runs);
            }
        }
        Recorded(details);
        return Task.FromResult(
            new BenchmarkResult
            {
                Name = "racing",
                Ours = ours,
                Peer = peer,
                Unit =
                    $"trials of a race of {Configurations} random configurations with up to {Seeds} seeds (peer: all seeds), median; noise as large as the spread",
                Details = details,
            }
        );
    }

    /// <summary>Keeps what sweeps took and lost.</summary>
    /// <returns>The median of their trials.</returns>
    private static double Tell(Dictionary<string, double> details, string title, IReadOnlyList<RacedSweep> runs)
    {
        var trials = Median(runs.Select(run => (double)run.Trials));
        var lost = runs.Average(run => 100 * run.Regret);
        details[$"{title}: trials, median"] = trials;
        details[$"{title}: points lost, median"] = Median(runs.Select(run => 100 * run.Regret));
        details[$"{title}: points lost, mean"] = lost;
        Console.Error.WriteLine(FormattableString.Invariant($"{title}: {trials:f0} trials, {lost:f3} points"));
        return trials;
    }

    private static SweepSpec Spec(StrategyKind kind, int seed, int configurations, int seeds, RacingSpec? racing) =>
        new()
        {
            Space = RacingSurface.Space,
            Strategy = new()
            {
                Kind = kind,
                Trials = configurations,
                Seed = seed,
            },
            Seeds = [.. Enumerable.Range(0, seeds)],
            Racing = racing,
        };

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Races trials that were really trained, in drawn orders of configurations and seeds.</summary>
    private static void Recorded(Dictionary<string, double> details)
    {
        var file = Path.Combine(Repository.Root, "bench", "racing-trials.json");
        if (!File.Exists(file))
            return;
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        double[][] table =
        [
            .. document
                .RootElement.GetProperty("accuracies")
                .EnumerateArray()
                .Select(row => row.EnumerateArray().Select(cell => cell.GetDouble()).ToArray()),
        ];
        RecordedTrials[] orders =
        [
            .. Enumerable.Range(0, Reorderings).Select(i => new RecordedTrials(table, Seeds, new Rng(i, "recorded"))),
        ];
        var about = $"{table.Length} trained configurations";
        foreach (var level in s_levels)
            Play(FormattableString.Invariant($"race at level {level}"), Seeds, new() { Level = level });
        Play("all seeds", Seeds, null);
        Play("three seeds", 3, null);
        Play("one seed", 1, null);

        void Play(string name, int seeds, RacingSpec? racing) =>
            Tell(
                details,
                $"{about}, {name}",
                [.. orders.Select(order => RacedSweep.Run(Listed(table.Length, seeds, racing), order))]
            );
    }

    private static SweepSpec Listed(int configurations, int seeds, RacingSpec? racing) =>
        new()
        {
            Space = new Dictionary<string, SpaceParameter>
            {
                ["x"] = new()
                {
                    Values = [.. Enumerable.Range(0, configurations).Select(i => JsonSerializer.SerializeToElement(i))],
                },
            },
            Strategy = new() { Kind = StrategyKind.Grid },
            Seeds = [.. Enumerable.Range(0, seeds)],
            Racing = racing,
        };
}
