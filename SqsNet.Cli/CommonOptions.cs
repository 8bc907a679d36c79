using System.CommandLine;
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

    /// <summary>--json.</summary>
    internal static Option<bool> Json() => new("--json") { Description = "Print JSON" };

    /// <summary>SPEC.json.</summary>
    internal static Argument<FileInfo> Spec() =>
        new("SPEC.json") { Description = "Specification of a sweep, as in docs/sweeps.md" };

    /// <summary>The text of a specification file.</summary>
    /// <exception cref="CommandException">There is no such file, or it is far too large.</exception>
    internal static string ReadSpec(FileInfo file)
    {
        if (!file.Exists)
            throw new CommandException($"There is no file \"{file.FullName}\".");
        if (file.Length > SweepSpecJson.MaxLength * 4L)
            throw new CommandException(
                $"\"{file.FullName}\" is {file.Length:N0} bytes long; that is no specification."
            );
        return File.ReadAllText(file.FullName);
    }
}
