using Microsoft.JSInterop;

namespace SqsNet.Web.Live;

/// <summary>What a script makes inside a component's element: loaded and made once, told of changes, taken away at the end.</summary>
/// <param name="js">The browser.</param>
/// <param name="script">Name of the script in wwwroot/js, without its ending.</param>
/// <param name="maker">Its function that makes the part; the part has a function "dispose".</param>
public sealed class BrowserPart(IJSRuntime js, string script, string maker = "create") : IAsyncDisposable
{
    private IJSObjectReference? _module;
    private IJSObjectReference? _part;
    private bool _gone;

    /// <summary>Whether it is there and can be told of changes.</summary>
    public bool IsMade => _part is not null && !_gone;

    /// <summary>Loads the script and makes the part. Where the component went meanwhile, its element did, too: nothing stays.</summary>
    /// <param name="arguments">What the maker takes.</param>
    public async Task MakeAsync(params object?[] arguments)
    {
        _module = await js.InvokeAsync<IJSObjectReference>("import", $"./js/{script}.js");
        if (!_gone)
            _part = await _module.InvokeAsync<IJSObjectReference>(maker, arguments);
        if (_gone)
            await DisposeAsync();
    }

    /// <summary>Calls a function of the part; does nothing before it is made.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="arguments">What it takes.</param>
    public async Task TellAsync(string function, params object?[] arguments)
    {
        if (IsMade)
            await _part!.InvokeVoidAsync(function, arguments);
    }

    /// <summary>Asks a function of the part; the type's default before the part is made.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="arguments">What it takes.</param>
    public async Task<T?> AskAsync<T>(string function, params object?[] arguments) =>
        IsMade ? await _part!.InvokeAsync<T>(function, arguments) : default;

    public async ValueTask DisposeAsync()
    {
        _gone = true;
        var (part, module) = (_part, _module);
        (_part, _module) = (null, null);
        try
        {
            if (part is not null)
            {
                await part.InvokeVoidAsync("dispose");
                await part.DisposeAsync();
            }
            if (module is not null)
                await module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and the part with it.
        }
    }
}
