using System.CommandLine;
using System.Text.Json;
using SqsNet.Engine.Evaluation;

namespace SqsNet.Cli.Commands;

/// <summary>classify: what images show, by weights that are at hand.</summary>
internal static class ClassifyCommand
{
    internal static Command Create(TextWriter output)
    {
        var images = new Argument<string[]>("IMAGE")
        {
            Description = "JPEG, PNG or BMP files",
            Arity = ArgumentArity.OneOrMore,
        };
        var weights = CommonOptions.Weights();
        var model = CommonOptions.Model();
        var normalization = CommonOptions.Normalization();
        var labels = new Option<string?>("--labels")
        {
            Description = "Names of the classes, one a line; a trial's weights bring their own",
            HelpName = "FILE",
        };
        var top = new Option<int>("--top")
        {
            Description = "Classes to show of each image",
            HelpName = "N",
            DefaultValueFactory = _ => 5,
        };
        top.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--top must be 1 or more");
        });
        var device = CommonOptions.Device();
        var json = CommonOptions.Json();
        var command = new Command("classify", "Tell what images show, by a file of weights")
        {
            images,
            weights,
            model,
            normalization,
            labels,
            top,
            device,
            json,
        };
        command.SetAction(parsed =>
        {
            var request = new ClassifierRequest
            {
                Weights = Path.GetFullPath(parsed.GetRequiredValue(weights)),
                Model = CommonOptions.ModelSpec(parsed.GetValue(model), parsed.GetValue(normalization)),
                Labels = parsed.GetValue(labels) is { } file ? Path.GetFullPath(file) : null,
                Device = parsed.GetRequiredValue(device),
            };
            using var classifier = Open(request);
            var results = parsed
                .GetRequiredValue(images)
                .Select(image => new ClassifiedImage(image, Classify(classifier, image, parsed.GetValue(top))));
            Print(results, parsed.GetValue(json), output);
            return SqsCli.Done;
        });
        return command;
    }

    private static ImageClassifier Open(ClassifierRequest request)
    {
        try
        {
            return ImageClassifier.Open(request);
        }
        catch (ArgumentException refused)
        {
            throw new CommandException(refused.Message);
        }
    }

    private static IReadOnlyList<ClassScore> Classify(ImageClassifier classifier, string image, int top)
    {
        if (!File.Exists(image))
            throw new CommandException($"There is no image \"{image}\".");
        try
        {
            return classifier.Classify(File.ReadAllBytes(image), top);
        }
        catch (InvalidDataException unreadable)
        {
            throw new CommandException($"\"{image}\" cannot be read: {unreadable.Message}");
        }
    }

    private static void Print(IEnumerable<ClassifiedImage> results, bool json, TextWriter output)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(results.ToArray(), CliJson.Options));
            return;
        }
        foreach (var (image, classes) in results)
        {
            output.WriteLine(image);
            foreach (var score in classes)
                output.WriteLine($"  {score.Probability, 7:0.0%}  {score.Label}");
        }
    }

    private sealed record ClassifiedImage(string Image, IReadOnlyList<ClassScore> Classes);
}
