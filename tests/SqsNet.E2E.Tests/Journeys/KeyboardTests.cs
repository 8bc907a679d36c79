using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>The dashboard without a mouse.</summary>
public sealed class KeyboardTests(Theatre theatre) : BrowserTest(theatre)
{
    private const int MostStops = 200;

    /// <summary>The stop between a page's last and first: the focus is with the browser.</summary>
    private const string Browser = "the browser itself";

    private const string Focused = """
        (browser) => {
          const at = document.activeElement;
          return at === document.body ? browser : at.id || at.getAttribute('aria-label') || at.textContent.trim();
        }
        """;

    private const string IsOutlined = """
        () => {
          const style = getComputedStyle(document.activeElement);
          return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
        }
        """;

    [Fact]
    public async Task The_first_stop_of_a_page_leads_past_the_head_to_the_content()
    {
        await GoAsync("/datasets");
        await StopAtAsync(Browser); // what comes next is the page's first
        await Page.Keyboard.PressAsync("Tab");
        var skip = Page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" });
        await Assertions.Expect(skip).ToBeFocusedAsync();
        await Assertions.Expect(skip).ToBeInViewportAsync();

        await Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(Page.Locator("#content")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Tab");
        (
            await Page.EvaluateAsync<bool>("document.querySelector('#content').contains(document.activeElement)")
        ).ShouldBeTrue();
    }

    [Fact]
    public async Task A_sweep_is_described_and_launched_by_the_keyboard_alone()
    {
        await GoAsync("/sweeps/new");
        await TypeAtAsync("f-name", "by the keyboard alone");
        await StopAtAsync("f-dataset");
        await Page.Keyboard.TypeAsync(Theatre.Faces); // a list goes to what is typed
        await Assertions.Expect(Page.Locator("#f-dataset")).ToHaveValueAsync(Theatre.Faces);
        await StopAtAsync("f-sqs-tau-kind-List");
        await Page.Keyboard.PressAsync("Space");
        await TypeAtAsync("f-sqs-tau-values", "0.5, 1");
        await TypeAtAsync("f-training-epochs", "1");
        await TypeAtAsync("f-training-facesPerEpoch", "32");
        await TypeAtAsync("f-training-batchSize", "16");
        await TypeAtAsync("f-seeds", "0");
        await Assertions.Expect(Page.GetByTestId("trials")).ToHaveTextAsync("2");

        await StopAtAsync("Launch the sweep");
        await Page.Keyboard.PressAsync("Enter");

        await Assertions
            .Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 }))
            .ToHaveTextAsync("by the keyboard alone");
        await Assertions
            .Expect(Page.Locator(".sq-head .sq-pill"))
            .ToHaveTextAsync("completed", new() { Timeout = (float)Training.TotalMilliseconds });
    }

    [Fact]
    public async Task A_dialog_takes_the_focus_keeps_it_and_gives_it_back()
    {
        await GoAsync("/datasets");
        await StopAtAsync("Import");
        await Page.Keyboard.PressAsync("Enter");
        var dialog = Page.GetByRole(AriaRole.Dialog);
        var inside = dialog.Locator(":focus");
        await Assertions.Expect(inside).ToHaveCountAsync(1);

        for (var stop = 0; stop < 8; stop++)
        {
            await Page.Keyboard.PressAsync("Tab");
            (await inside.CountAsync()).ShouldBe(1);
        }
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).PressAsync("Enter");

        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Import" })).ToBeFocusedAsync();
    }

    [Fact]
    public async Task What_is_typed_into_a_dialog_that_has_just_opened_stays_in_its_field()
    {
        await GoAsync("/datasets");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Import" }).ClickAsync();
        var name = Page.GetByRole(AriaRole.Dialog).GetByLabel("Name", new() { Exact = true });

        await name.PressSequentiallyAsync("my-faces", new() { Delay = 100 });

        await Assertions.Expect(name).ToHaveValueAsync("my-faces");
        await Assertions.Expect(name).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Arrow_keys_go_through_a_long_table_past_what_was_drawn_at_first_and_back()
    {
        var many = new TinySweep(Theatre.Faces, Epochs: 1, Faces: 32, [0.5, 1], [.. Enumerable.Range(0, 60)]);
        var sweep = await Dashboard.Api.StartAsync(many with { Name = "many seeds" });
        await Dashboard.Api.PostAsync($"/api/sweeps/{sweep}/stop");
        await Dashboard.Api.WaitForStateAsync($"/api/sweeps/{sweep}", "stopped");
        await GoAsync($"/sweeps/{sweep}");
        var boxes = Page.Locator(".trial-scroll tbody input[type=checkbox]");
        await Assertions.Expect(Page.Locator(".trial-scroll[data-many]")).ToHaveCountAsync(1);
        await Assertions.Expect(Page.Locator(".live-status[data-state]")).ToBeAttachedAsync(); // the keys work
        await Assertions.Expect(boxes).ToHaveCountAsync(22); // none below those that fill the frame
        var first = (await boxes.First.GetAttributeAsync("id"))!;

        await boxes.First.FocusAsync();
        var seen = new HashSet<string> { first };
        for (var step = 0; step < 40; step++)
        {
            await Page.Keyboard.PressAsync("ArrowDown");
            seen.Add(await Page.EvaluateAsync<string>("document.activeElement.id"));
            await Assertions.Expect(Page.Locator(":focus")).ToBeInViewportAsync();
        }
        seen.Count.ShouldBeGreaterThan(30);

        for (var step = 0; step < 60; step++)
            await Page.Keyboard.PressAsync("ArrowUp");
        (await Page.EvaluateAsync<string>("document.activeElement.id")).ShouldBe(first);
    }

    private async Task TypeAtAsync(string id, string text)
    {
        await StopAtAsync(id);
        await Page.Keyboard.PressAsync("Control+A");
        await Page.Keyboard.TypeAsync(text);
        await Assertions.Expect(Page.Locator($"#{id}")).ToHaveValueAsync(text);
    }

    /// <summary>Presses Tab until something has the focus; every stop on the way must show that it has it.</summary>
    private async Task StopAtAsync(string idOrName)
    {
        for (var stop = 0; stop < MostStops; stop++)
        {
            await Page.Keyboard.PressAsync("Tab");
            var focused = await Page.EvaluateAsync<string>(Focused, Browser);
            if (focused != Browser)
                (await Page.EvaluateAsync<bool>(IsOutlined)).ShouldBeTrue($"'{focused}' shows that it has the focus");
            if (focused == idOrName)
                return;
        }
        throw new InvalidOperationException($"'{idOrName}' cannot be reached with Tab.");
    }
}
