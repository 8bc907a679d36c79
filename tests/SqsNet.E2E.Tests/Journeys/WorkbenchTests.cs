using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>The table of a sweep's trials, in a browser: everything that is chosen stands in the address.</summary>
public sealed partial class WorkbenchTests(Theatre theatre) : BrowserTest(theatre)
{
    [Fact]
    public async Task A_filtered_sorted_and_grouped_table_is_the_same_under_its_address_in_another_window()
    {
        var trained = await Theatre.TrainedAsync();
        await GoAsync($"/sweeps/{trained.Sweep}");
        await Assertions.Expect(Rows).ToHaveCountAsync(4);

        await Page.Locator("#where").PressSequentiallyAsync("tau=0.5,1 seed<1");
        await Assertions.Expect(Rows).ToHaveCountAsync(2);
        await Page.GetByRole(AriaRole.Button, new() { Name = "val/accuracy at best" }).ClickAsync();
        await Page.Locator(".sq-menu summary").ClickAsync();
        await Page.GetByLabel("Best epoch").CheckAsync();
        await Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Page.GetByLabel("Best epoch")).ToBeHiddenAsync();
        await Page.Locator("#group").SelectOptionAsync("sqs.tau");
        await Assertions.Expect(Page.Locator(".trial-group")).ToHaveCountAsync(2);
        await AddressHoldsAsync("group=sqs.tau");
        var shown = await TextAsync();
        shown.ShouldContain("Best epoch");
        await PictureAsync("workbench-table");

        var address = Page.Url;
        await GoAsync("/");
        await Page.GotoAsync(address);
        await LiveAsync();

        (await TextAsync()).ShouldBe(shown);
        await Assertions.Expect(Page.Locator("#where")).ToHaveValueAsync("tau=0.5,1 seed<1");
    }

    [Fact]
    public async Task Chosen_trials_are_those_of_the_curves_and_arrows_go_from_row_to_row()
    {
        var trained = await Theatre.TrainedAsync();
        await GoAsync($"/sweeps/{trained.Sweep}?lines=chosen");

        await Page.GetByLabel("Choose trial 1", new() { Exact = true }).FocusAsync();
        await Page.Keyboard.PressAsync("Space");
        await Page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(Page.GetByLabel("Choose trial 2", new() { Exact = true })).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("ArrowDown");
        await Page.Keyboard.PressAsync("Space");

        await AddressHoldsAsync("sel=1%2C3");
        await Assertions
            .Expect(Page.Locator("figure.line-chart figcaption"))
            .ToHaveTextAsync("val/accuracy of 2 trials out of 4");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Choose none" }).ClickAsync();
        await Assertions.Expect(Page).Not.ToHaveURLAsync(Selection());
    }

    private ILocator Rows => Page.Locator(".trial-table tbody tr:not(.trial-group)");

    private Task<string> TextAsync() => Page.Locator(".trial-table table").InnerTextAsync();

    [GeneratedRegex("sel=", RegexOptions.None, 1000)]
    private static partial Regex Selection();
}
