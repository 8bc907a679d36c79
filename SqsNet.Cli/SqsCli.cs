using System.CommandLine;
using SqsNet.Cli.Commands;
using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;

namespace SqsNet.Cli;

/// <summary>The verbs without a browser.</summary>
public static class SqsCli
{
    /// <summary>Exit code: done.</summary>
    public const int Done = 0;

    /// <summary>Exit code: could not be done; standard error says why.</summary>
    public const int Failed = 1;

    /// <summary>Exit code: not a command of ours; standard error names the option.</summary>
    public const int BadUsage = 2;

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand(
            "SqsNet: train, sweep and report without a browser. `./sqsnet serve` starts the dashboard."
        )
        {
            TrainCommand.Create(output),
            SweepCommand.Create(output),
            EvalCommand.Create(output),
            ClassifyCommand.Create(output),
            ImportCommand.Create(output),
            ReportCommand.Create(output),
            ModelsCommand.Create(output),
            StoreCommand.Create(output),
            TrialCommand.Create(output),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors)
                await error.WriteLineAsync($"sqsnet: {problem.Message}");
            await error.WriteLineAsync(
                $"Try: ./sqsnet {string.Join(' ', args.TakeWhile(a => !a.StartsWith('-')).Take(1))} --help"
            );
            return BadUsage;
        }
        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromMinutes(2), // a running trial writes its checkpoint first
        };
        try
        {
            return await parsed.InvokeAsync(invocation);
        }
        catch (Exception refused) when (IsForPeople(refused))
        {
            await error.WriteLineAsync($"sqsnet: {refused.Message}");
            return refused is InvalidSpecException or UsageException ? BadUsage : Failed;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("sqsnet: interrupted");
            return Failed;
        }
    }

    // Messages of these were written for the person who typed the command; anything else is a defect and keeps its trace.
    private static bool IsForPeople(Exception e) =>
        e
            is InvalidSpecException
                or UsageException
                or CommandException
                or NotFoundException
                or DatasetException
                or IOException
                or InvalidDataException
                or IncompatibleDatabaseException
                or UnauthorizedAccessException;
}

/// <summary>What was asked cannot be done; the message says why and what would help.</summary>
internal sealed class CommandException(string message) : Exception(message);

/// <summary>An option's value makes no sense; the message names the option.</summary>
internal sealed class UsageException(string message) : Exception(message);
