using System.Text.Json;
using SqsNet.Engine;
using SqsNet.Engine.Events;
using SqsNet.Engine.Models;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;

namespace SqsNet.Web.Tests;

/// <summary>Values that a test needs and does not care about.</summary>
internal static class Some
{
    public static DateTimeOffset Time { get; } = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    public static SweepSpec Sweep(string name = "a sweep") => new() { Name = name, Seeds = [0] };

    public static NewTrial Trial(long sweepId, int number = 0) =>
        new(
            sweepId,
            number,
            number / 2,
            new Dictionary<string, JsonElement> { ["sqs.tau"] = JsonSerializer.SerializeToElement(0.5) },
            new TrialSpec
            {
                Dataset = "synthetic",
                Model = new ModelSpec(),
                Training = new TrainingSpec { Epochs = 3 },
                Sqs = new SqsSpec { Tau = 0.5 },
                Objective = new ObjectiveSpec(),
                Seed = number % 2,
            }
        );

    public static MetricsReported Step(long step, params (string Name, double Value)[] values) =>
        new(MetricScope.Step, step, 1, values.ToDictionary(v => v.Name, v => v.Value))
        {
            At = Time.AddSeconds(step),
            Seconds = step * 0.5,
        };

    /// <summary>A checkpoint of nothing, in a trial's folder.</summary>
    public static void WriteCheckpoint(EngineOptions options, long trialId, long step, int epochs)
    {
        var folder = Directory.CreateDirectory(Path.Combine(options.TrialDirectory(trialId), "checkpoint")).FullName;
        File.WriteAllBytes(Path.Combine(folder, $"{step:D9}.safetensors"), []);
        File.WriteAllText(
            Path.Combine(folder, $"{step:D9}.json"),
            $$"""{ "position": { "step": {{step}}, "epoch": {{epochs + 1}} }, "tensorBytes": 0, "tensorChecksum": 0 }"""
        );
    }

    /// <summary>A sweep with trials in the store of an app, ended so that nobody trains them.</summary>
    public static async Task<(long Sweep, long[] Trials)> StoredSweepAsync(TestApp app, int trials = 1)
    {
        var sweep = await app.Store.AddSweepAsync(Sweep(), trials, default);
        var stored = await app.Store.AddTrialsAsync(
            [.. Enumerable.Range(0, trials).Select(number => Trial(sweep, number))],
            default
        );
        await app.Store.SetSweepStateAsync(sweep, SweepState.Completed, null, default);
        return (sweep, [.. stored.Select(trial => trial.Id)]);
    }
}
