using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>What holds of every page, with a finished sweep in the store.</summary>
public class EveryPageTests(Theatre theatre) : BrowserTest(theatre)
{
    private const int TabletWidth = 768;

    protected override bool MayComplain => true; // the page that does not exist is a failed request to the browser

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task No_page_violates_the_rules_of_accessibility(string theme)
    {
        await Pages.ChooseThemeAsync(theme);
        var violations = new List<string>();
        foreach (var sight in await SightsAsync())
        {
            await Pages.OpenAsync(sight);
            await PictureAsync($"{Prefix}{sight.Name}-{theme}");
            violations.AddRange(await Pages.ViolationsAsync(sight));
        }
        violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_page_is_wider_than_a_tablet()
    {
        await Page.SetViewportSizeAsync(TabletWidth, 1024);
        var wide = new List<string>();
        foreach (var sight in await SightsAsync())
        {
            await Pages.OpenAsync(sight);
            await PictureAsync($"{Prefix}{sight.Name}-tablet");
            if (await Pages.OverflowAsync() is var pixels and > 0)
                wide.Add($"{sight.Name}: {pixels} pixels too wide");
        }
        wide.ShouldBeEmpty();
    }

    /// <summary>The start of the pictures' names.</summary>
    protected virtual string Prefix => "";

    /// <summary>The pages.</summary>
    protected virtual async Task<IReadOnlyList<Sight>> SightsAsync() =>
        [.. PageSet.OfStore, .. PageSet.Always, .. PageSet.Of(await Theatre.TrainedAsync())];

    private PageSet Pages => new(Page, Dashboard);
}

/// <summary>The same, with an empty store.</summary>
public sealed class EveryPageOfAnEmptyStoreTests(Theatre theatre) : EveryPageTests(theatre)
{
    protected override bool OwnDashboard => true;

    protected override string Prefix => "empty-";

    protected override Task<IReadOnlyList<Sight>> SightsAsync() => Task.FromResult(PageSet.OfStore);
}
