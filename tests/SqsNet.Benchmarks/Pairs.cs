using System.Diagnostics;
using SqsNet.Torch;

namespace SqsNet.Benchmarks;

/// <summary>
/// Measures this side and its peer in turns, so that whatever else the machine does falls on both. The ratio is the
/// median over the pairs of neighbours.
/// </summary>
internal static class Pairs
{
    internal static BenchmarkResult Measure(
        string name,
        string unit,
        double unitsPerSecond,
        int pairs,
        int iterations,
        Action ours,
        PeerProcess? peer
    )
    {
        var (own, other, ratios) = (new List<double>(), new List<double>(), new List<double>());
        Run(ours, iterations);
        peer?.Measure(iterations);
        for (var pair = 0; pair < pairs; pair++)
        {
            own.Add(Run(ours, iterations) / iterations * unitsPerSecond);
            if (peer is not null)
            {
                other.Add(peer.Measure(iterations) / iterations * unitsPerSecond);
                ratios.Add(own[^1] / other[^1]);
            }
            Console.Error.WriteLine(
                $"{name}: pair {pair + 1} of {pairs}: {own[^1]:F1} : {other.LastOrDefault():F1} {unit}"
            );
        }
        var versions = new Dictionary<string, string>
        {
            ["libtorch"] = TorchRuntime.Version,
            ["dotnet"] = Environment.Version.ToString(),
            ["allocator"] = Environment.GetEnvironmentVariable("SQSNET_ALLOCATOR") ?? "caching",
        };
        if (peer is not null)
        {
            versions["peer torch"] = peer.Facts.GetProperty("torch").GetString() ?? "";
            versions["peer python"] = peer.Facts.GetProperty("python").GetString() ?? "";
        }
        return new BenchmarkResult
        {
            Name = name,
            Ours = Median(own),
            Peer = peer is null ? null : Median(other),
            PairedRatio = peer is null ? null : Median(ratios),
            Unit = unit,
            Details = new Dictionary<string, double>
            {
                ["pairs"] = pairs,
                ["iterations each"] = iterations,
                ["threads"] = torch.get_num_threads(),
                ["our fastest"] = own.Min(),
                ["peer fastest"] = other.Count > 0 ? other.Min() : double.NaN,
                ["smallest ratio"] = ratios.Count > 0 ? ratios.Min() : double.NaN,
                ["largest ratio"] = ratios.Count > 0 ? ratios.Max() : double.NaN,
            }
                .Where(pair => !double.IsNaN(pair.Value))
                .ToDictionary(),
            Versions = versions,
        };
    }

    private static double Run(Action action, int iterations)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < iterations; i++)
        {
            action();
        }
        return watch.Elapsed.TotalSeconds;
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
