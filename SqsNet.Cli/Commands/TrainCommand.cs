using System.CommandLine;
using System.Text.Json;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;

namespace SqsNet.Cli.Commands;

/// <summary>train SPEC.json: one trial in the foreground, kept in a folder of its own.</summary>
internal static class TrainCommand
{
    internal static Command Create(TextWriter output)
    {
        var spec = CommonOptions.Spec();
        spec.Description = "A sweep, of which the first trial is trained; or a trial, as in a trial's trial.json";
        var data = CommonOptions.Data();
        var device = CommonOptions.Device();
        var outFolder = new Option<string?>("--out")
        {
            Description = "Folder of the trial: events.jsonl, metrics.json, checkpoint, best.safetensors",
            HelpName = "DIR",
        };
        var command = new Command("train", "Train one trial in the foreground") { spec, outFolder, device, data };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var file = parsed.GetRequiredValue(spec);
                var trial = CommonOptions.ReadSpec(file, ReadTrial);
                var path = parsed.GetValue(outFolder) ?? Path.GetFileNameWithoutExtension(file.Name);
                var folder = CreateFolder(path, new() { Spec = trial, Device = parsed.GetRequiredValue(device) });
                return ForegroundTrial.RunAsync(folder, parsed.GetRequiredValue(data), output, cancellationToken);
            }
        );
        return command;
    }

    /// <summary>The trial that a file describes, whichever of the three shapes it has.</summary>
    internal static TrialSpec ReadTrial(string json)
    {
        var keys = TopLevelKeys(json);
        if (keys.Contains("spec") && !keys.Contains("space"))
            return SweepSpecJson.ParseDescription(json).Spec;
        if (keys.Contains("seed"))
            return SweepSpecJson.ParseTrial(json);
        var sweep = SweepSpecJson.Parse(json);
        if (sweep.Validate() is { Count: > 0 } errors)
            throw new InvalidSpecException(errors);
        return SpecPath.Trial(sweep, SweepPlan.Preview(sweep)[0], sweep.Seeds[0]);
    }

    private static TrialFolder CreateFolder(string path, TrialDescription description)
    {
        try
        {
            return TrialFolder.Create(path, description);
        }
        catch (InvalidOperationException taken)
        {
            throw new CommandException($"{taken.Message} (--out)");
        }
    }

    private static HashSet<string> TopLevelKeys(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? [.. document.RootElement.EnumerateObject().Select(member => member.Name)]
                : [];
        }
        catch (JsonException)
        {
            return []; // the reader of specifications says where and why
        }
    }
}
