namespace SqsNet.Web.Live;

/// <summary>Tells what a component still reads that its page has been left.</summary>
/// <remarks>
/// A source of cancellation of which the token can be asked for after it was disposed of, where
/// <see cref="CancellationTokenSource.Token"/> throws: a component is disposed of while it waits for a read, and asks for
/// the token of the next one when it comes back.
/// </remarks>
public sealed class Departure : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    /// <summary>A component that is on its page.</summary>
    public Departure() => Token = _source.Token;

    /// <summary>Cancelled once the page has been left.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether the page has been left.</summary>
    public bool IsOver => Token.IsCancellationRequested;

    /// <summary>Says that the page has been left. A second time does nothing.</summary>
    public void Dispose()
    {
        if (IsOver)
            return;
        _source.Cancel();
        _source.Dispose();
    }
}
