using Deque.AxeCore.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>What holds of every page, with a finished sweep in the store.</summary>
public sealed class EveryPageTests(Theatre theatre) : BrowserTest(theatre)
{
    private const int TabletWidth = 768;

    protected override bool MayComplain => true; // the page that does not exist is a failed request to the browser

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task No_page_has_a_serious_violation_of_accessibility(string theme)
    {
        await ChooseThemeAsync(theme);
        var violations = new List<string>();
        foreach (var (name, path) in await PagesAsync())
        {
            await GoAsync(path);
            await PictureAsync($"{name}-{theme}");
            var result = await Page.RunAxe();
            violations.AddRange(
                result
                    .Violations.Where(v => v.Impact is "serious" or "critical")
                    .Select(v => $"{path}: {v.Id}: {v.Help}: {string.Join(" ", v.Nodes.Select(n => n.Html).Take(3))}")
            );
        }
        violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_page_is_wider_than_a_tablet()
    {
        await Page.SetViewportSizeAsync(TabletWidth, 1024);
        var wide = new List<string>();
        foreach (var (_, path) in await PagesAsync())
        {
            await GoAsync(path);
            var width = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            if (width > TabletWidth)
                wide.Add($"{path}: {width} pixels");
        }
        wide.ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<(string Name, string Path)>> PagesAsync()
    {
        var trained = await Theatre.TrainedAsync();
        var trial = trained.Trials[0];
        return
        [
            ("sweeps", "/"),
            ("new-sweep", "/sweeps/new"),
            ("sweep", $"/sweeps/{trained.Sweep}"),
            ("trial", $"/trials/{trial}"),
            ("inspector", $"/trials/{trial}/inspector"),
            ("datasets", "/datasets"),
            ("models", "/models"),
            ("system", "/system"),
            ("not-found", "/no-such-page"),
        ];
    }

    private Task ChooseThemeAsync(string theme) =>
        Page.Context.AddCookiesAsync([
            new()
            {
                Name = "sqsnet-theme",
                Value = theme,
                Url = Dashboard.Address.ToString(),
            },
        ]);
}
