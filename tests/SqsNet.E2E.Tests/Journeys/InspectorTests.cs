using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

public sealed class InspectorTests(Theatre theatre) : BrowserTest(theatre)
{
    private const string Picture = "(canvas) => canvas.toDataURL()";

    private const string Colors = """
        (canvas) => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          const colors = new Set();
          for (let i = 0; i < data.length; i += 4) colors.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
          return colors.size;
        }
        """;

    /// <summary>The maps in the order of their columns: R lies over the anchor.</summary>
    private static readonly string[] s_maps = ["r", "sAP", "sAN1", "sAN2"];

    [Fact]
    public async Task Four_faces_lie_under_the_maps_of_similarity_and_refinement()
    {
        await OpenAsync("");

        await Assertions.Expect(Columns).ToHaveCountAsync(4);
        for (var column = 0; column < 4; column++)
        {
            var faces = Columns.Nth(column).Locator("img");
            await Assertions.Expect(faces).ToHaveCountAsync(2);
            foreach (var face in await faces.AllAsync())
                (await face.EvaluateAsync<int>("image => image.decode().then(() => image.naturalWidth)")).ShouldBe(64);
            (await Map(column).EvaluateAsync<int>(Colors)).ShouldBeGreaterThan(1, "a map has more than one value");
        }
        await Assertions.Expect(Page.Locator(".inspector-title strong")).ToHaveTextAsync(["R", "SAP", "SAN1", "SAN2"]);
        await PictureAsync("inspector");
    }

    [Fact]
    public async Task Pointing_at_a_cell_reads_the_value_of_the_API_in_all_four_maps()
    {
        var trial = await OpenAsync("?epoch=2&quad=1");
        var maps = await Dashboard.Api.GetAsync($"/api/trials/{trial}/quads/1/maps?epoch=2");
        var (height, width) = ((int)maps["height"]!, (int)maps["width"]!);

        foreach (var (row, column) in new[] { (0, 0), (2, 5), (height - 1, width - 1) })
        {
            await PointAsync(Columns.Nth(1).Locator(".inspector-picture").Last, row, column, height, width);
            await Assertions
                .Expect(Page.Locator(".inspector-readout"))
                .ToContainTextAsync($"Row {row + 1}, column {column + 1}:");
            await Assertions.Expect(Page.Locator(".inspector-title output")).ToHaveTextAsync(Values(maps, row, column));
        }
    }

    [Fact]
    public async Task Arrow_keys_move_the_cell_and_escape_lets_go_of_it()
    {
        var trial = await OpenAsync("?epoch=1");
        var maps = await Dashboard.Api.GetAsync($"/api/trials/{trial}/quads/0/maps?epoch=1");
        await Page.Locator(".inspector-stage").FocusAsync();

        await Page.Keyboard.PressAsync("ArrowRight");
        await Page.Keyboard.PressAsync("ArrowDown");

        var (row, column) = (((int)maps["height"]! - 1) / 2 + 1, ((int)maps["width"]! - 1) / 2 + 1);
        await Assertions.Expect(Page.Locator(".inspector-title output")).ToHaveTextAsync(Values(maps, row, column));
        await Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Page.Locator(".inspector-title output").First).ToHaveTextAsync("");
    }

    [Fact]
    public async Task The_epoch_slider_and_the_play_button_show_the_maps_of_other_epochs()
    {
        await OpenAsync("");
        await Shown(4).WaitForAsync();
        var last = await Map(0).EvaluateAsync<string>(Picture);

        await Page.GetByLabel("Epoch", new() { Exact = true }).FillAsync("0");

        await Shown(0).WaitForAsync(); // before the first step
        (await Map(0).EvaluateAsync<string>(Picture)).ShouldNotBe(last);
        await AddressHoldsAsync("epoch=0");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Play the epochs" }).ClickAsync();
        await Shown(4).WaitForAsync();
        (await Map(0).EvaluateAsync<string>(Picture)).ShouldBe(last);
    }

    [Fact]
    public async Task Quads_opacity_and_drawing_can_be_chosen_and_stay_in_the_address()
    {
        await OpenAsync("");
        await Shown(4).WaitForAsync();
        var first = await Map(1).EvaluateAsync<string>(Picture);

        await Page.GetByRole(AriaRole.Button, new() { Name = "Next quad" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Cells" }).ClickAsync();
        await Page.GetByLabel("Opacity").FillAsync("30");

        await Assertions.Expect(Map(1)).ToHaveCSSAsync("opacity", "0.3");
        (await Map(1).EvaluateAsync<string>(Picture)).ShouldNotBe(first);
        foreach (var part in new[] { "quad=1", "blocky=", "opacity=30" })
            await AddressHoldsAsync(part);
    }

    private ILocator Columns => Page.Locator(".inspector-column");

    private ILocator Map(int column) => Columns.Nth(column).Locator("canvas.inspector-map");

    private ILocator Shown(int epoch) => Page.Locator($".inspector[data-epoch='{epoch}']");

    private async Task<long> OpenAsync(string query)
    {
        var trial = (await Theatre.TrainedAsync()).Trials[0];
        await GoAsync($"/trials/{trial}/inspector{query}");
        await Page.Locator(".inspector[data-epoch]").WaitForAsync();
        return trial;
    }

    private async Task PointAsync(ILocator picture, int row, int column, int height, int width)
    {
        await picture.ScrollIntoViewIfNeededAsync();
        var box = (await picture.BoundingBoxAsync())!;
        var (x, y) = ((column + 0.5f) / width * box.Width, (row + 0.5f) / height * box.Height);
        await picture.HoverAsync(
            new()
            {
                Position = new() { X = x, Y = y },
            }
        );
    }

    private static string[] Values(JsonNode maps, int row, int column) =>
        [
            .. s_maps.Select(map =>
                ((double)maps[map]![row]![column]!).ToString("F3", CultureInfo.InvariantCulture).Replace('-', '−')
            ),
        ];
}
