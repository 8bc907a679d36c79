using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;

namespace SqsNet.Benchmarks;

/// <summary>Makes a data directory as a year of sweeps leaves it, for benchmarks of the pages.</summary>
internal static class BigStore
{
    private const int Epochs = 20;
    private const int Seeds = 5;

    /// <summary>Stores one sweep that has ended.</summary>
    /// <param name="directory">The data directory; made when absent.</param>
    /// <param name="trials">Trials, with 30 metrics at each of 20 epochs.</param>
    /// <param name="curves">How many of them, the first, have curves of so many steps as well.</param>
    /// <param name="steps">Steps of such a curve, with seven metrics each.</param>
    internal static async Task MakeAsync(string directory, int trials, int curves, int steps)
    {
        using var database = SqsDatabase.Open(directory);
        var changes = new ChangeFeed();
        await using var log = new EventLog(database, changes, TimeProvider.System, NullLogger<EventLog>.Instance);
        var store = new SweepStore(database, changes, TimeProvider.System);
        var spec = Spec(trials);
        var sweep = await store.AddSweepAsync(spec, trials, default);
        var random = new Random(1);
        var made = await store.AddTrialsAsync([.. Trials(sweep, spec, trials, random)], default);
        foreach (var trial in made)
        {
            Train(log, trial, trial.Number < curves ? steps : 0, random);
            if (trial.Number % 50 == 49)
                await log.FlushAsync(default);
        }
        await log.FlushAsync(default);
        await store.SetSweepStateAsync(sweep, SweepState.Completed, null, default);
        database.Checkpoint();
        Console.WriteLine($"Sweep {sweep} with {trials} trials in {directory}");
    }

    private static SweepSpec Spec(int trials) =>
        new()
        {
            Name = "a year of trials",
            Seeds = [.. Enumerable.Range(0, Seeds)],
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.tau"] = new() { Low = 0.05, High = 5 },
                ["sqs.margin"] = new() { Low = 0, High = 1 },
                ["sqs.lambda"] = new() { Low = 0.01, High = 2 },
            },
            Strategy = new() { Kind = StrategyKind.Random, Trials = (trials + Seeds - 1) / Seeds },
            Training = new() { Epochs = Epochs },
        };

    private static IEnumerable<NewTrial> Trials(long sweep, SweepSpec spec, int count, Random random)
    {
        var assignment = new Dictionary<string, JsonElement>();
        for (var number = 0; number < count; number++)
        {
            if (number % Seeds == 0)
                assignment = spec.Space.ToDictionary(
                    parameter => parameter.Key,
                    parameter => JsonSerializer.SerializeToElement(Draw(parameter.Value, random))
                );
            var trial = SpecPath.Trial(spec, assignment, number % Seeds);
            yield return new(sweep, number, number / Seeds, assignment, trial);
        }
    }

    private static double Draw(SpaceParameter parameter, Random random) =>
        Math.Round(parameter.Low!.Value + (random.NextDouble() * (parameter.High!.Value - parameter.Low.Value)), 3);

    private static void Train(EventLog log, TrialRecord trial, int steps, Random random)
    {
        var at = DateTimeOffset.UtcNow.AddDays(-1);
        var goal = 0.4 + (0.3 * random.NextDouble());
        log.Append(trial.Id, new StateChanged(TrialState.Running, 1) { At = at });
        for (var epoch = 1; epoch <= Epochs; epoch++)
        {
            var share = epoch / (double)Epochs;
            for (var step = 1 + ((epoch - 1) * steps / Epochs); step <= epoch * steps / Epochs; step++)
                Report(MetricScope.Step, step, epoch, Curves((double)step / steps));
            var values = Enumerable
                .Range(0, 27)
                .ToDictionary(i => $"val/f1/class {i}", i => goal * share * (1 - (i / 100.0)));
            values["val/accuracy"] = (goal * (1 - Math.Exp(-4 * share))) + (0.01 * random.NextDouble());
            values["val/loss"] = 1 - values["val/accuracy"];
            values["train/loss"] = 2 * Math.Exp(-3 * share);
            Report(MetricScope.Epoch, Math.Max(epoch, epoch * steps / Epochs), epoch, values);
        }
        var failed = random.NextDouble() < 0.02;
        log.Append(
            trial.Id,
            new StateChanged(failed ? TrialState.Failed : TrialState.Completed, 1, failed ? "Out of memory." : null)
            {
                At = at.AddSeconds(Epochs * 30),
                Seconds = Epochs * 30,
            }
        );

        void Report(MetricScope scope, int step, int epoch, Dictionary<string, double> values) =>
            log.Append(
                trial.Id,
                new MetricsReported(scope, step, epoch, values, IsBest: scope == MetricScope.Epoch)
                {
                    At = at.AddSeconds(epoch * 30),
                    Seconds = epoch * 30,
                }
            );

        Dictionary<string, double> Curves(double share) =>
            new()
            {
                ["train/loss"] = (2 * Math.Exp(-3 * share)) + (0.2 * random.NextDouble()),
                ["train/loss_cls"] = (1.5 * Math.Exp(-3 * share)) + (0.2 * random.NextDouble()),
                ["train/loss_sqs"] = 0.5 * Math.Exp(-2 * share),
                ["train/loss_kl"] = 0.1 * random.NextDouble(),
                ["train/accuracy"] = goal * share,
                ["train/learning_rate"] = 1e-3 * (1 - share),
                ["train/images_per_second"] = 400 + (20 * random.NextDouble()),
            };
    }
}
