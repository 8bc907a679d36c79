using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>The models page: how fast the zoo is here.</summary>
public sealed class ModelsTests(Theatre theatre) : BrowserTest(theatre)
{
    private const string Model = "efficientnet_tiny_stride8";
    private const int LaptopWidth = 1280;

    // No trial of another journey may train beside a measurement.
    protected override bool OwnDashboard => true;

    [Fact]
    public async Task A_small_model_is_measured_from_the_page_and_its_number_stays_with_its_date()
    {
        await Page.SetViewportSizeAsync(LaptopWidth, 900);
        await GoAsync("/models");
        await Assertions.Expect(Page.GetByText("Nothing has been measured here yet.")).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = $"Measure {Model}" }).ClickAsync();

        var measuring = Page.GetByRole(AriaRole.Region, new() { Name = "Measurement" });
        await Assertions.Expect(measuring).ToContainTextAsync(Model);
        var measured = Page.GetByText(
            new Regex("1 of [0-9]+ measured on ", RegexOptions.None, TimeSpan.FromSeconds(1))
        );
        await Assertions.Expect(measured).ToBeVisibleAsync();
        await Assertions.Expect(measured).ToContainTextAsync($"{DateTime.UtcNow:yyyy-MM-dd}");
        await Assertions.Expect(measuring).ToHaveCountAsync(0);
        var latency = Page.Locator("tbody tr").Filter(new() { HasText = Model }).GetByTitle("passes over 1 image");
        await Assertions.Expect(latency).ToContainTextAsync(" ms");
        var shown = await latency.TextContentAsync();

        await GoAsync("/models"); // kept, not only on the page

        await Assertions.Expect(latency).ToHaveTextAsync(shown!);
        var pages = new PageSet(Page, Dashboard);
        (await pages.OverflowAsync()).ShouldBe(0);
        foreach (var theme in new[] { "light", "dark" })
        {
            await pages.ChooseThemeAsync(theme);
            var sight = new Sight("models-measured", "/models");
            await pages.OpenAsync(sight);
            await Assertions.Expect(measured).ToBeVisibleAsync();
            await PictureAsync($"{sight.Name}-{theme}");
            (await pages.ViolationsAsync(sight)).ShouldBeEmpty();
        }
        // The table is wider than a laptop: it scrolls inside of its card, and the names stay.
        await Page.GetByRole(AriaRole.Columnheader, new() { Name = "What it is" }).ScrollIntoViewIfNeededAsync();
        (
            await Page.GetByRole(AriaRole.Gridcell, new() { Name = Model, Exact = true }).BoundingBoxAsync()
        )!.X.ShouldBeInRange(0, 100);
        await PictureAsync("models-measured-scrolled");
        (await pages.OverflowAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Measuring_everything_can_be_cancelled_and_leaves_the_page_as_it_was()
    {
        await GoAsync("/models");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Measure all" }).ClickAsync();
        await Assertions
            .Expect(Page.GetByText(new Regex("0 of [0-9]{2,} done", RegexOptions.None, TimeSpan.FromSeconds(1))))
            .ToBeVisibleAsync();
        await Assertions
            .Expect(Page.GetByRole(AriaRole.Button, new() { Name = $"Measure {Model}" }))
            .ToBeDisabledAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await Assertions.Expect(Page.GetByText("The measurement was cancelled.")).ToBeVisibleAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Measure all" })).ToBeEnabledAsync();
    }
}
