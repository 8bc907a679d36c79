using Microsoft.AspNetCore.Components;
using SqsNet.Engine;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;
using SqsNet.Web.Api;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Pages;

/// <summary>How the machine, the process and the store are.</summary>
public sealed partial class SystemStatus : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);
    private readonly Departure _gone = new();
    private SystemView? _system;

    [Inject]
    private EngineOptions Engine { get; set; } = null!;

    [Inject]
    private EventLog Log { get; set; } = null!;

    [Inject]
    private SqsDatabase Database { get; set; } = null!;

    [Inject]
    private SweepManager Manager { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    protected override void OnInitialized() => Read();

    protected override void OnAfterRender(bool firstRender)
    {
        // Not before the page is live: a prerendered one is never disposed of.
        if (firstRender)
            _ = FollowAsync();
    }

    private async Task FollowAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(s_interval, Clock);
            while (await timer.WaitForNextTickAsync(_gone.Token))
            {
                Read();
                StateHasChanged();
            }
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

    private void Read() => _system = SystemApi.Read(Engine, Log, Database, Manager, Clock);

    public void Dispose()
    {
        _gone.Dispose();
    }
}
