using System.CommandLine;
using System.Text.Json;
using SqsNet.Engine.Models;
using SqsNet.Engine.Parity;

namespace SqsNet.Cli.Commands;

/// <summary>models: the zoo.</summary>
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
        var command = new Command("models", "List the models: size, arithmetic, input") { json, parity };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(parity) is { } references)
                return Compare(output, references);
            if (parsed.GetValue(json))
                PrintJson(output);
            else
                PrintTable(output);
            return SqsCli.Done;
        });
        return command;
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

    private static void PrintTable(TextWriter output)
    {
        output.WriteLine($"{"model", -34}{"parameters", 14}{"MACs", 18}{"input", 8}{"keys", 7}");
        foreach (var model in ModelRegistry.All)
            output.WriteLine(
                $"{model.Name, -34}{model.Parameters, 14:N0}{model.Macs, 18:N0}{model.DefaultImageSize, 8}{model.KeyCount, 7}"
            );
        output.WriteLine(
            $"Parameters and MACs at {ModelInfo.CountedClasses} classes and the stated input; FLOPs are twice the MACs."
        );
    }

    private static void PrintJson(TextWriter output)
    {
        var models = ModelRegistry.All.Select(model => new
        {
            model.Name,
            model.Family,
            model.Description,
            ImageSize = model.DefaultImageSize,
            model.Parameters,
            model.Macs,
            model.KeyCount,
        });
        output.WriteLine(JsonSerializer.Serialize(models, CliJson.Options));
    }
}
