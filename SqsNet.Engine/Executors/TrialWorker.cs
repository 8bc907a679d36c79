using System.Globalization;
using System.Runtime.InteropServices;
using SqsNet.Engine.Data;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Executors;

/// <summary>A process that trains one trial for a dashboard: the other end of <see cref="ProcessExecutor"/>.</summary>
/// <remarks>
/// It reads "pause", "stop" or "prune" from its input. When the input ends its dashboard is gone: it halts at a checkpoint, and
/// whoever comes next goes on from there. Events go to events.jsonl in the trial's folder.
/// </remarks>
public static class TrialWorker
{
    /// <summary>How long a worker waits for an earlier one to leave the folder.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The arguments that make this program a worker.</summary>
    internal static IReadOnlyList<string> Arguments(string folder, EngineOptions options) =>
        ["trial", "run", folder, "--worker", "--data", options.DataDirectory, "--threads", $"{options.Threads}"];

    /// <summary>Whether a program was started as a worker. Every program that has an executor asks this first.</summary>
    public static bool Is(IReadOnlyList<string> args) => args is ["trial", "run", _, "--worker", ..];

    /// <summary>Trains the trial of a folder to its end, its pause or its stop.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <param name="commands">Where it is told to pause or to stop: the standard input.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextReader commands)
    {
        if (args is not ["trial", "run", var path, "--worker", "--data", var dataDirectory, "--threads", var threads])
            throw new ArgumentException("These are not the arguments of a worker.", nameof(args));
        var folder = new TrialFolder(path);
        var options = new EngineOptions
        {
            DataDirectory = dataDirectory,
            Device = folder.ReadDescription().Device,
            Threads = int.Parse(threads, CultureInfo.InvariantCulture),
        };
        var control = new TrialControl();
        // A terminal sends its interrupt to every process in it; the dashboard decides what becomes of its trials.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Halt);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Halt);
        using var lease = await WorkerLease.TakeAsync(path, Patience, CancellationToken.None).ConfigureAwait(false);
        _ = Task.Run(() => ListenAsync(commands, control));
        var executor = new InProcessExecutor(
            new TrialRunner(new DatasetRegistry(options), options, TimeProvider.System),
            new Lazy<DevicePool>(() => new DevicePool([options.Device]))
        );
        await Task.Run(() =>
                folder.Run(
                    (plan, sink, asked) => executor.ExecuteAsync(plan, sink, asked).GetAwaiter().GetResult(),
                    control,
                    TimeProvider.System
                )
            )
            .ConfigureAwait(false);
        return 0;

        void Halt(PosixSignalContext signal)
        {
            signal.Cancel = true;
            control.Pause();
        }
    }

    private static async Task ListenAsync(TextReader commands, TrialControl control)
    {
        while (await commands.ReadLineAsync().ConfigureAwait(false) is { } word)
        {
            if (word == SweepSpecJson.Word(ControlRequest.Stop))
                control.Stop();
            else if (word == SweepSpecJson.Word(ControlRequest.Prune))
                control.Prune();
            else
                control.Pause();
        }
        control.Pause();
    }
}
