namespace SqsNet.Engine.Events;

/// <summary>What people have to say about a trial; takes the place of what they said before.</summary>
/// <param name="Tags">Words that trials are found by.</param>
/// <param name="Note">Any text.</param>
public sealed record TrialMarked(IReadOnlyList<string> Tags, string Note) : TrialEvent
{
    /// <summary>The longest tag, in characters.</summary>
    public const int LongestTag = 40;

    /// <summary>The most tags of a trial.</summary>
    public const int MostTags = 20;

    /// <summary>The longest note, in characters.</summary>
    public const int LongestNote = 10_000;

    /// <summary>Tags as they are kept: trimmed, each once, in alphabetical order.</summary>
    /// <exception cref="ArgumentException">There are too many, or one is too long or has a comma; the message says which.</exception>
    public static IReadOnlyList<string> Tidy(IEnumerable<string> tags)
    {
        string[] tidy =
        [
            .. tags.Select(tag => tag.Trim())
                .Where(tag => tag.Length > 0)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.OrdinalIgnoreCase),
        ];
        if (tidy.Length > MostTags)
            throw new ArgumentException($"A trial has at most {MostTags} tags; these are {tidy.Length}.", nameof(tags));
        if (Array.Find(tidy, tag => tag.Length > LongestTag) is { } tooLong)
            throw new ArgumentException(
                $"A tag has at most {LongestTag} characters; \"{tooLong[..LongestTag]}…\" has {tooLong.Length}.",
                nameof(tags)
            );
        if (Array.Find(tidy, tag => tag.Contains(',', StringComparison.Ordinal)) is { } two)
            throw new ArgumentException($"A comma stands between tags; \"{two}\" has one in it.", nameof(tags));
        return tidy;
    }
}
