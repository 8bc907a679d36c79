using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Live;

/// <summary>Writes down what people have to say about trials.</summary>
public sealed class TrialMarker(IEventLog log, TimeProvider clock)
{
    /// <summary>Gives a trial its tags and its note, in place of those that it had.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="tags">Words that it is found by.</param>
    /// <param name="note">Any text.</param>
    /// <param name="cancellationToken">Ends the wait until it is on the disk.</param>
    /// <exception cref="ArgumentException">A tag or the note is too long; the message says which.</exception>
    public async Task MarkAsync(
        TrialRecord trial,
        IEnumerable<string> tags,
        string note,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(note);
        if (note.Length > TrialMarked.LongestNote)
            throw new ArgumentException(
                $"A note has at most {TrialMarked.LongestNote} characters; this one has {note.Length}.",
                nameof(note)
            );
        var tidy = TrialMarked.Tidy(tags);
        if (tidy.SequenceEqual(trial.Tags) && note == trial.Note)
            return;
        log.Append(trial.Id, new TrialMarked(tidy, note) { At = clock.GetUtcNow() });
        await log.FlushAsync(cancellationToken);
    }
}
