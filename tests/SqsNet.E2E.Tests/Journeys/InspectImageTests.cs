using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

public sealed class InspectImageTests(Theatre theatre) : BrowserTest(theatre)
{
    private const string Picture = "(canvas) => canvas.toDataURL()";

    [Fact]
    public async Task A_test_face_shows_the_APIs_probabilities_a_map_for_each_class_and_its_nearest_training_faces()
    {
        var trial = await OpenAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Take a test face" }).ClickAsync();
        await Mapped.WaitForAsync();
        await AddressHoldsAsync("face=");
        var face = int.Parse(new Uri(Page.Url).Query.Split("face=")[1], CultureInfo.InvariantCulture);

        var png = await Dashboard.Api.BytesAsync($"/api/datasets/{Theatre.Faces}/faces/{face}.png");
        var expected = await Dashboard.Api.ExplainAsync(trial, png, nearest: 12);
        await ShowsAsync(expected);
        await Assertions.Expect(Page.GetByText("· its label")).ToHaveCountAsync(1);

        var before = await Map.EvaluateAsync<string>(Picture);
        await Rows.Last.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(Rows.Last.GetByRole(AriaRole.Button)).ToHaveAttributeAsync("aria-pressed", "true");
        await Page.WaitForFunctionAsync(
            "([canvas, old]) => canvas.toDataURL() !== old",
            new object[] { await Map.ElementHandleAsync(), before }
        );

        // The question to the API has looked at all training faces; the next face finds them known.
        await Page.GetByRole(AriaRole.Button, new() { Name = "Next test face" }).ClickAsync();
        await AddressHoldsAsync($"face={face + 1}");
        await Assertions.Expect(Page.Locator(".explain-grid img")).ToHaveCountAsync(12);
        await PictureAsync("inspect-image");
    }

