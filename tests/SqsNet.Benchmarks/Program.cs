using System.Text.Json;
using SqsNet.Benchmarks;

// Every benchmark by name; each returns what it measured. Results go to standard output, progress to standard error.
var benchmarks = new Dictionary<string, Func<Task<BenchmarkResult>>>
{
    ["input"] = InputBenchmark.RunAsync,
    ["import"] = ImportBenchmark.RunAsync,
    ["store"] = StoreBenchmark.RunAsync,
    ["ops"] = OpsBenchmark.RunAsync,
    ["regret"] = RegretBenchmark.RunAsync,
    ["racing"] = RacingBenchmark.RunAsync,
};

// A single step on a GPU: gpu MODEL ANCHORS VARIANT STEPS, as bench/gpu/run.sh asks for it.
if (args is ["gpu", var model, var anchors, var variant, var steps])
{
    var step = GpuBenchmark.Run(model, int.Parse(anchors), variant, int.Parse(steps));
    Console.WriteLine(JsonSerializer.Serialize(step, BenchmarkResult.Json));
    return 0;
}

// A store to try the pages on: bigstore FOLDER TRIALS TRIALS-WITH-CURVES STEPS, as bench/workbench.mjs asks for it.
if (args is ["bigstore", var folder, var trials, var curves, var length])
{
    await BigStore.MakeAsync(folder, int.Parse(trials), int.Parse(curves), int.Parse(length));
    return 0;
}

BenchmarkResult? result = args switch
{
    ["step", var name, ..] when BenchedNetwork.Find(name) is { } network => StepBenchmark.Run(network),
    ["inference", var name, ..] when BenchedNetwork.Find(name) is { } network => InferenceBenchmark.Run(network),
    [var name, ..] when benchmarks.TryGetValue(name, out var benchmark) => await benchmark(),
    _ => null,
};
if (result is null)
{
    await Console.Error.WriteLineAsync(
        $"""
        usage: ./sqsnet bench {string.Join('|', benchmarks.Keys)}|live|workbench [--json]
               ./sqsnet bench step|inference {BenchedNetwork.Names} [--json]
        """
    );
    return 2;
}
if (args.Contains("--json"))
    Console.WriteLine(JsonSerializer.Serialize(result, BenchmarkResult.Json));
else
    Console.WriteLine(result.ToText());
return 0;
