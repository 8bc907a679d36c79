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

    [Fact]
    public async Task What_if_recomputes_maps_and_loss_at_once_and_stays_in_the_address()
    {
        var trial = await OpenAsync("?epoch=3&quad=2");
        var maps = await Dashboard.Api.GetAsync($"/api/trials/{trial}/quads/2/maps?epoch=3");
        var spec = (await Dashboard.Api.GetAsync($"/api/trials/{trial}"))["spec"]!["sqs"]!;
        var (tau, alpha, margin) = ((double)spec["tau"]!, (double)spec["alpha"]!, (double)spec["margin"]!);
        await Page.GetByText("What if τ, α, β, γ, m or λ were different?").ClickAsync();
        await Assertions.Expect(Loss("td:nth-child(2)")).ToHaveTextAsync(Number(LossOf(maps, s => s, margin)));

        await Page.GetByLabel("τ, exactly").FillAsync("0.3");
        await Page.GetByLabel("τ, exactly").PressAsync("Enter");
        await Page.GetByLabel("β, exactly").FillAsync("0.75");
        await Page.GetByLabel("β, exactly").PressAsync("Enter");

        // S at another τ is a power of S: exp(-d / τ') = exp(-d / τ)^(τ / τ').
        double Tried(double s) => Math.Pow(s, tau / 0.3);
        await Assertions.Expect(Loss("td:nth-child(3)")).ToHaveTextAsync(Number(LossOf(maps, Tried, margin)));
        await AddressHoldsAsync("try=beta(%3A|:)0.75(%3B|;)tau(%3A|:)0.3");
        await PointAsync(Columns.Nth(0).Locator(".inspector-picture").Last, 2, 3, 8, 8);
        var (p, n1, n2) = (At("sAP"), At("sAN1"), At("sAN2"));
        await Assertions
            .Expect(Page.Locator(".inspector-title output"))
            .ToHaveTextAsync([Number((alpha * p) - (0.75 * (n1 + n2))), Number(p), Number(n1), Number(n2)]);
        await PictureAsync("inspector-what-if");

        await Page.ReloadAsync();
        await Assertions.Expect(Loss("td:nth-child(3)")).ToHaveTextAsync(Number(LossOf(maps, Tried, margin)));
        await Page.GetByRole(AriaRole.Button, new() { Name = "As trained" }).ClickAsync();
        await Assertions.Expect(Page.Locator(".what-if-table th")).ToHaveCountAsync(2);

        double At(string map) => Tried((double)maps[map]![2]![3]!);
    }

    [Fact]
    public async Task Norms_and_attention_lie_over_each_of_the_four_faces()
    {
        var trial = await OpenAsync("");
        var maps = await Dashboard.Api.GetAsync($"/api/trials/{trial}/quads/0/maps?epoch=4");
        foreach (var (layer, kept) in new[] { ("Feature norm", "norms"), ("Attention", "attention") })
        {
            await Page.GetByRole(AriaRole.Button, new() { Name = layer }).ClickAsync();
            await AddressHoldsAsync("layer=");
            await PointAsync(Columns.Nth(2).Locator(".inspector-picture").Last, 4, 1, 8, 8);
            await Assertions
                .Expect(Page.Locator(".inspector-title output"))
                .ToHaveTextAsync([.. Enumerable.Range(0, 4).Select(i => Number((double)maps[kept]![i]![4]![1]!))]);
        }
    }

    [Fact]
    public async Task Quads_are_found_by_class_pinned_and_shown_again_in_another_trial()
    {
        var trained = await Theatre.TrainedAsync();
        await OpenAsync("");
        await Page.GetByLabel("Anchor and positive").SelectOptionAsync(new SelectOptionValue { Label = "fear" });
        await Page.GetByLabel("Negative 1").SelectOptionAsync(new SelectOptionValue { Label = "surprise" });
        await Page.GetByRole(AriaRole.Button, new() { Name = "Find quads" }).ClickAsync();
        var found = Page.GetByLabel("Quads that were found").GetByRole(AriaRole.Button);
        await Assertions.Expect(found).ToHaveCountAsync(12);
        await Assertions.Expect(found.First).ToContainTextAsync("fear, surprise,");
        await Page.GetByLabel("Quads that were found").ScrollIntoViewIfNeededAsync();
        await found.First.ClickAsync();
        await AddressHoldsAsync("faces=");
        await Assertions.Expect(Columns.Nth(0).Locator(".inspector-face")).ToContainTextAsync("fear");
        await Assertions.Expect(Page.Locator(".inspector-readout")).ToContainTextAsync("8 × 8 cells");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Pin", Exact = true }).ClickAsync();
        await Assertions.Expect(Page.Locator("#quad optgroup[label='Pinned'] option")).ToHaveCountAsync(1);
        await PictureAsync("inspector-quads");
        await GoAsync($"/trials/{trained.Trials[1]}/inspector");
        var pinned = Page.Locator("#quad optgroup[label='Pinned'] option");
        await Page.Locator("#quad").SelectOptionAsync(await pinned.GetAttributeAsync("value") ?? "");
        await Assertions.Expect(Columns.Nth(0).Locator(".inspector-face")).ToContainTextAsync("fear");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Pinned", Exact = true }).ClickAsync();
        await Assertions.Expect(pinned).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_same_quad_stands_beside_itself_in_the_other_trials()
    {
        var trained = await Theatre.TrainedAsync();
        await OpenAsync("?quad=1");
        var tiles = Page.Locator(".map-tile");
        await Assertions.Expect(tiles).ToHaveCountAsync(trained.Trials.Count);
        await Assertions.Expect(tiles.First).ToContainTextAsync("τ =");
        await Page.GetByRole(AriaRole.Button, new() { Name = "S_AP" }).ClickAsync();
        await Page.Locator(".map-grid[data-ready='sAP']").WaitForAsync();
        // Four faces of one's own are not kept by other trials; back at a kept quad the tiles are there again.
        await Page.GetByRole(AriaRole.Button, new() { Name = "Show these four" }).ClickAsync();
        await Assertions.Expect(tiles.First).ToBeHiddenAsync();
        await Page.Locator("#quad").SelectOptionAsync("1");
        await Assertions.Expect(tiles.First).ToBeVisibleAsync();
        await Assertions.Expect(tiles).ToHaveCountAsync(trained.Trials.Count);
        await tiles.Nth(2).ClickAsync();
        await AddressHoldsAsync($"/trials/{trained.Trials[2]}/inspector\\?quad=1");
        await ShowsMapsAsync(trained.Trials[2], quad: 1, column: 5);
        await Page.GoBackAsync();
        await AddressHoldsAsync($"/trials/{trained.Trials[0]}/inspector\\?quad=1");
        await ShowsMapsAsync(trained.Trials[0], quad: 1, column: 3);
        await Page.GoForwardAsync();
        await ShowsMapsAsync(trained.Trials[2], quad: 1, column: 6);
    }

    [Fact]
    public async Task Mean_maps_say_where_two_classes_differ()
    {
        await OpenAsync("");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Compute the mean maps" }).ClickAsync();
        await Page.Locator(".class-maps[data-ready]").WaitForAsync();
        await Assertions.Expect(Page.Locator(".class-maps-cell")).ToHaveCountAsync(28);
        await Page.Locator("[aria-label^='surprise and fear'], [aria-label^='fear and surprise']").ClickAsync();
        await Assertions.Expect(Page.Locator(".class-maps-large figcaption")).ToContainTextAsync("pairs of faces");
        await PictureAsync("inspector-classes");
    }

    [Fact]
    public async Task The_pictures_are_taken_away_with_what_they_are_of()
    {
        var trial = await OpenAsync("?epoch=2");
        var download = await Page.RunAndWaitForDownloadAsync(() =>
            Page.GetByRole(AriaRole.Button, new() { Name = "PNG" }).ClickAsync()
        );
        download.SuggestedFilename.ShouldBe($"trial-{trial}-quad-0.png");
        var path = Path.Combine(Repository.Screenshots, "inspector-plate.png");
        await download.SaveAsAsync(path);
        var size = await File.ReadAllBytesAsync(path);
        // Width and height stand in the header: four faces of 300 pixels, gaps and edges.
        (System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(size.AsSpan(16))).ShouldBe(1320);
    }

    private ILocator Loss(string cell) => Page.Locator($".what-if-table tr[data-row='loss'] {cell}");

    private static double LossOf(JsonNode maps, Func<double, double> change, double margin)
    {
        var (p, n1, n2) = (Values("sAP"), Values("sAN1"), Values("sAN2"));
        return p.Select((s, i) => Math.Max(0, margin + n1[i] - s) + Math.Max(0, margin + n2[i] - s)).Average();

        double[] Values(string map) =>
            [.. maps[map]!.AsArray().SelectMany(row => row!.AsArray()).Select(value => change((double)value!))];
    }

    private static string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture).Replace('-', '−');

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

    /// <summary>Looks at a cell of the last epoch's maps once the page is the trial's.</summary>
    private async Task ShowsMapsAsync(long trial, int quad, int column)
    {
        await Page.Locator($".map-tile[aria-current='true'][href^='/trials/{trial}/']").WaitForAsync();
        await Shown(4).WaitForAsync();
        var maps = await Dashboard.Api.GetAsync($"/api/trials/{trial}/quads/{quad}/maps?epoch=4");
        await PointAsync(Columns.Nth(1).Locator(".inspector-picture").Last, 2, column, 8, 8);
        await Assertions.Expect(Page.Locator(".inspector-title output")).ToHaveTextAsync(Values(maps, 2, column));
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
        [.. s_maps.Select(map => Number((double)maps[map]![row]![column]!))];
}
