using System.Text;
using System.Text.Json;
using SqsNet.Engine.Events;

namespace SqsNet.Engine.Evaluation;

/// <summary>Looks at the test split from outside of the trial's own training, kept beside its weights.</summary>
/// <remarks>
/// A trial reports its own looks as events. A look by another process (<c>eval</c>) is one line more in looks.jsonl, the same
/// event: a process that holds the data directory need not be asked, and the note goes where the weights go.
/// </remarks>
public static class TestLooks
{
    /// <summary>Name of the file beside the weights.</summary>
    public const string FileName = "looks.jsonl";

    /// <summary>Notes a look.</summary>
    /// <param name="folder">Folder of the weights.</param>
    /// <param name="look">The look.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void Append(string folder, TestLooked look)
    {
        using var file = new FileStream(
            Path.Combine(folder, FileName),
            FileMode.Append,
            FileAccess.Write,
            FileShare.ReadWrite
        );
        // One write, so that lines of two processes do not mix.
        file.Write(Encoding.UTF8.GetBytes(TrialEventJson.Serialize(look) + "\n"));
        file.Flush(flushToDisk: true);
    }

    /// <summary>The looks that were noted in a folder, oldest first; a line that was cut short is passed over.</summary>
    public static IReadOnlyList<TestLooked> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return [];
        var looks = new List<TestLooked>();
        foreach (var line in File.ReadLines(path))
        {
            try
            {
                if (TrialEventJson.Parse(Encoding.UTF8.GetBytes(line)) is TestLooked look)
                    looks.Add(look);
            }
            catch (JsonException)
            {
                // Cut short by a crash while it was written: that look never came to a result.
            }
        }
        return looks;
    }
}
