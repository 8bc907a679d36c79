using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SqsNet.Web.Live;

namespace SqsNet.Web.Forms;

/// <summary>What a form holds, kept in the browser's tab: a circuit that is given up takes the server's copy with it.</summary>
/// <remarks>A draft belongs to the address that it was written at: each preset, each sweep to start from has its own.</remarks>
public sealed partial class SweepDraft : IAsyncDisposable
{
    // Without a change, until the form is kept: not each letter of a word.
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(300);

    private readonly Departure _gone = new();
    private BrowserPart _tab = null!;
    private string _address = "";
    private bool _restored;
    private int _changes;

    [CascadingParameter]
    private FormSession Session { get; set; } = null!;

    /// <summary>Told when people want the form as its address gives it.</summary>
    [Parameter, EditorRequired]
    public EventCallback OnAfresh { get; set; }

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    protected override void OnInitialized()
    {
        _tab = new(Js, "draft");
        _address = Navigation.ToBaseRelativePath(Navigation.Uri).Split('#')[0];
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        await _tab.MakeAsync(_address);
        var draft = await _tab.AskAsync<string>("read");
        // Who has typed meanwhile goes on with that.
        if (draft is not null && !Session.HasChanged && Session.Form.LoadJson(draft) is null)
        {
            Session.Check();
            _restored = true;
            StateHasChanged();
        }
        Session.Checked += OnChecked;
        if (Session.HasChanged)
            OnChecked(); // also by what was typed before anybody listened
    }

    /// <summary>Forgets the draft: its sweep is launched, or nobody wants it.</summary>
    public async Task ForgetAsync()
    {
        _changes++; // nor is kept what was about to be
        try
        {
            await _tab.TellAsync("forget");
        }
        catch (Exception away) when (away is OperationCanceledException or JSDisconnectedException)
        {
            // The browser cannot be reached: the draft stays.
        }
    }

    private void OnChecked() => _ = InvokeAsync(KeepSoonAsync);

    private async Task KeepSoonAsync()
    {
        var change = ++_changes;
        try
        {
            await Task.Delay(s_rest, _gone.Token);
            if (change != _changes)
                return;
            if (Session.HasChanged)
                await _tab.TellAsync("keep", Session.Form.Json);
            else
                await _tab.TellAsync("forget");
        }
        catch (Exception away) when (away is OperationCanceledException or JSDisconnectedException)
        {
            // The page was left, or the browser cannot be reached: it has what was kept before.
        }
        catch (Exception failure)
        {
            await DispatchExceptionAsync(failure);
        }
    }

    private async Task StartAfreshAsync()
    {
        await ForgetAsync();
        await OnAfresh.InvokeAsync();
    }

    public ValueTask DisposeAsync()
    {
        Session.Checked -= OnChecked;
        _gone.Dispose();
        return _tab.DisposeAsync();
    }
}
