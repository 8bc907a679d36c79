using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace SqsNet.Web.Components.Shared;

/// <summary>Choices of a page that are kept in the query of its address.</summary>
/// <remarks>
/// A new address comes back by way of the browser. A choice that follows another at once builds on the address that was
/// asked for last, not on the one that still stands, or the first choice would be lost.
/// </remarks>
public sealed class PageQuery : IDisposable
{
    private readonly NavigationManager _navigation;
    private string? _asked;

    public PageQuery(NavigationManager navigation)
    {
        _navigation = navigation;
        _navigation.LocationChanged += Arrived;
    }

    /// <summary>Sets values of the query, without a step in the browser's history; null removes one.</summary>
    public void Set(params (string Name, object? Value)[] values)
    {
        _asked = _navigation.GetUriWithQueryParameters(
            _asked ?? _navigation.Uri,
            values.ToDictionary(v => v.Name, v => v.Value)
        );
        _navigation.NavigateTo(_asked, replace: true);
    }

    public void Dispose() => _navigation.LocationChanged -= Arrived;

    private void Arrived(object? sender, LocationChangedEventArgs change)
    {
        if (_asked is not null && (change.Location == _asked || PathOf(change.Location) != PathOf(_asked)))
            _asked = null;
    }

    private static string PathOf(string address) => new Uri(address).AbsolutePath;
}
