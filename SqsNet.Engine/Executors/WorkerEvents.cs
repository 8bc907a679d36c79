using System.Text;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Executors;

/// <summary>Reads a worker's events.jsonl while it grows.</summary>
/// <param name="path">The file; it may not be there yet.</param>
internal sealed class WorkerEvents(string path)
{
    private long _read;

    /// <summary>The last state that the worker wrote down since <see cref="Begin"/>; null for none.</summary>
    public StateChanged? State { get; private set; }

    /// <summary>Whether an event is one that workers write: states and decisions are the manager's.</summary>
    public static bool IsOfWorker(TrialEvent trialEvent) => trialEvent is not (StateChanged or PruningDecided);

    /// <summary>Takes in what an earlier worker wrote and nobody took, and makes ready for a new one.</summary>
    /// <param name="known">How many of the worker's events are known already.</param>
    /// <param name="sink">Gets the others.</param>
    /// <exception cref="InvalidDataException">A line is not an event.</exception>
    public void Begin(long known, IEventSink sink)
    {
        if (File.Exists(path))
        {
            foreach (var missed in JsonlEventSink.Read(path).Where(IsOfWorker).Skip((int)known))
                sink.Report(missed);
            // A torn last line is cut off by the next worker.
            _read = EndOfLastLine();
        }
        State = null;
    }

    /// <summary>Takes in the whole lines that have come since the last time.</summary>
    /// <exception cref="InvalidDataException">A line is not an event.</exception>
    public void Take(IEventSink sink)
    {
        if (!File.Exists(path))
            return;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length <= _read)
            return;
        file.Seek(_read, SeekOrigin.Begin);
        var bytes = new byte[file.Length - _read];
        file.ReadExactly(bytes);
        var whole = bytes.AsSpan(0, bytes.AsSpan().LastIndexOf((byte)'\n') + 1);
        _read += whole.Length;
        foreach (var line in Encoding.UTF8.GetString(whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var taken = JsonlEventSink.Parse(line, $"A line of {path}");
            if (taken is StateChanged changed)
                State = changed;
            else
                sink.Report(taken);
        }
    }

    /// <summary>How the worker said that the attempt ended; null when it did not get to say.</summary>
    public TrialOutcome? Outcome =>
        State is { State: not TrialState.Running } ended ? new(ended.State, ended.Message) : null;

    private long EndOfLastLine()
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return JsonlEventSink.EndOfLastWholeLine(file);
    }
}
