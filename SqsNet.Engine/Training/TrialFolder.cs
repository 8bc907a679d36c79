using System.Text.Json;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Training;

/// <summary>What a trial's folder asks to be trained: the content of trial.json.</summary>
public sealed record TrialDescription
{
    /// <summary>The trial's id in the store that made the folder; 0 without one.</summary>
    public long TrialId { get; init; }

    /// <summary>Where to train: "cpu", "cuda", "cuda:1" or "auto".</summary>
    public string Device { get; init; } = "auto";

    /// <summary>What to train.</summary>
    public required TrialSpec Spec { get; init; }
}

/// <summary>
/// A trial on a disk, apart from any store: trial.json says what to train; events.jsonl, metrics.json, checkpoint/,
/// maps/ and best.safetensors are what comes of it. The only contract between a dashboard and a worker.
/// </summary>
/// <param name="path">The folder.</param>
public sealed class TrialFolder(string path)
{
    /// <summary>The folder, absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>What to train.</summary>
    public string DescriptionPath => System.IO.Path.Combine(Path, "trial.json");

    /// <summary>Everything that happened, one event a line.</summary>
    public string EventsPath => System.IO.Path.Combine(Path, "events.jsonl");

    /// <summary>What it adds up to, written when an attempt ends.</summary>
    public string MetricsPath => System.IO.Path.Combine(Path, "metrics.json");

    /// <summary>Makes the folder and its trial.json.</summary>
    /// <exception cref="InvalidOperationException">The folder already holds another trial.</exception>
    public static TrialFolder Create(string path, TrialDescription description)
    {
        var folder = new TrialFolder(path);
        var json = JsonSerializer.SerializeToUtf8Bytes(description, SweepSpecJson.Options);
        if (
            File.Exists(folder.DescriptionPath)
            && !File.ReadAllBytes(folder.DescriptionPath).AsSpan().SequenceEqual(json)
        )
            throw new InvalidOperationException(
                $"{folder.Path} already holds another trial; choose an empty folder or delete this one."
            );
        folder.Describe(description);
        return folder;
    }

    /// <summary>Writes trial.json, over an older one: the trial may train on another device than before.</summary>
    internal void Describe(TrialDescription description)
    {
        Directory.CreateDirectory(Path);
        DurableFile.Write(DescriptionPath, JsonSerializer.SerializeToUtf8Bytes(description, SweepSpecJson.Options));
    }

    /// <summary>Reads trial.json.</summary>
    /// <exception cref="FileNotFoundException">There is no trial.json.</exception>
    /// <exception cref="InvalidSpecException">It is not a trial; carries every problem.</exception>
    public TrialDescription ReadDescription() => SweepSpecJson.ParseDescription(File.ReadAllText(DescriptionPath));

    /// <summary>What the events so far add up to.</summary>
    public TrialSummary ReadSummary() =>
        File.Exists(EventsPath) ? TrialSummary.Of(JsonlEventSink.Read(EventsPath)) : new TrialSummary();

    /// <summary>Trains one attempt of the folder's trial on the calling thread; goes on from a checkpoint found there.</summary>
    /// <param name="run">What trains an attempt: the one call in which every executor ends.</param>
    /// <param name="control">Pause and stop.</param>
    /// <param name="clock">The time.</param>
    /// <param name="listener">Hears every event too, for a progress bar; null for none.</param>
    /// <returns>How the attempt ended.</returns>
    /// <exception cref="FileNotFoundException">There is no trial.json.</exception>
    /// <exception cref="InvalidSpecException">trial.json is not a trial; carries every problem.</exception>
    public TrialOutcome Run(
        Func<TrialPlan, IEventSink, TrialControl, TrialOutcome> run,
        TrialControl control,
        TimeProvider clock,
        IEventSink? listener = null
    )
    {
        var description = ReadDescription();
        var before = ReadSummary();
        var attempt = before.Attempts + 1;
        TrialOutcome outcome;
        using (var events = new JsonlEventSink(EventsPath))
        {
            IEventSink sink = listener is null ? events : new BothSinks(events, listener);
            var seconds = new LastSeconds(sink) { Seconds = before.Seconds };
            seconds.Become(new StateChanged(TrialState.Running, attempt), clock);
            outcome = run(
                new TrialPlan(description.TrialId, description.Spec, attempt, Path, description.Device),
                seconds,
                control
            );
            seconds.Become(new StateChanged(outcome.State, attempt, outcome.Message), clock);
        }
        DurableFile.Write(MetricsPath, JsonSerializer.SerializeToUtf8Bytes(ReadSummary(), SummaryOptions));
        return outcome;
    }

    private static JsonSerializerOptions SummaryOptions { get; } = new(TrialEventJson.Options) { WriteIndented = true };

    /// <summary>Gives changes of state the training time of the last event before them.</summary>
    private sealed class LastSeconds(IEventSink sink) : IEventSink
    {
        public double Seconds { get; set; }

        public void Report(TrialEvent trialEvent)
        {
            Seconds = trialEvent.Seconds;
            sink.Report(trialEvent);
        }

        public void Become(StateChanged changed, TimeProvider clock) =>
            sink.Report(changed with { At = clock.GetUtcNow(), Seconds = Seconds });
    }

    private sealed class BothSinks(IEventSink first, IEventSink second) : IEventSink
    {
        public void Report(TrialEvent trialEvent)
        {
            first.Report(trialEvent);
            second.Report(trialEvent);
        }
    }
}
