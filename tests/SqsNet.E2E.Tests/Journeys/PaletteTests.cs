using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>Going elsewhere by the keyboard alone.</summary>
public sealed class PaletteTests(Theatre theatre) : BrowserTest(theatre)
{
    private ILocator Palette => Page.GetByRole(AriaRole.Dialog, new() { Name = "Go to" });

    private ILocator Options => Palette.GetByRole(AriaRole.Option);

    [Fact]
    public async Task Control_K_finds_a_sweep_by_letters_of_its_name_and_enter_goes_there()
    {
        var trained = await Theatre.TrainedAsync();
        var name = (string)(await Dashboard.Api.GetAsync($"/api/sweeps/{trained.Sweep}"))["spec"]!["name"]!;
        var exactly = new Regex($@"sweep {trained.Sweep}\b", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)); // and not sweep 10
        await GoAsync("/models");
        await OpenAsync();
        await Page.Keyboard.TypeAsync(name[..5].ToUpperInvariant());
        await Assertions.Expect(Options.Filter(new() { HasTextRegex = exactly })).ToHaveCountAsync(1);
        await PictureAsync("palette");
        while (!exactly.IsMatch(await Palette.Locator("[aria-selected=true]").InnerTextAsync()))
            await Page.Keyboard.PressAsync("ArrowDown");

        await Page.Keyboard.PressAsync("Enter");

        await AddressHoldsAsync($"/sweeps/{trained.Sweep}");
        await Assertions.Expect(Palette).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_number_goes_to_a_trial_and_escape_leaves_everything_as_it_was()
    {
        var trial = (await Theatre.TrainedAsync()).Trials[1];
        await GoAsync("/system");
        await OpenAsync();
        await Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Palette).ToBeHiddenAsync();
        await AddressHoldsAsync("/system");

        await OpenAsync();
        await Page.Keyboard.TypeAsync($"#{trial}");
        await Assertions.Expect(Options.First).ToContainTextAsync($"Trial {trial}");
        await Page.Keyboard.PressAsync("Enter");
        await AddressHoldsAsync($"/trials/{trial}");
    }

    private async Task OpenAsync()
    {
        await Page.Locator(".palette").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await Page.WaitForFunctionAsync("() => document.querySelector('.palette').dataset.ready");
        await Page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(Palette.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
    }
}
