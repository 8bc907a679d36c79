using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SqsNet.E2E.Tests.Stage;

/// <summary>A journey through the dashboard in a browser of its own: no cookie, no cache of another journey.</summary>
/// <remarks>A journey that fails leaves a picture, the browser's console and the server's log, and names them.</remarks>
public abstract class BrowserTest(Theatre theatre) : IAsyncLifetime
{
    /// <summary>How long something may take that the page does by itself, on a slow and busy machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How long something may take that trains.</summary>
    public static readonly TimeSpan Training = TimeSpan.FromMinutes(4);

    private readonly List<string> _console = [];
    private readonly List<string> _errors = [];
    private Dashboard? _own;

    /// <summary>What the journeys share.</summary>
    protected Theatre Theatre { get; } = theatre;

    /// <summary>The dashboard that this journey visits.</summary>
    protected Dashboard Dashboard { get; private set; } = null!;

    /// <summary>The page.</summary>
    protected IPage Page { get; private set; } = null!;

    /// <summary>Whether the journey has a dashboard of its own, with an empty store.</summary>
    protected virtual bool OwnDashboard => false;

    /// <summary>Whether the browser may complain: requests fail on journeys that cut the connection.</summary>
    protected virtual bool MayComplain => false;

    public async ValueTask InitializeAsync()
    {
        Dashboard = OwnDashboard ? _own = await Dashboard.StartNewAsync() : await Theatre.DashboardAsync();
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
        var context = await Theatre.Browser.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = 1440, Height = 900 },
                ReducedMotion = ReducedMotion.Reduce,
            }
        );
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        Page = await context.NewPageAsync();
        Page.Console += (_, message) => Heard(message.Type, message.Text);
        Page.PageError += (_, error) => Heard("error", error);
        await ArriveAsync();
    }

    /// <summary>How the journey begins.</summary>
    protected virtual Task ArriveAsync() => LogInAsync();

    /// <summary>Opens the printed link and waits until the page is live.</summary>
    protected async Task LogInAsync(Uri? link = null)
    {
        await Page.GotoAsync((link ?? Dashboard.Link).ToString());
        await LiveAsync();
    }

    /// <summary>Opens an address of the dashboard and waits until the page is live.</summary>
    protected async Task GoAsync(string path)
    {
        await Page.GotoAsync(new Uri(new Uri(Page.Url), path).ToString());
        await LiveAsync();
    }

    /// <summary>Waits until the server has taken the page over, so that clicks arrive.</summary>
    protected Task LiveAsync() =>
        Page.Locator(".live-status[data-state]").WaitForAsync(new() { State = WaitForSelectorState.Attached });

    /// <summary>Waits until the address holds a choice: it comes after the page has changed.</summary>
    protected Task AddressHoldsAsync(string part) =>
        Assertions.Expect(Page).ToHaveURLAsync(new Regex(part, RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)));

    /// <summary>Keeps a picture of the whole page as it is.</summary>
    protected async Task PictureAsync(string name)
    {
        const string seenIsDrawn = """
            () =>
              [...document.images].every((image) => image.complete) &&
              [...document.querySelectorAll('.line-chart-host')]
                .filter((host) => {
                  const { top, bottom } = (host.querySelector('.chart-plot') ?? host).getBoundingClientRect();
                  return top < innerHeight && bottom > 0;
                })
                .every(({ chart, dataset }) => chart && dataset.ready && (chart.plot || !chart.lines.length))
            """;
        // The window becomes as high as the page: what is drawn only where it is seen is drawn everywhere. What is drawn
        // may make the page higher.
        var window = Page.ViewportSize!;
        for (var height = window.Height; ; )
        {
            await Page.WaitForFunctionAsync(seenIsDrawn);
            var whole = await Page.EvaluateAsync<int>("document.documentElement.scrollHeight");
            if (whole <= height)
                break;
            await Page.SetViewportSizeAsync(window.Width, height = whole);
        }
        await WindowPictureAsync(name);
        await Page.SetViewportSizeAsync(window.Width, window.Height);
    }

    /// <summary>Keeps a picture of the window, whatever is still to come: without its server a page may never be whole.</summary>
    protected Task WindowPictureAsync(string name) =>
        Page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Screenshots, $"{name}.png") });

    public async ValueTask DisposeAsync()
    {
        var failed = TestContext.Current.TestState?.Result == TestResult.Failed;
        var evidence = failed ? await KeepEvidenceAsync() : null;
        await Page.Context.DisposeAsync();
        if (_own is not null)
            await _own.DisposeAsync();
        GC.SuppressFinalize(this);
        if (evidence is not null)
            throw new EvidenceException(evidence);
        if (!MayComplain)
            _errors.ShouldBeEmpty("the browser's console shows errors");
    }

    private void Heard(string kind, string text)
    {
        lock (_console)
        {
            _console.Add($"{kind}: {text}");
            // A warning of a file that does not have its hash: the browser loads it twice.
            if (kind == "error" || text.Contains("integrity", StringComparison.Ordinal))
                _errors.Add(text);
        }
    }

    private async Task<string> KeepEvidenceAsync()
    {
        var name = string.Concat(
            TestContext.Current.Test!.TestDisplayName.Split('.')[^1].Split(Path.GetInvalidFileNameChars())
        );
        var picture = Path.Combine(Repository.Evidence, $"{name}.png");
        var console = Path.Combine(Repository.Evidence, $"{name}.console.txt");
        await Page.ScreenshotAsync(new() { Path = picture, FullPage = true });
        await File.WriteAllTextAsync(console, $"{Page.Url}\n{string.Join('\n', _console)}\n");
        return $"Picture: {picture}\nConsole: {console}\nServer: {Dashboard.Log}";
    }
}

/// <summary>Names what was kept of a journey that failed.</summary>
public sealed class EvidenceException(string message) : Exception(message);
