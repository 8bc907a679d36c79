using System.Text;
using System.Text.Json;
using SqsNet.Engine.Events;

namespace SqsNet.Engine.Training;

/// <summary>Appends events to a file, one JSON object a line, numbered by their lines.</summary>
/// <remarks>
/// Each line goes to the operating system at once, so it survives the process; a torn last line, which only a power cut
/// can leave, is cut off when the file is opened again.
/// </remarks>
public sealed class JsonlEventSink : IEventSink, IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file;

    /// <summary>Opens the file for appending; makes it if it is absent.</summary>
    public JsonlEventSink(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        _file.SetLength(EndOfLastWholeLine(_file));
        _file.Seek(0, SeekOrigin.End);
    }

    /// <inheritdoc/>
    public void Report(TrialEvent trialEvent)
    {
        var line = Encoding.UTF8.GetBytes(TrialEventJson.Serialize(trialEvent) + "\n");
        lock (_lock)
            _file.Write(line);
    }

    /// <summary>The events of a file, oldest first; a torn last line is left out.</summary>
    /// <exception cref="InvalidDataException">A whole line is not an event; the message names it.</exception>
    public static IEnumerable<TrialEvent> Read(string path)
    {
        var text = File.ReadAllText(path);
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < lines.Length; i++)
            yield return Parse(lines[i], $"Line {i + 1} of {path}");
    }

    /// <summary>The event of a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="place">Where it stands, for the message.</param>
    /// <exception cref="InvalidDataException">It is not an event.</exception>
    internal static TrialEvent Parse(string line, string place)
    {
        try
        {
            return TrialEventJson.Parse(line);
        }
        catch (Exception malformed) when (malformed is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"{place} is not an event: {malformed.Message}", malformed);
        }
    }

    /// <summary>Brings the file to disk and closes it.</summary>
    public void Dispose()
    {
        _file.Flush(flushToDisk: true);
        _file.Dispose();
    }

    /// <summary>Bytes up to the end of the last whole line.</summary>
    internal static long EndOfLastWholeLine(FileStream file)
    {
        var end = file.Length;
        while (end > 0)
        {
            file.Seek(end - 1, SeekOrigin.Begin);
            if (file.ReadByte() == '\n')
                break;
            end--;
        }
        return end;
    }
}
