using System.Diagnostics;
using SqsNet.Torch;

namespace SqsNet.Benchmarks;

/// <summary>
/// Measures this side and its peer in turns, so that whatever else the machine does falls on both. The ratio is the
/// median over the pairs of neighbours. Processor time, which a busy machine disturbs less, stands beside it.
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
        var (own, other) = (new List<(double Wall, double Cpu)>(), new List<(double Wall, double Cpu)>());
        Run(ours, iterations);
        peer?.Measure(iterations);
        var factor = unitsPerSecond / iterations;
        for (var pair = 0; pair < pairs; pair++)
        {
            own.Add(Scaled(Run(ours, iterations), factor));
            if (peer is not null)
            {
                other.Add(Scaled(peer.Measure(iterations), factor));
            }
            Console.Error.WriteLine(
                $"{name}: pair {pair + 1} of {pairs}: {own[^1].Wall:F1} : {other.LastOrDefault().Wall:F1} {unit}"
            );
        }
        var ratios = own.Zip(other, (we, they) => (Wall: we.Wall / they.Wall, Cpu: we.Cpu / they.Cpu)).ToList();
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
            Ours = Median(own.Select(time => time.Wall)),
            Peer = peer is null ? null : Median(other.Select(time => time.Wall)),
            PairedRatio = peer is null ? null : Median(ratios.Select(ratio => ratio.Wall)),
            Unit = unit,
            Details = Details(own, other, ratios, iterations),
            Versions = versions,
        };
    }

    /// <summary>Time of some work over that of other work of ours; the median over pairs in turns.</summary>
    internal static double Ratio(int pairs, int iterations, Action one, Action other)
    {
        var ratios = new List<double>();
        for (var pair = 0; pair < pairs; pair++)
            ratios.Add(Run(one, iterations).Wall / Run(other, iterations).Wall);
        return Median(ratios);
    }

    private static Dictionary<string, double> Details(
        List<(double Wall, double Cpu)> own,
        List<(double Wall, double Cpu)> other,
        List<(double Wall, double Cpu)> ratios,
        int iterations
    )
    {
        var details = new Dictionary<string, double>
        {
            ["pairs"] = own.Count,
            ["iterations each"] = iterations,
            ["threads"] = torch.get_num_threads(),
            ["our fastest"] = own.Min(time => time.Wall),
            ["our processor time"] = Median(own.Select(time => time.Cpu)),
        };
        if (ratios.Count > 0)
        {
            details["peer fastest"] = other.Min(time => time.Wall);
            details["peer processor time"] = Median(other.Select(time => time.Cpu));
            details["ratio of processor times"] = Median(ratios.Select(ratio => ratio.Cpu));
            details["smallest ratio"] = ratios.Min(ratio => ratio.Wall);
            details["largest ratio"] = ratios.Max(ratio => ratio.Wall);
        }
        return details;
    }

    private static (double Wall, double Cpu) Run(Action action, int iterations)
    {
        var watch = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < iterations; i++)
        {
            action();
        }
        return (watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
    }

    private static (double Wall, double Cpu) Scaled((double Wall, double Cpu) seconds, double factor) =>
        (seconds.Wall * factor, seconds.Cpu * factor);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
