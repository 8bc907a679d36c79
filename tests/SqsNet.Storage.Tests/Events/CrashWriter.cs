using Microsoft.Extensions.Logging.Abstractions;
using SqsNet.Engine.Events;

namespace SqsNet.Storage.Tests.Events;

/// <summary>The process that the crash test kills: appends without end and says after each flush what is safe.</summary>
internal static class CrashWriter
{
    internal const string Verb = "crash-writer";

    internal static async Task<int> RunAsync(string dataDirectory)
    {
        using var database = SqsDatabase.Open(dataDirectory);
        var log = new EventLog(database, new ChangeFeed(), TimeProvider.System, NullLogger<EventLog>.Instance);
        var sweeps = new SweepStore(database, new ChangeFeed(), TimeProvider.System);
        var trials = await sweeps.ListTrialsAsync((await sweeps.ListSweepsAsync(default)).Single().Id, default);
        var step = trials[0].LastSeq;
        while (true)
        {
            for (var i = 0; i < 37; i++)
            {
                step++;
                foreach (var trial in trials)
                    log.Append(trial.Id, Event(trial.Id, step));
            }
            await log.FlushAsync(default);
            await Console.Out.WriteLineAsync($"{step}");
            await Console.Out.FlushAsync();
        }
    }

    internal static MetricsReported Event(long trialId, long step) =>
        Some.Step(step, ("train/loss", Value(trialId, step)), ("train/accuracy", step % 100 / 100.0));

    internal static double Value(long trialId, long step) => Math.Sin(step * 0.1) + trialId;
}
