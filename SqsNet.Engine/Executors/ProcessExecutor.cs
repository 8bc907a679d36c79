using System.Diagnostics;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Executors;

/// <summary>Trains each trial in a process of its own, so that a crash in native code ends the trial and nothing else.</summary>
/// <remarks>
/// The worker is this very program, started as "trial run DIR --worker". It writes events to the trial's folder, which
/// are taken from there into the log: none is lost when this process ends, as the next one takes what is still unknown.
/// </remarks>
/// <param name="log">Tells how many events of a trial are known.</param>
/// <param name="devices">Devices to train on.</param>
/// <param name="options">Where trials are, and how a worker is started.</param>
/// <param name="clock">The time.</param>
public sealed class ProcessExecutor(IEventLog log, Lazy<DevicePool> devices, EngineOptions options, TimeProvider clock)
    : IExecutor
{
    private const int KeptLines = 20;
    private const int EventsAtOnce = 5000;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    /// <summary>Silence after which a worker is taken for dead; see <see cref="WorkerSilence"/>.</summary>
    internal static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    /// <inheritdoc/>
    public async Task<TrialOutcome> ExecuteAsync(TrialPlan plan, IEventSink sink, TrialControl control)
    {
        var folder = new TrialFolder(plan.Folder);
        // An earlier server's worker may still be on its way to its checkpoint; no two may train in one folder.
        using (
            await WorkerLease.TakeAsync(plan.Folder, TrialWorker.Patience, CancellationToken.None).ConfigureAwait(false)
        )
        {
            // Taken and given back: from here on the folder is the new worker's.
        }
        var events = new WorkerEvents(folder.EventsPath);
        events.Begin(await CountKnownAsync(plan.TrialId).ConfigureAwait(false), sink);
        using var lease = devices.Value.Take();
        folder.Describe(
            new TrialDescription
            {
                TrialId = plan.TrialId,
                Device = lease.Device,
                Spec = plan.Spec,
            }
        );
        using var worker = Start(plan.Folder);
        var lastLines = KeepLastLines(worker);
        var silence = new WorkerSilence(plan.Folder, s_look);
        var told = ControlRequest.None;
        while (!worker.HasExited)
        {
            if (control.Request != told)
                await TellAsync(worker, told = control.Request).ConfigureAwait(false);
            events.Take(sink);
            if (silence.Look() > LongestSilence)
            {
                worker.Kill(entireProcessTree: true);
                await worker.WaitForExitAsync().ConfigureAwait(false);
                return new(
                    TrialState.Failed,
                    $"The worker did not answer for {LongestSilence.TotalMinutes:0} minutes and was ended. Resume the trial to go on from its last checkpoint."
                );
            }
            await Task.Delay(s_look).ConfigureAwait(false);
        }
        await worker.WaitForExitAsync().ConfigureAwait(false); // also waits for its last lines
        events.Take(sink);
        if (events.Outcome is { } outcome)
            return outcome;
        WriteDown(lastLines, folder);
        events.Take(sink);
        return Crash(worker.ExitCode);
    }

    private async Task<long> CountKnownAsync(long trialId)
    {
        await log.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        var (known, after) = (0L, 0L);
        while (true)
        {
            var page = await log.ReadAsync(trialId, after, EventsAtOnce, CancellationToken.None).ConfigureAwait(false);
            if (page.Count == 0)
                return known;
            known += page.Count(stored => WorkerEvents.IsOfWorker(stored.Event));
            after = page[^1].Seq;
        }
    }

    private Process Start(string folder)
    {
        var program = options.Worker ?? OwnProgram();
        var start = new ProcessStartInfo(program[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in program.Skip(1).Concat(TrialWorker.Arguments(folder, options)))
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new InvalidOperationException("The worker could not be started.");
    }

    /// <summary>The program that this process is: a worker is always of the same version.</summary>
    private static IReadOnlyList<string> OwnProgram()
    {
        var assembly = System.Reflection.Assembly.GetEntryAssembly()!.Location;
        return assembly.Length == 0 ? [Environment.ProcessPath!] : [Environment.ProcessPath!, assembly];
    }

    private static Queue<string> KeepLastLines(Process worker)
    {
        var lines = new Queue<string>();
        void Keep(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is not { Length: > 0 } text)
                return;
            lock (lines)
            {
                lines.Enqueue(text);
                if (lines.Count > KeptLines)
                    lines.Dequeue();
            }
        }
        worker.OutputDataReceived += Keep;
        worker.ErrorDataReceived += Keep;
        worker.BeginOutputReadLine();
        worker.BeginErrorReadLine();
        return lines;
    }

    private static async Task TellAsync(Process worker, ControlRequest request)
    {
        try
        {
            await worker.StandardInput.WriteLineAsync(SweepSpecJson.Word(request)).ConfigureAwait(false);
            await worker.StandardInput.FlushAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has just ended by itself.
        }
    }

    /// <summary>Adds a dead worker's last lines to its events, in its stead.</summary>
    private void WriteDown(Queue<string> lastLines, TrialFolder folder)
    {
        if (lastLines.Count == 0)
            return;
        using var events = new JsonlEventSink(folder.EventsPath);
        var text = $"The worker's last lines:\n{string.Join('\n', lastLines)}";
        events.Report(new Logged(LogSeverity.Error, text) { At = clock.GetUtcNow() });
    }

    private static TrialOutcome Crash(int exitCode)
    {
        var how = exitCode switch
        {
            134 => "aborted (SIGABRT)",
            135 => "crashed (SIGBUS)",
            136 => "crashed (SIGFPE)",
            137 => "was killed (SIGKILL), most likely by the system for lack of memory",
            139 => "crashed (SIGSEGV)",
            _ => $"ended with exit code {exitCode}",
        };
        return new(
            TrialState.Failed,
            $"The worker {how}. Resume the trial to go on from its last checkpoint; its log has the worker's last lines."
        );
    }
}
