using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace SqsNet.Web.Components.Layout;

/// <summary>The frame of every page: where one is, where one can go, whether the numbers are live.</summary>
public sealed partial class MainLayout : IDisposable
{
    private ErrorBoundary? _boundary;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <summary>Address of the page without its fragment; a bare "#content" would go by the base address.</summary>
    private string Here => Navigation.Uri.Split('#')[0];

    private string Path => new Uri(Navigation.Uri).AbsolutePath;

    private bool IsSweeps => Path == Urls.Home || IsUnder(Urls.Sweeps) || IsUnder("/trials");

    private bool IsUnder(string root) => Path == root || Path.StartsWith(root + "/", StringComparison.Ordinal);

    private static string? Current(bool here) => here ? "page" : null;

    protected override void OnInitialized() => Navigation.LocationChanged += OnLocationChanged;

    // A page that failed must not keep the next one from being shown.
    protected override void OnParametersSet() => _boundary?.Recover();

    private void OnLocationChanged(object? sender, LocationChangedEventArgs change) => _ = InvokeAsync(StateHasChanged);

    private void Retry() => _boundary?.Recover();

    public void Dispose() => Navigation.LocationChanged -= OnLocationChanged;
}
