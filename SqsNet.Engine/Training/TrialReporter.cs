using SqsNet.Engine.Events;

namespace SqsNet.Engine.Training;

/// <summary>Stamps a trial's events with the time and with its training time over all attempts.</summary>
/// <param name="sink">Where they go.</param>
/// <param name="clock">The time.</param>
internal sealed class TrialReporter(IEventSink sink, TimeProvider clock)
{
    private readonly long _started = clock.GetTimestamp();

    /// <summary>Training time of earlier attempts up to the checkpoint that this one goes on from, in seconds.</summary>
    public double SecondsBefore { get; set; }

    /// <summary>Training time of the trial so far, in seconds.</summary>
    public double Seconds => SecondsBefore + clock.GetElapsedTime(_started).TotalSeconds;

    public void Report(TrialEvent trialEvent) =>
        sink.Report(trialEvent with { At = clock.GetUtcNow(), Seconds = Seconds });

    public void Info(string text) => Report(new Logged(LogSeverity.Info, text));

    public void Warn(string text) => Report(new Logged(LogSeverity.Warning, text));
}
