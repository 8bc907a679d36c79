using System.Text.Json;
using SqsNet.Benchmarks;

// Every benchmark by name; each returns what it measured. Results go to standard output, progress to standard error.
var benchmarks = new Dictionary<string, Func<Task<BenchmarkResult>>>
{
    ["ops"] = OpsBenchmark.RunAsync,
    ["step"] = StepBenchmark.RunAsync,
    ["store"] = StoreBenchmark.RunAsync,
};

if (args is not [var name, ..] || !benchmarks.TryGetValue(name, out var benchmark))
{
    await Console.Error.WriteLineAsync($"usage: SqsNet.Benchmarks {string.Join('|', benchmarks.Keys)} [--json]");
    return 2;
}
var result = await benchmark();
if (args.Contains("--json"))
    Console.WriteLine(JsonSerializer.Serialize(result, BenchmarkResult.Json));
else
    Console.WriteLine(result.ToText());
return 0;
