using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Events;

namespace SqsNet.Web.Live;

/// <summary>
/// A page that shows what it has read from the store. The circuit that takes over the prerendered page begins with the
/// same reading, so that nothing is read twice and no placeholder shows in between.
/// </summary>
/// <typeparam name="T">What is read in one go.</typeparam>
public abstract class ReadingPage<T> : ComponentBase, IDisposable
    where T : class
{
    private int _asked;

    /// <summary>The key of what the prerendered page has read, for the circuit.</summary>
    [PersistentState]
    public string? ReadingKey { get; set; }

    [Inject]
    private ChangeFeed Changes { get; set; } = null!;

    [Inject]
    private Handover Handover { get; set; } = null!;

    /// <summary>What is shown; null until it is read.</summary>
    protected T? Reading { get; private set; }

    /// <summary>Changes that the store had told of before it was read: for the page's <see cref="ChangeWatcher"/>.</summary>
    protected long? Rings { get; private set; }

    /// <summary>Whether there is nothing at the page's address.</summary>
    protected bool IsMissing { get; private set; }

    /// <summary>Tells what still reads that the page has been left.</summary>
    protected Departure Gone { get; } = new();

    /// <summary>Reads what the address asks for; null where there is no such thing.</summary>
    protected abstract Task<T?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Whether a reading is of what the address asks for.</summary>
    protected abstract bool IsWanted(T reading);

    /// <summary>Works out what depends on the reading and on the rest of the address; after each reading and each change of the address.</summary>
    protected virtual void Follow(T reading) { }

    /// <summary>Reads again: something has changed.</summary>
    protected async Task ReadAgainAsync()
    {
        var (asked, rings) = (_asked, Changes.Rings);
        var reading = await ReadAsync(Gone.Token);
        if (asked != _asked)
            return; // the address has changed meanwhile
        IsMissing = reading is null;
        if (reading is not null)
            Show(reading, rings);
    }

    protected override async Task OnParametersSetAsync()
    {
        if (Reading is { } shown && IsWanted(shown))
        {
            Follow(shown);
            return;
        }
        _asked++;
        Reading = null;
        if (Handover.Take<Prerendered>(ReadingKey) is { } left && IsWanted(left.Reading))
            Show(left.Reading, left.Rings);
        else
            await ReadAgainAsync();
        if (!RendererInfo.IsInteractive && Reading is not null)
            ReadingKey = Handover.Leave(new Prerendered(Reading, Rings!.Value));
    }

    private void Show(T reading, long rings)
    {
        (Reading, Rings) = (reading, rings);
        Follow(reading);
    }

    public void Dispose()
    {
        Gone.Dispose();
        GC.SuppressFinalize(this);
    }

    private sealed record Prerendered(T Reading, long Rings);
}
