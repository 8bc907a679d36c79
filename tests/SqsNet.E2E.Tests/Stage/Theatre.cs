using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

[assembly: AssemblyFixture(typeof(Theatre))]
// Trials take both cores of a small machine: one journey after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace SqsNet.E2E.Tests.Stage;

/// <summary>What all journeys share: one Chromium, and one dashboard with a small dataset and a finished sweep.</summary>
public sealed class Theatre : IAsyncLifetime
{
    /// <summary>The small dataset of the shared dashboard.</summary>
    public const string Faces = "few-faces";

    private IPlaywright? _playwright;
    private Task<Dashboard>? _dashboard;
    private Task<Trained>? _trained;

    /// <summary>The browser.</summary>
    public IBrowser Browser { get; private set; } = null!;

    /// <summary>The shared dashboard; started when it is first asked for.</summary>
    public Task<Dashboard> DashboardAsync() => _dashboard ??= OpenAsync();

    /// <summary>A finished sweep of two configurations with two seeds each.</summary>
    public Task<Trained> TrainedAsync() => _trained ??= TrainAsync();

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = Chromium(),
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ],
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_dashboard is { IsCompletedSuccessfully: true })
            await _dashboard.Result.DisposeAsync();
        if (Browser is not null)
            await Browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private static async Task<Dashboard> OpenAsync()
    {
        var dashboard = await Dashboard.StartNewAsync();
        await dashboard.Api.DrawFacesAsync(Faces, train: 140, validation: 42, test: 42);
        return dashboard;
    }

    private async Task<Trained> TrainAsync()
    {
        var api = (await DashboardAsync()).Api;
        var sweep = await api.StartAsync(new(Faces, Epochs: 4, Faces: 96, [0.5, 1], [0, 1]));
        await api.WaitForStateAsync($"/api/sweeps/{sweep}", "completed");
        return new(sweep, [.. (await api.TrialsAsync(sweep)).Select(trial => (long)trial["id"]!)]);
    }

    /// <summary>Debian's Chromium: Playwright's own would have to be downloaded.</summary>
    private static string Chromium() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "chromium"))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(
            "Chromium is not installed. ./sqsnet test installs it; by hand: "
                + "sudo apt-get install --no-install-recommends chromium fonts-liberation"
        );
}

/// <summary>A finished sweep.</summary>
/// <param name="Sweep">Its id.</param>
/// <param name="Trials">Ids of its trials, by number.</param>
public sealed record Trained(long Sweep, IReadOnlyList<long> Trials);
