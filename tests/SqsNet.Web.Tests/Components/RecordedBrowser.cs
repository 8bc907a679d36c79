using Microsoft.JSInterop;

namespace SqsNet.Web.Tests.Components;

/// <summary>One call that the browser was asked for.</summary>
internal sealed record BrowserCall(string Name, object?[] Arguments);

/// <summary>A browser that does nothing and remembers what it was asked.</summary>
internal sealed class RecordedBrowser : IJSRuntime, IJSObjectReference
{
    public List<BrowserCall> Calls { get; } = [];

    /// <summary>What functions answer, by name; those that are not here answer nothing.</summary>
    public Dictionary<string, object> Answers { get; } = [];

    /// <summary>What happens while a script is on its way; null for nothing.</summary>
    public Func<Task>? WhileImporting { get; set; }

    public IEnumerable<BrowserCall> Named(string name) => Calls.Where(call => call.Name == name);

    public async ValueTask<T> InvokeAsync<T>(string identifier, object?[]? args)
    {
        Calls.Add(new(identifier, args ?? []));
        if (identifier == "import" && WhileImporting is not null)
            await WhileImporting();
        if (Answers.TryGetValue(identifier, out var answer))
            return (T)answer;
        return typeof(T) == typeof(IJSObjectReference) ? (T)(object)this : default!;
    }

    public ValueTask<T> InvokeAsync<T>(string identifier, CancellationToken cancellationToken, object?[]? args) =>
        InvokeAsync<T>(identifier, args);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
