namespace SqsNet.Web.Tests;

/// <summary>One dashboard for all tests of a class; each test uses sweeps of its own.</summary>
public sealed class SharedApp : IAsyncLifetime
{
    internal TestApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() => App = await TestApp.StartAsync();

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
