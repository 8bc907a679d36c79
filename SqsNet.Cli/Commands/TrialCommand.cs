using System.CommandLine;
using SqsNet.Engine.Training;

namespace SqsNet.Cli.Commands;

/// <summary>trial run DIR: trains the trial that DIR/trial.json describes, as executors do; and what a server is asked of one.</summary>
internal static class TrialCommand
{
    internal static Command Create(TextWriter output)
    {
        var folder = new Argument<string>("DIR") { Description = "Folder with trial.json" };
        var data = CommonOptions.Data();
        var run = new Command(
            "run",
            "Train the trial that DIR/trial.json describes; go on from a checkpoint found there"
        )
        {
            folder,
            data,
        };
        run.SetAction(
            (parsed, cancellationToken) =>
            {
                var trial = new TrialFolder(parsed.GetRequiredValue(folder));
                if (!File.Exists(trial.DescriptionPath))
                    throw new CommandException($"There is no \"{trial.DescriptionPath}\".");
                return ForegroundTrial.RunAsync(trial, parsed.GetRequiredValue(data), output, cancellationToken);
            }
        );
        var command = new Command(
            "trial",
            "Run one as executors do; pause, resume, stop or fork one on a running server"
        )
        {
            run,
            ControlCommands.Fork(output),
        };
        foreach (var ask in ControlCommands.Create("trial", output))
            command.Subcommands.Add(ask);
        return command;
    }
}
