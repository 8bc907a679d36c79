using System.CommandLine;
using System.Text.Json;
using SqsNet.Engine;
using SqsNet.Engine.Data;
using SqsNet.Engine.Evaluation;

namespace SqsNet.Cli.Commands;

/// <summary>eval: metrics of trained or imported weights on a dataset.</summary>
internal static class EvalCommand
{
    internal static Command Create(TextWriter output)
    {
        var weights = CommonOptions.Weights();
        var model = CommonOptions.Model();
        var normalization = CommonOptions.Normalization();
        var dataset = new Option<string>("--dataset")
        {
            Description = "A registered dataset",
            HelpName = "D",
            Required = true,
        };
        var tta = new Option<int>("--tta")
        {
            Description = "Views: 1 or 5",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var split = new Option<string>("--split")
        {
            Description = "train, val or test",
            DefaultValueFactory = _ => "test",
        };
        split.AcceptOnlyFromAmong("train", "val", "test");
        tta.AcceptOnlyFromAmong("1", "5");
        var device = CommonOptions.Device();
        var data = CommonOptions.Data();
        var json = CommonOptions.Json();
        var command = new Command("eval", "Evaluate weights on a dataset")
        {
            weights,
            model,
            normalization,
            dataset,
            split,
            tta,
            device,
            data,
            json,
        };
        command.SetAction(parsed =>
        {
            var options = new EngineOptions { DataDirectory = Path.GetFullPath(parsed.GetRequiredValue(data)) };
            var evaluation = new WeightsEvaluation(new DatasetRegistry(options), options, TimeProvider.System);
            var report = Evaluate(
                evaluation,
                new()
                {
                    Weights = Path.GetFullPath(parsed.GetRequiredValue(weights)),
                    Dataset = parsed.GetRequiredValue(dataset),
                    Model = CommonOptions.ModelSpec(parsed.GetValue(model), parsed.GetValue(normalization)),
                    Split = SplitOf(parsed.GetRequiredValue(split)),
                    Tta = parsed.GetValue(tta),
                    Device = parsed.GetRequiredValue(device),
                }
            );
            Print(report, parsed.GetValue(json), output);
            return SqsCli.Done;
        });
        return command;
    }

    private static EvaluationReport Evaluate(WeightsEvaluation evaluation, EvaluationRequest request)
    {
        try
        {
            return evaluation.Run(request);
        }
        catch (Exception refused) when (refused is ArgumentException or InvalidDataException)
        {
            throw new CommandException(refused.Message);
        }
    }

    private static DatasetSplit SplitOf(string word) =>
        word switch
        {
            "train" => DatasetSplit.Train,
            "val" => DatasetSplit.Validation,
            _ => DatasetSplit.Test,
        };

    private static void Print(EvaluationReport report, bool json, TextWriter output)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(report, CliJson.Options));
            return;
        }
        output.WriteLine(
            $"{report.Model} on {report.Dataset} ({report.Split}, {report.Faces:N0} faces, {report.FacesPerSecond:N0} a second)"
        );
        var width = report.Metrics.Keys.Max(name => name.Length) + 2;
        foreach (var (name, value) in report.Metrics)
            output.WriteLine($"  {name.PadRight(width)}{value:0.0000}");
    }
}
