using System.CommandLine;
using SqsNet.Engine.Models;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Cli;

/// <summary>Options and arguments that several verbs share.</summary>
internal static class CommonOptions
{
    /// <summary>--data DIR.</summary>
    internal static Option<string> Data() =>
        new("--data")
        {
            Description = "Data directory: datasets, trials and the store",
            HelpName = "DIR",
            DefaultValueFactory = _ => "data",
        };

    /// <summary>--device cpu|cuda[:i].</summary>
    internal static Option<string> Device()
    {
        var option = new Option<string>("--device")
        {
            Description = "cpu, cuda, cuda:1, or auto: a GPU when there is one",
            HelpName = "DEVICE",
            DefaultValueFactory = _ => "auto",
        };
        option.Validators.Add(result =>
        {
            var device = result.GetValueOrDefault<string>() ?? "";
            var isCuda =
                device == "cuda" || (device.StartsWith("cuda:") && int.TryParse(device.AsSpan(5), out var i) && i >= 0);
            if (device is not ("cpu" or "auto") && !isCuda)
                result.AddError($"--device must be cpu, cuda, cuda:N or auto; it is \"{device}\"");
        });
        return option;
    }

    /// <summary>--weights F.</summary>
    internal static Option<string> Weights() =>
        new("--weights")
        {
            Description = "A file of weights: .safetensors, or PyTorch's .pth or .pt",
            HelpName = "F",
            Required = true,
        };

    /// <summary>--model NAME.</summary>
    internal static Option<string?> Model() =>
        new("--model") { Description = "The model, when the file does not say", HelpName = "NAME" };

    /// <summary>--normalization imageNet|inception.</summary>
    internal static Option<string?> Normalization()
    {
        var option = new Option<string?>("--normalization")
        {
            Description = "How colours are scaled, when not as the model's published weights expect; needs --model",
            HelpName = "HOW",
        };
        option.AcceptOnlyFromAmong([.. Enum.GetValues<InputNormalization>().Select(SweepSpecJson.Word)]);
        return option;
    }

    /// <summary>The network of --model and --normalization; null leaves it to the weights.</summary>
    internal static ModelSpec? ModelSpec(string? model, string? normalization)
    {
        if (model is null && normalization is not null)
            throw new UsageException("--normalization needs --model.");
        return model is null
            ? null
            : new()
            {
                Name = model,
                Normalization = Enum.GetValues<InputNormalization>()
                    .Cast<InputNormalization?>()
                    .FirstOrDefault(value => SweepSpecJson.Word(value!.Value) == normalization),
            };
    }

    /// <summary>--json.</summary>
    internal static Option<bool> Json() => new("--json") { Description = "Print JSON" };

    /// <summary>SPEC.json.</summary>
    internal static Argument<FileInfo> Spec() =>
        new("SPEC.json") { Description = "Specification of a sweep, as in docs/sweeps.md" };

    /// <summary>What a specification file says.</summary>
    /// <param name="file">The file.</param>
    /// <param name="parse">Reads its text.</param>
    /// <exception cref="CommandException">There is no such file, or it is far too large.</exception>
    /// <exception cref="InvalidSpecException">It is no specification; what concerns the whole of it names the file.</exception>
    internal static T ReadSpec<T>(FileInfo file, Func<string, T> parse)
    {
        if (!file.Exists)
            throw new CommandException($"There is no file \"{file.FullName}\".");
        if (file.Length > SweepSpecJson.MaxLength * 4L)
            throw new CommandException(
                $"\"{file.FullName}\" is {file.Length:N0} bytes long; that is no specification."
            );
        try
        {
            return parse(File.ReadAllText(file.FullName));
        }
        catch (InvalidSpecException refused)
        {
            throw new InvalidSpecException([
                .. refused.Errors.Select(e =>
                    e.Path == SweepSpecJson.Root ? e with { Path = $"\"{file.FullName}\"" } : e
                ),
            ]);
        }
    }
}
