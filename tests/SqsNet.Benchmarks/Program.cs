using System.Text.Json;
using SqsNet.Benchmarks;

// Every benchmark by name; each returns what it measured. Results go to standard output, progress to standard error.
var benchmarks = new Dictionary<string, Func<Task<BenchmarkResult>>>
{
    ["step"] = StepBenchmark.RunAsync,
    ["inference"] = InferenceBenchmark.RunAsync,
    ["input"] = InputBenchmark.RunAsync,
    ["import"] = ImportBenchmark.RunAsync,
    ["store"] = StoreBenchmark.RunAsync,
    ["ops"] = OpsBenchmark.RunAsync,
    ["regret"] = RegretBenchmark.RunAsync,
    ["racing"] = RacingBenchmark.RunAsync,
};

if (args is not [var name, ..] || !benchmarks.TryGetValue(name, out var benchmark))
{
    await Console.Error.WriteLineAsync($"usage: ./sqsnet bench {string.Join('|', benchmarks.Keys)}|live [--json]");
    return 2;
}
var result = await benchmark();
if (args.Contains("--json"))
    Console.WriteLine(JsonSerializer.Serialize(result, BenchmarkResult.Json));
else
    Console.WriteLine(result.ToText());
return 0;
