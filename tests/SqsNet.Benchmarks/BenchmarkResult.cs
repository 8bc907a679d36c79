using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SqsNet.Benchmarks;

/// <summary>What a benchmark measured.</summary>
internal sealed record BenchmarkResult
{
    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerOptions.Web) { WriteIndented = true };

    /// <summary>Name of the benchmark.</summary>
    public required string Name { get; init; }

    /// <summary>Our figure.</summary>
    public required double Ours { get; init; }

    /// <summary>The peer's figure, in the same unit; null where no peer is installed.</summary>
    public double? Peer { get; init; }

    /// <summary>Ours / peer, in time: below 1 we are faster. Where both took turns, the median over the pairs.</summary>
    public double? Ratio => PairedRatio ?? Ours / Peer;

    [JsonIgnore]
    internal double? PairedRatio { get; init; }

    /// <summary>Unit of both figures, and what they are of.</summary>
    public required string Unit { get; init; }

    /// <summary>Everything else that was measured, by name with its unit.</summary>
    public IReadOnlyDictionary<string, double> Details { get; init; } = new Dictionary<string, double>();

    /// <summary>Versions of what both sides are made of.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>();

    /// <summary>Processor and number of cores.</summary>
    public string Machine { get; init; } = DescribeMachine();

    /// <summary>Commit of the code, with "+" when it was changed since; empty outside a repository.</summary>
    public string Commit { get; init; } = DescribeCommit();

    /// <summary>The result for people.</summary>
    internal string ToText() =>
        string.Join(
            Environment.NewLine,
            [
                string.Create(CultureInfo.InvariantCulture, $"{Name}: {Ours:g4} {Unit}"),
                Peer is { } peer
                    ? string.Create(CultureInfo.InvariantCulture, $"  peer {peer:g4}, ratio {Ratio:g3}")
                    : "  no peer",
                .. Details.Select(d => string.Create(CultureInfo.InvariantCulture, $"  {d.Key}: {d.Value:g5}")),
                $"  {Machine}, commit {Commit}",
            ]
        );

    private static string DescribeMachine()
    {
        var processor = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name"))?.Split(": ").Last()
            : null;
        return $"{processor ?? "unknown processor"}, {Environment.ProcessorCount} cores";
    }

    private static string DescribeCommit()
    {
        try
        {
            var start = new ProcessStartInfo("git", ["describe", "--always", "--dirty=+"])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
                RedirectStandardError = true,
                WorkingDirectory = AppContext.BaseDirectory,
            };
            using var git = Process.Start(start);
            return git?.StandardOutput.ReadToEnd().Trim() ?? "";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "";
        }
    }
}
