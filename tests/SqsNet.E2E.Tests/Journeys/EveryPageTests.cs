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

/// <summary>Whether the looks at every page see what is wrong.</summary>
public sealed class SharpEyesTests(Theatre theatre) : BrowserTest(theatre)
{
    [Fact]
    public async Task Pale_words_and_a_picture_without_a_text_are_found()
    {
        var pages = new PageSet(Page, Dashboard);
        var sight = new Sight("system", "/system");
        await pages.OpenAsync(sight);
        await Page.EvaluateAsync(
            """
            document.querySelector('main').insertAdjacentHTML('beforeend',
              '<p style="color:#eee;background:#fff">pale</p><img src="/favicon.svg">')
            """
        );

        var found = (await pages.ViolationsAsync(sight)).ToList();

        found.ShouldContain(violation => violation.StartsWith("system: serious: color-contrast"));
        found.ShouldContain(violation => violation.StartsWith("system: critical: image-alt"));
    }
}

/// <summary>The same, with an empty store.</summary>
public sealed class EveryPageOfAnEmptyStoreTests(Theatre theatre) : EveryPageTests(theatre)
{
    protected override bool OwnDashboard => true;

    protected override string Prefix => "empty-";

    protected override Task<IReadOnlyList<Sight>> SightsAsync() => Task.FromResult(PageSet.OfStore);
}