    [Fact]
    public async Task Another_trial_is_asked_about_the_same_picture()
    {
        var trained = await Theatre.TrainedAsync();
        var (one, other) = (trained.Trials[0], trained.Trials[2]);
        var chooser = Page.GetByLabel("Trial", new() { Exact = true });
        await GoAsync($"/inspect?trial={one}");
        var file = await Dashboard.Api.BytesAsync($"/api/datasets/{Theatre.Faces}/faces/3.png");
        await Page.Locator("input[type=file]")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "me.png",
                    MimeType = "image/png",
                    Buffer = file,
                }
            );
        await ShowsAsync(await Dashboard.Api.ExplainAsync(one, file, nearest: 0));

        await chooser.SelectOptionAsync($"{other}");

        await ShowsAsync(await Dashboard.Api.ExplainAsync(other, file, nearest: 0));
        await Mapped.WaitForAsync();

        // A face of the dataset stays in the address, too.
        await Page.GetByRole(AriaRole.Button, new() { Name = "Take a test face" }).ClickAsync();
        await AddressHoldsAsync($"trial={other}&face=");
        var face = int.Parse(new Uri(Page.Url).Query.Split("face=")[1], CultureInfo.InvariantCulture);
        var png = await Dashboard.Api.BytesAsync($"/api/datasets/{Theatre.Faces}/faces/{face}.png");
        await ShowsAsync(await Dashboard.Api.ExplainAsync(other, png, nearest: 0));

        await chooser.SelectOptionAsync($"{one}");

        await AddressHoldsAsync($"trial={one}&face={face}$");
        await ShowsAsync(await Dashboard.Api.ExplainAsync(one, png, nearest: 0));
        await Mapped.WaitForAsync();
        await Assertions.Expect(Page.GetByText("· its label")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task All_training_faces_are_looked_at_when_it_is_asked_for()
    {
        var trial = (await Theatre.TrainedAsync()).Trials[1];
        await GoAsync($"/inspect?trial={trial}");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Next test face" }).ClickAsync();
        await Mapped.WaitForAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Look at all training faces" }).ClickAsync();

        await Assertions.Expect(Page.Locator(".explain-grid img")).ToHaveCountAsync(12);
    }

    [Fact]
    public async Task A_file_or_a_pasted_picture_is_looked_at_and_its_part_can_be_moved_by_keys()
    {
        await OpenAsync();
        var png = await Dashboard.Api.BytesAsync($"/api/datasets/{Theatre.Faces}/faces/3.png");
        await Page.Locator("input[type=file]")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "me.png",
                    MimeType = "image/png",
                    Buffer = png,
                }
            );
        await Mapped.WaitForAsync();
        var first = await Rows.AllInnerTextsAsync();

        await Page.Locator(".picture-stage").FocusAsync();
        for (var i = 0; i < 6; i++)
            await Page.Keyboard.PressAsync("-");
        await Page.Keyboard.PressAsync("ArrowLeft");
        await Page.WaitForFunctionAsync("() => document.querySelector('.picture-range output').textContent === '70 %'");
        await Mapped.WaitForAsync();
        (await Rows.AllInnerTextsAsync()).ShouldNotBe(first);

        await Page.EvaluateAsync(
            """
            async (address) => {
              const file = new File([await (await fetch(address)).blob()], "pasted.png", { type: "image/png" });
              const clipboardData = new DataTransfer();
              clipboardData.items.add(file);
              document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
            }
            """,
            $"/api/datasets/{Theatre.Faces}/faces/3.png"
        );
        await Page.WaitForFunctionAsync(
            "() => document.querySelector('.picture-range output').textContent === '100 %'"
        );
        await Mapped.WaitForAsync();
        (await Rows.AllInnerTextsAsync()).ShouldBe(first);
    }

    [Fact]
    public async Task What_is_no_picture_is_refused_by_name_and_the_next_picture_is_taken()
    {
        await OpenAsync();
        await Page.Locator("input[type=file]")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "notes.txt",
                    MimeType = "text/plain",
                    Buffer = "not a picture"u8.ToArray(),
                }
            );
        await Assertions.Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("\"notes.txt\" is not a picture");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Take a test face" }).ClickAsync();
        await Mapped.WaitForAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_page_takes_the_best_trial_by_itself_and_any_other_by_choice()
    {
        var trained = await Theatre.TrainedAsync();
        await GoAsync("/inspect");
        var chooser = Page.GetByLabel("Trial", new() { Exact = true });
        await chooser.WaitForAsync();
        await Page.GetByLabel("Sweep", new() { Exact = true }).SelectOptionAsync($"{trained.Sweep}");
        await AddressHoldsAsync("trial=");
        foreach (var trial in trained.Trials)
        {
            await chooser.SelectOptionAsync($"{trial}");
            await AddressHoldsAsync($"trial={trial}$");
            await Assertions
                .Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Open the trial" }))
                .ToHaveAttributeAsync("href", $"/trials/{trial}");
        }
    }

    private ILocator Mapped => Page.Locator(".picture[data-mapped=yes]");

    private ILocator Map => Page.Locator(".picture canvas.inspector-map");

    private ILocator Rows => Page.Locator(".explain-classes tbody tr");

    private async Task<long> OpenAsync()
    {
        var trial = (await Theatre.TrainedAsync()).Trials[0];
        await GoAsync($"/trials/{trial}?view=image");
        await Page.Locator(".picture-stage").WaitForAsync();
        return trial;
    }

    /// <summary>Waits until the page shows what the API says of a picture, class by class.</summary>
    private async Task ShowsAsync(JsonNode expected)
    {
        var classes = expected["classes"]!.AsArray().Select(name => (string)name!).ToList();
        var order = Enumerable
            .Range(0, classes.Count)
            .OrderByDescending(k => (double)expected["probabilities"]![k]!)
            .ToList();
        await Assertions.Expect(Rows).ToHaveCountAsync(classes.Count);
        for (var row = 0; row < order.Count; row++)
        {
            var cells = Rows.Nth(row).Locator("td.sq-num");
            await Assertions.Expect(Rows.Nth(row).Locator("th")).ToContainTextAsync(classes[order[row]]);
            await Assertions.Expect(cells.Nth(0)).ToHaveTextAsync(Percent(expected["probabilities"]![order[row]]));
            await Assertions.Expect(cells.Nth(1)).ToHaveTextAsync(Percent(expected["probabilitiesTta"]![order[row]]));
        }
    }

    private static string Percent(JsonNode? share) =>
        ((double)share! * 100).ToString("F2", CultureInfo.InvariantCulture) + " %";
}
