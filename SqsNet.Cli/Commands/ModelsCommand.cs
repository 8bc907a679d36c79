using System.CommandLine;
using System.Text.Json;
using SqsNet.Engine;
using SqsNet.Engine.Efficiency;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Models;
using SqsNet.Engine.Parity;

namespace SqsNet.Cli.Commands;

/// <summary>models: the zoo, and what it costs.</summary>
internal static class ModelsCommand
{
    internal static Command Create(TextWriter output)
    {
        var json = CommonOptions.Json();
        var parity = new Option<string?>("--parity")
        {
            Description = "Instead, hold every model against the reference values in this folder",
            HelpName = "DIR",
        };
        var measure = new Option<string[]>("--measure")
        {
            Description =
                "First measure latency, throughput and memory of these models, or of all, and keep the numbers",
            HelpName = "NAME...",
            Arity = ArgumentArity.ZeroOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        measure.Validators.Add(result =>
        {
            foreach (
                var name in result.Tokens.Select(token => token.Value).Where(name => ModelRegistry.Find(name) is null)
            )
                result.AddError($"--measure: there is no model \"{name}\"{ModelRegistry.Hint(name)}");
        });
        var device = CommonOptions.Device();
        var data = CommonOptions.Data();
        var command = new Command("models", "List the models: size, arithmetic, measured speed")
        {
            json,
            parity,
            measure,
            device,
            data,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                if (parsed.GetValue(parity) is { } references)
                    return Compare(output, references);
                var file = new SpeedFile(Path.GetFullPath(parsed.GetRequiredValue(data)));
                var complete = true;
                if (parsed.GetResult(measure) is not null)
                {
                    var names = parsed.GetValue(measure) ?? [];
                    var options = new EngineOptions
                    {
                        DataDirectory = Path.GetFullPath(parsed.GetRequiredValue(data)),
                        Device = parsed.GetRequiredValue(device),
                    };
                    complete = await MeasureAsync(file, options, names, cancellationToken);
                }
                if (parsed.GetValue(json))
                    PrintJson(output, file.Read());
                else
                    ModelsTable.Print(output, file.Read());
                return complete ? SqsCli.Done : SqsCli.Failed;
            }
        );
        return command;
    }

    /// <summary>Measures with a line of progress.</summary>
    /// <returns>Whether every model was measured.</returns>
    private static async Task<bool> MeasureAsync(
        SpeedFile file,
        EngineOptions options,
        string[] names,
        CancellationToken cancellationToken
    )
    {
        var models = ModelRegistry.All.Where(model => names.Length == 0 || names.Contains(model.Name)).ToList();
        var measuring = new ModelMeasuring(
            new EfficiencyMeter(options, TimeProvider.System),
            file,
            DevicePool.Of(options)
        );
        using var line = new ProgressLine();
        var round = measuring.Start(models, cancellationToken);
        while (!round.IsCompleted)
        {
            if (measuring.Progress is { Model: { } model } now)
                line.Show(now.Done, models.Count, $"{model}: {MeasuringWords.Of(now.Phase)}");
            await Task.WhenAny(round, Task.Delay(TimeSpan.FromMilliseconds(250), CancellationToken.None));
        }
        var ended = await round;
        line.Dispose();
        foreach (var (model, why) in ended.Failures)
            Console.Error.WriteLine($"sqsnet: {model} was not measured: {why}");
        if (ended.Problem is { } problem)
            Console.Error.WriteLine($"sqsnet: {problem}");
        return ended.Problem is null && ended.Failures.Count == 0;
    }

    private static int Compare(TextWriter output, string references)
    {
        output.WriteLine($"{"network", -30} {"part", -26} {"compared", 8} {"error", 9} {"of tolerance", 12}  where");
        var (passed, failed) = (0, 0);
        foreach (var row in ParitySuite.Run(references))
        {
            output.WriteLine(
                $"{row.Network, -30} {row.Part, -26} {row.Compared, 8} {row.Error, 9:0.0e+0} {row.Share, 12:0.0%}  {row.Where}{(row.Passed ? "" : "  DIFFERS")}"
            );
            if (row.Passed)
                passed++;
            else
                failed++;
        }
        output.WriteLine($"{passed} parts equal their reference, {failed} differ.");
        return failed == 0 ? SqsCli.Done : SqsCli.Failed;
    }

    private static void PrintJson(TextWriter output, KeptSpeeds kept)
    {
        var models = ModelRegistry.All.Select(model => new
        {
            model.Name,
            model.Family,
            model.Description,
            ImageSize = model.DefaultImageSize,
            model.Parameters,
            model.TrunkParameters,
            model.Macs,
            model.KeyCount,
            model.CheckpointBytes,
            Paper = PaperCost.Of(model.Name),
            Speeds = kept.Speeds.Where(speed => speed.Model == model.Name),
        });
        output.WriteLine(JsonSerializer.Serialize(models, CliJson.Options));
        if (kept.Problem is { } problem)
            Console.Error.WriteLine($"sqsnet: {problem}");
    }
}
