using System.CommandLine;
using System.Text.Json;
using SqsNet.Engine.Models;

namespace SqsNet.Cli.Commands;

/// <summary>models: the zoo.</summary>
internal static class ModelsCommand
{
    internal static Command Create(TextWriter output)
    {
        var json = CommonOptions.Json();
        var command = new Command("models", "List the models: size, arithmetic, input") { json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(json))
                PrintJson(output);
            else
                PrintTable(output);
            return SqsCli.Done;
        });
        return command;
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
