using System.Collections.Concurrent;

namespace SqsNet.Web.Live;

/// <summary>
/// Keeps for a moment what a prerendered page has read, for the circuit that takes the page over: it shows the same at
/// once, where a second reading would show an empty page first.
/// </summary>
/// <param name="clock">Tells when a reading has waited too long.</param>
public sealed class Handover(TimeProvider clock)
{
    /// <summary>How long a reading waits for its circuit.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, (object Reading, DateTimeOffset Left)> _waiting = new();

    /// <summary>Leaves a reading.</summary>
    /// <returns>The key that takes it, once; hard to guess.</returns>
    public string Leave(object reading)
    {
        var now = clock.GetUtcNow();
        // Not every page gets a circuit: what nobody came for goes when the next page comes.
        foreach (var (old, (_, left)) in _waiting)
            if (now - left > Patience)
                _waiting.TryRemove(old, out _);
        var key = Guid.NewGuid().ToString("N");
        _waiting[key] = (reading, now);
        return key;
    }

    /// <summary>Takes a reading; null where there is none, or none of this type, or it has waited too long.</summary>
    /// <param name="key">What <see cref="Leave"/> gave; null takes nothing.</param>
    public T? Take<T>(string? key)
        where T : class =>
        key is not null && _waiting.TryRemove(key, out var waiting) && clock.GetUtcNow() - waiting.Left <= Patience
            ? waiting.Reading as T
            : null;
}
