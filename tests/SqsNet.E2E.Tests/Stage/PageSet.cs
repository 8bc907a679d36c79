using Deque.AxeCore.Commons;
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
    private static readonly string s_axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>Pages that show what the store holds, and say so where it is empty.</summary>
    public static IReadOnlyList<Sight> OfStore { get; } =
    [
        new("sweeps", "/"),
        new("new-sweep", "/sweeps/new"),
        new("datasets", "/datasets"),
        new("compare-nothing", "/compare"),
        new("inspect", "/inspect"),
        new("system", "/system"),
    ];

    /// <summary>Pages that are the same whatever the store holds.</summary>
    public static IReadOnlyList<Sight> Always { get; } =
    [
        new("import", "/datasets", Opens: "Import"),
        new("models", "/models"),
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
    /// <remarks>In the page itself: the package's own call opens another page for each look, which takes most of its time.</remarks>
    public async Task<IEnumerable<string>> ViolationsAsync(Sight sight)
    {
        const string look = """
            async () => {
              const { violations } = await axe.run(document, { resultTypes: ['violations'] });
              return violations
                .filter(({ impact }) => ['moderate', 'serious', 'critical'].includes(impact))
                .map(({ impact, id, help, nodes }) =>
                  `${impact}: ${id}: ${help}: ${nodes.slice(0, 3).map(({ html }) => html).join(' ')}`);
            }
            """;
        await page.EvaluateAsync(s_axe);
        return (await page.EvaluateAsync<string[]>(look)).Select(violation => $"{sight.Name}: {violation}");
    }

    /// <summary>Pixels by which the page is wider than its window.</summary>
    public Task<int> OverflowAsync() =>
        page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
