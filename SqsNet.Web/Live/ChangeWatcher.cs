using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Events;

namespace SqsNet.Web.Live;

/// <summary>
/// A component without markup that tells its page to read again: at once after the first change, then at most once per
/// interval while changes go on, and always once after the last of them.
/// </summary>
/// <example><c>&lt;ChangeWatcher SweepId="Id" OnChange="ReloadAsync" /&gt;</c></example>
public sealed class ChangeWatcher : ComponentBase, IDisposable
{
    private readonly Departure _gone = new();
    private IDisposable? _subscription;
    private int _state;
    private long _heardFrom;

    /// <summary>The sweep to watch, its trials included; null watches every sweep.</summary>
    [Parameter]
    public long? SweepId { get; set; }

    /// <summary>The trial to watch; null watches every trial.</summary>
    [Parameter]
    public long? TrialId { get; set; }

    /// <summary>The feed's count of rings before the page was read; a ring between that and the first render is told, too.</summary>
    [Parameter]
    public long? Since { get; set; }

    /// <summary>Shortest time between two calls.</summary>
    [Parameter]
    public TimeSpan Every { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>What to do on a change. The page is rendered afterwards.</summary>
    [Parameter, EditorRequired]
    public EventCallback OnChange { get; set; }

    [Inject]
    private ChangeFeed Feed { get; set; } = null!;

    protected override void OnAfterRender(bool firstRender)
    {
        // Subscribing only now leaves a prerendered page, which nobody disposes of, without a listener.
        if (firstRender)
        {
            _subscription = Feed.Subscribe(Heard);
            _heardFrom = Feed.Rings;
        }
        if (Since < _heardFrom)
            Tell();
    }

    private void Heard(Change change)
    {
        if ((SweepId ?? change.SweepId) != change.SweepId || (TrialId ?? change.TrialId) != change.TrialId)
            return;
        Tell();
    }

    private void Tell()
    {
        // 0 = idle, 1 = a loop runs, 2 = a loop runs and must go round once more.
        if (Interlocked.Exchange(ref _state, 2) == 0)
            _ = InvokeAsync(TellAsync);
    }

    private async Task TellAsync()
    {
        try
        {
            do
            {
                // Set before reading: a change during the read makes another round.
                Interlocked.Exchange(ref _state, 1);
                await OnChange.InvokeAsync();
                await Task.Delay(Every, _gone.Token);
            } while (Interlocked.CompareExchange(ref _state, 0, 1) != 1);
        }
        catch (OperationCanceledException) when (_gone.IsOver)
        {
            // The page is gone.
        }
        catch (Exception failure)
        {
            await DispatchExceptionAsync(failure);
        }
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _gone.Dispose();
    }
}
