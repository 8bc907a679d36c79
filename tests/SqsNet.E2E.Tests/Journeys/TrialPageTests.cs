using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

public sealed partial class TrialPageTests(Theatre theatre) : BrowserTest(theatre)
{
    private static readonly char[] s_space = [' ', '\n', '\t'];

    [Fact]
    public async Task An_epoch_that_is_clicked_in_a_curve_is_that_of_the_confusion_matrix_and_the_inspector()
    {
        var trial = (await Theatre.TrainedAsync()).Trials[0];
        await GoAsync($"/trials/{trial}");
        var plot = Page.Locator(".chart-plot .u-over").First;
        await Page.Locator(".line-chart-host[data-ready]").First.WaitForAsync();
        var box = (await plot.BoundingBoxAsync())!;
        // Four epochs over steps: the middle is the end of the second.
        await plot.ClickAsync(
            new()
            {
                Position = new() { X = box.Width / 2, Y = box.Height / 2 },
            }
        );

        await AddressHoldsAsync("epoch=2");
        await Assertions.Expect(Page.Locator("#cursor ~ output")).ToContainTextAsync("2");
        await PictureAsync("epoch-cursor");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Confusion" }).ClickAsync();
        await Assertions.Expect(Page.Locator(".epochs output")).ToContainTextAsync("2");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Similarity inspector" }).ClickAsync();
        await Page.Locator(".inspector[data-epoch='2']").WaitForAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Curves" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Show the latest" }).ClickAsync();
        await Assertions
            .Expect(Page)
            .Not.ToHaveURLAsync(new Regex("epoch=", RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Curves_show_every_stored_point_of_a_finished_trial()
    {
        var trial = await OpenAsync("");
        var loss = new Chart(Page, "Loss");
        await loss.WaitForPointsAsync(24 + 4); // four epochs of six steps, and four validations

        foreach (var metric in new[] { "train/loss", "val/loss" })
        {
            var curve = await loss.CurveAsync(trial, metric);
            curve.Points.ShouldBe(await Dashboard.Api.SeriesAsync(trial, metric));
            curve.Drawn.ShouldBe(curve.Steps.Count);
        }
        (await loss.PixelsAsync()).ShouldBeGreaterThan(100);
        await PictureAsync("trial");
    }

    [Fact]
    public async Task A_first_epoch_is_a_dot_that_can_be_seen()
    {
        var api = Dashboard.Api;
        var sweep = await api.StartAsync(new(Theatre.Faces, Epochs: 1, Faces: 32, [0.5], [0]) { Name = "one epoch" });
        await api.WaitForStateAsync($"/api/sweeps/{sweep}", "completed");
        await GoAsync($"/sweeps/{sweep}");

        var accuracy = new Chart(Page, "val/accuracy");
        await accuracy.WaitForPointsAsync(1);

        (await accuracy.PixelsAsync()).ShouldBeInRange(10, 100);
        await PictureAsync("one-epoch");
    }

    [Fact]
    public async Task A_chart_can_be_read_over_epochs_on_a_logarithm_and_smoothed_and_hides_a_line()
    {
        await OpenAsync("");
        var loss = new Chart(Page, "Loss");
        await loss.WaitForPointsAsync(28);

        await loss.Figure.GetByLabel("Horizontal axis").SelectOptionAsync("epoch");
        await loss.Figure.GetByLabel("log", new() { Exact = true }).CheckAsync();
        await loss.Figure.GetByLabel("smooth").FillAsync("0.5");
        await loss.Figure.GetByLabel("smooth").BlurAsync();
        await Assertions.Expect(loss.Figure.GetByRole(AriaRole.Img)).ToHaveAccessibleNameAsync(OverEpochs());
        await loss.WaitForPointsAsync(2 * 28); // the raw lines and the smoothed ones

        await loss.Figure.GetByLabel("smooth").FillAsync("0");
        await loss.Figure.GetByLabel("smooth").BlurAsync();
        await loss.Figure.GetByRole(AriaRole.Button, new() { Name = "val/loss" }).ClickAsync();
        await Assertions
            .Expect(loss.Figure.GetByRole(AriaRole.Button, new() { Name = "val/loss" }))
            .ToHaveAttributeAsync("aria-pressed", "false");
    }

    [Fact]
    public async Task The_confusion_matrix_has_the_counts_and_row_shares_of_the_API_and_follows_the_epoch_slider()
    {
        var trial = await OpenAsync("?view=confusion");
        var best = await ConfusionAsync(trial, epoch: null);
        await Assertions.Expect(Matrix).ToBeVisibleAsync();
        (await CellsAsync()).ShouldBe(Counts(best));

        var slider = Page.GetByLabel("Epoch", new() { Exact = true });
        foreach (var (epoch, index) in best["epochs"]!.AsArray().Select((epoch, index) => ((int)epoch!, index)))
        {
            await slider.FillAsync($"{index}");
            await Assertions.Expect(Matrix.Locator("caption")).ToContainTextAsync($"epoch {epoch}:");
            (await CellsAsync()).ShouldBe(Counts(await ConfusionAsync(trial, epoch)));
        }
        await AddressHoldsAsync("epoch=4");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Row %" }).ClickAsync();
        await Assertions
            .Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Row %" }))
            .ToHaveAttributeAsync("aria-pressed", "true");
        (await CellsAsync()).ShouldBe(Shares(await ConfusionAsync(trial, 4)));
        await PictureAsync("confusion");
    }

    [Fact]
    public async Task Precision_recall_and_F1_of_each_class_follow_from_the_matrix()
    {
        var trial = await OpenAsync("?view=confusion");
        var matrix = Rows(await ConfusionAsync(trial, epoch: null));
        var rows = Page.GetByRole(AriaRole.Region, new() { Name = "By class" }).Locator("tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(matrix.Length);

        for (var k = 0; k < matrix.Length; k++)
        {
            var hits = matrix[k][k];
            var precision = Share(hits, matrix.Sum(row => row[k]));
            var recall = Share(hits, matrix[k].Sum());
            var f1 = precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
            var cells = await rows.Nth(k).Locator("td.sq-num").AllInnerTextsAsync();
            cells.Take(3).ShouldBe([Percent(precision, "F2"), Percent(recall, "F2"), Percent(f1, "F2")]);
        }
    }

    [Fact]
    public async Task The_specification_tells_what_varied_and_what_differs_from_the_defaults()
    {
        await OpenAsync("?view=specification");
        var tau = Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "sqs.tau" });
        await Assertions.Expect(tau).ToContainTextAsync("varied");
        await Assertions.Expect(tau.Locator("td").First).ToHaveTextAsync("0.5");
        var all = await Page.Locator("main tbody tr").CountAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Different ones" }).ClickAsync();

        await Assertions.Expect(Page.Locator("main tbody tr:not(.differs)")).ToHaveCountAsync(0);
        (await Page.Locator("main tbody tr").CountAsync()).ShouldBeInRange(1, all - 1);
    }

    [Fact]
    public async Task The_files_of_a_trial_can_be_downloaded_and_its_log_is_empty_when_nothing_was_odd()
    {
        var trial = await OpenAsync("?view=log");
        var lines = (await Dashboard.Api.GetAsync($"/api/trials/{trial}/logs")).AsArray();
        lines.ShouldBeEmpty("nothing odd happens to this trial");
        await Assertions.Expect(Page.GetByText("Nothing logged")).ToBeVisibleAsync();

        var weights = Page.Locator(".files a").Filter(new() { HasText = ".safetensors" }).First;
        var download = await Page.RunAndWaitForDownloadAsync(() => weights.ClickAsync());
        new FileInfo(await download.PathAsync()).Length.ShouldBeGreaterThan(1_000_000);
    }

    private ILocator Matrix => Page.Locator("table.sq-matrix");

    private async Task<long> OpenAsync(string view)
    {
        var trial = (await Theatre.TrainedAsync()).Trials[0];
        await GoAsync($"/trials/{trial}{view}");
        return trial;
    }

    private async Task<JsonNode> ConfusionAsync(long trial, int? epoch) =>
        await Dashboard.Api.GetAsync(
            $"/api/trials/{trial}/confusion?split=val" + (epoch is null ? "" : $"&epoch={epoch}")
        );

    /// <summary>The cells' texts, row by row, with single spaces.</summary>
    private async Task<string[]> CellsAsync() =>
        [
            .. (await Matrix.Locator("td.cell").AllInnerTextsAsync()).Select(text =>
                string.Join(' ', text.Split(s_space, StringSplitOptions.RemoveEmptyEntries))
            ),
        ];

    private static int[][] Rows(JsonNode confusion) =>
        [.. confusion["counts"]!.AsArray().Select(row => row!.AsArray().Select(count => (int)count!).ToArray())];

    private static string[] Counts(JsonNode confusion) =>
        [
            .. Rows(confusion)
                .SelectMany(row => row.Select(n => n == 0 ? "·" : $"{n} {Percent(Share(n, row.Sum()), "0")}")),
        ];

    private static string[] Shares(JsonNode confusion) =>
        [
            .. Rows(confusion)
                .SelectMany(row => row.Select(n => n == 0 ? "·" : $"{Percent(Share(n, row.Sum()), "0.0")[..^2]} {n}")),
        ];

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    private static string Percent(double share, string format) =>
        (share * 100).ToString(format, CultureInfo.InvariantCulture) + " %";

    [GeneratedRegex("over epochs", RegexOptions.None, 1000)]
    private static partial Regex OverEpochs();
}
