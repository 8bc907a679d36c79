using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>Datasets, models, the machine, and what does not exist.</summary>
public sealed class OtherPagesTests(Theatre theatre) : BrowserTest(theatre)
{
    protected override bool MayComplain => true; // what does not exist is a failed request to the browser

    [Fact]
    public async Task Datasets_show_their_classes_with_faces_of_each()
    {
        await GoAsync("/datasets");
        var card = Page.GetByRole(AriaRole.Region, new() { Name = Theatre.Faces });
        var classes = (await Dashboard.Api.GetAsync($"/api/datasets/{Theatre.Faces}"))["classes"]!.AsArray();

        foreach (var name in classes)
        {
            var row = card.GetByRole(AriaRole.Row).Filter(new() { HasText = (string)name! });
            var face = row.GetByRole(AriaRole.Img).First;
            await face.ScrollIntoViewIfNeededAsync();
            (await face.EvaluateAsync<int>("image => image.decode().then(() => image.naturalWidth)")).ShouldBe(64);
        }
        await PictureAsync("datasets");
    }

    [Fact]
    public async Task An_import_says_what_is_wrong_with_a_folder_and_makes_a_dataset_of_a_good_one()
    {
        Directory.CreateDirectory(Path.Combine(Dashboard.ImportRoot, "nothing-inside"));
        await GoAsync("/datasets");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Import" }).ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Dialog);
        var import = dialog.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true });

        await dialog.GetByLabel("Kind").SelectOptionAsync("imagefolder");
        await Assertions.Expect(dialog.GetByLabel("Folder").Locator("option")).ToHaveTextAsync(["nothing-inside"]);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("empty");
        await import.ClickAsync();
        await Assertions.Expect(dialog.Locator(".sq-error")).ToContainTextAsync("nothing-inside");
        await PictureAsync("import");

        await dialog.GetByLabel("Kind").SelectOptionAsync("synthetic");
        await dialog.GetByLabel("Train").FillAsync("70");
        await dialog.GetByLabel("Validation").FillAsync("21");
        await dialog.GetByLabel("Test").FillAsync("21");
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Not A Name");
        await import.ClickAsync();
        await Assertions.Expect(dialog.Locator(".sq-error")).ToContainTextAsync("lower-case");

        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("drawn-here");
        await import.ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("112 faces of 7 classes");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();

        var card = Page.GetByRole(AriaRole.Region, new() { Name = "drawn-here" });
        await Assertions.Expect(card).ToContainTextAsync("112 faces");
        await card.GetByRole(AriaRole.Button, new() { Name = "Delete drawn-here" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete the dataset" }).ClickAsync();
        await Assertions.Expect(card).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_path_outside_of_the_import_roots_is_refused()
    {
        foreach (var path in new[] { "/etc", "../..", "no-such-folder" })
        {
            var body = new JsonObject
            {
                ["kind"] = "imagefolder",
                ["folder"] = path,
                ["name"] = "stolen",
            };
            var refusal = await Should.ThrowAsync<HttpRequestException>(Dashboard.Api.PostAsync("/api/datasets", body));
            refusal.Message.ShouldContain("must be a folder under an import root");
        }
    }

    [Fact]
    public async Task Models_can_be_sorted_by_their_size()
    {
        await GoAsync("/models");
        var rows = Page.Locator(".rz-data-grid tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync((await Dashboard.Api.GetAsync("/api/models")).AsArray().Count);

        await Page.GetByRole(AriaRole.Columnheader, new() { Name = "Parameters" }).ClickAsync();

        await Assertions.Expect(rows.First).ToContainTextAsync("swin_micro");
    }

    [Fact]
    public async Task The_system_page_tells_of_the_machine_and_the_store()
    {
        await GoAsync("/system");
        await Assertions
            .Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Machine" }))
            .ToContainTextAsync("cores");
        await Assertions
            .Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Store" }))
            .ToContainTextAsync("Last commit");
    }

    [Fact]
    public async Task The_theme_changes_at_a_click_and_stays_on_the_next_page()
    {
        await GoAsync("/system");
        var toggle = Page.GetByRole(AriaRole.Button, new() { Name = "Dark theme" });
        var light = await BackgroundAsync();

        await toggle.ClickAsync();

        await Assertions.Expect(toggle).ToHaveAttributeAsync("aria-pressed", "true");
        await Page.WaitForFunctionAsync("light => getComputedStyle(document.body).backgroundColor !== light", light);
        var dark = await BackgroundAsync();
        await GoAsync("/models");
        (await BackgroundAsync()).ShouldBe(dark);
        await Assertions.Expect(toggle).ToHaveAttributeAsync("aria-pressed", "true");

        await toggle.ClickAsync();
        await Page.WaitForFunctionAsync("dark => getComputedStyle(document.body).backgroundColor !== dark", dark);
        (await BackgroundAsync()).ShouldBe(light);
    }

    private Task<string> BackgroundAsync() =>
        Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    [Theory]
    [InlineData("/no-such-page", "Not found")]
    [InlineData("/sweeps/999999", "There is no sweep 999999")]
    [InlineData("/sweeps/999999/reports/metrics", "There is no report \"metrics\" of sweep 999999")]
    [InlineData("/trials/999999", "There is no trial 999999")]
    [InlineData("/trials/999999/inspector", "There is no trial 999999")]
    public async Task What_does_not_exist_says_so_and_leads_back(string path, string title)
    {
        await Page.GotoAsync(new Uri(Dashboard.Address, path).ToString());
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(title);
        // A page that stands in for another is still: it offers nothing that needs the server.
        await Assertions
            .Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Dark theme" }))
            .ToHaveCountAsync(path == "/no-such-page" ? 0 : 1);

        await Page.GetByRole(AriaRole.Link, new() { Name = "All sweeps" }).ClickAsync();

        await Assertions
            .Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Sweeps", Exact = true }))
            .ToBeVisibleAsync();
    }
}
