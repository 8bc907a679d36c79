using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace SqsNet.E2E.Tests.Stage;

/// <summary>A page to look at.</summary>
/// <param name="Name">Its picture's name.</param>
/// <param name="Path">Its address.</param>
/// <param name="IsStill">Whether the page has no connection to the server: it stands in for one that does not exist.</param>
/// <param name="Opens">Name of a button that opens a dialog; null for none.</param>
public sealed record Sight(string Name, string Path, bool IsStill = false, string? Opens = null);

/// <summary>Looks at one page after the other.</summary>
/// <param name="page">The browser's page.</param>
/// <param name="dashboard">The dashboard.</param>
public sealed class PageSet(IPage page, Dashboard dashboard)
{
    /// <summary>Pages that need no data.</summary>
    public static IReadOnlyList<Sight> Always { get; } =
    [
        new("sweeps", "/"),
        new("new-sweep", "/sweeps/new"),
        new("datasets", "/datasets"),
        new("import", "/datasets", Opens: "Import"),
        new("compare-nothing", "/compare"),
        new("models", "/models"),
        new("inspect", "/inspect"),
        new("system", "/system"),
        new("not-found", "/no-such-page", IsStill: true),
        new("no-such-sweep", "/sweeps/999999"),
    ];

    /// <summary>Pages of a finished sweep.</summary>
    public static IReadOnlyList<Sight> Of(Trained trained) =>
        [
            new("sweep", $"/sweeps/{trained.Sweep}"),
            new(
                "compare",
                $"/compare?a={trained.Trials[0]},{trained.Trials[1]}&b={trained.Trials[2]},{trained.Trials[3]}"
            ),
            new("report", $"/sweeps/{trained.Sweep}/reports/metrics"),
            new("trial", $"/trials/{trained.Trials[0]}"),
            new("confusion", $"/trials/{trained.Trials[0]}?view=confusion"),
            new("inspector", $"/trials/{trained.Trials[0]}/inspector"),
            new("image", $"/trials/{trained.Trials[0]}?view=image"),
            new("specification", $"/trials/{trained.Trials[0]}?view=specification"),
            new("log", $"/trials/{trained.Trials[0]}?view=log"),
            new("fork", $"/trials/{trained.Trials[0]}", Opens: "Fork"),
        ];

    /// <summary>Chooses "light" or "dark" for every page to come.</summary>
    public Task ChooseThemeAsync(string theme) =>
        page.Context.AddCookiesAsync([
            new()
            {
                Name = "sqsnet-theme",
                Value = theme,
                Url = dashboard.Address.ToString(),
            },
        ]);

    /// <summary>Opens a page and waits until everything on it has come.</summary>
    public async Task OpenAsync(Sight sight)
    {
        await page.GotoAsync(new Uri(dashboard.Address, sight.Path).ToString());
        if (!sight.IsStill)
            await page.Locator(".live-status[data-state]")
                .WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await Assertions.Expect(page.Locator(".sq-skeleton")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator(".line-chart-host:not([data-ready])")).ToHaveCountAsync(0);
        if (sight.Opens is not { } button)
            return;
        await page.GetByRole(AriaRole.Button, new() { Name = button }).First.ClickAsync();
        await page.Locator("[role=dialog] :focus").WaitForAsync();
    }

    /// <summary>What axe finds on the page as it is, from moderate impact on.</summary>
    public async Task<IEnumerable<string>> ViolationsAsync(Sight sight)
    {
        var found = await page.RunAxe();
        return found
            .Violations.Where(v => v.Impact is "moderate" or "serious" or "critical")
            .Select(v =>
                $"{sight.Name}: {v.Impact}: {v.Id}: {v.Help}: {string.Join(" ", v.Nodes.Take(3).Select(n => n.Html))}"
            );
    }

    /// <summary>Pixels by which the page is wider than its window.</summary>
    public Task<int> OverflowAsync() =>
        page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
