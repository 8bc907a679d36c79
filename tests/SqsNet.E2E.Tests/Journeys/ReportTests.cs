using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>The paper's tables of a finished sweep.</summary>
public sealed partial class ReportTests(Theatre theatre) : BrowserTest(theatre)
{
    private static readonly (string Format, string Extension)[] s_files =
    [
        ("markdown", "md"),
        ("csv", "csv"),
        ("latex", "tex"),
        ("json", "json"),
    ];

    [Theory]
    [InlineData("comparison")]
    [InlineData("efficiency")]
    [InlineData("sensitivity")]
    [InlineData("ablation")]
    [InlineData("metrics")]
    [InlineData("race")]
    [InlineData("confusion")]
    [InlineData("significance")]
    [InlineData("architectures")]
    public async Task A_table_is_read_on_its_page_and_downloaded_in_every_format(string table)
    {
        var sweep = await OpenAsync(table);
        var made = await ReportAsync(sweep, table);
        await Assertions.Expect(Page.Locator("#table")).ToHaveTextAsync((string)made["title"]!);
        await Assertions.Expect(Page.Locator("main thead th")).ToHaveCountAsync(made["columns"]!.AsArray().Count + 1);
        await Assertions.Expect(Page.Locator("main tbody tr")).ToHaveCountAsync(made["rows"]!.AsArray().Count);
        await Assertions.Expect(Page.Locator(".sq-notes li")).ToHaveCountAsync(made["notes"]!.AsArray().Count);

        foreach (var (format, extension) in s_files)
        {
            var link = Page.GetByRole(AriaRole.Link, new() { Name = format, Exact = true });
            var download = await Page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
            download.SuggestedFilename.ShouldBe($"sweep-{sweep}-{table}.{extension}");
            var address = $"/api/reports/{table}?sweep={sweep}&format={format}";
            (await File.ReadAllTextAsync(await download.PathAsync())).ShouldBe(await Dashboard.Api.TextAsync(address));
        }
        await PictureAsync($"report-{table}");
    }

    [Fact]
    public async Task A_copy_of_a_table_is_told_from_one_that_has_changed_by_its_stamp()
    {
        var sweep = (await Theatre.TrainedAsync()).Sweep;
        await GoAsync($"/sweeps/{sweep}/reports/metrics?as=00000000");
        await Assertions.Expect(Page.GetByText("A trial behind this table has changed")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { NameRegex = Stamp() }).ClickAsync();
        await AddressHoldsAsync("as=[0-9a-f]{8}");
        await Assertions.Expect(Page.GetByText("A trial behind this table has changed")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_best_configuration_is_confirmed_by_a_sweep_with_fresh_seeds()
    {
        var sweep = (await Theatre.TrainedAsync()).Sweep;
        await GoAsync($"/sweeps/{sweep}/reports/metrics");
        await Assertions.Expect(Page.GetByText("Not confirmed:")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Confirm the best with fresh seeds" }).ClickAsync();
        await AddressHoldsAsync($"from={sweep}&confirm=");
        await Assertions.Expect(Page.GetByText("with seeds that took no part in choosing it").First).ToBeVisibleAsync();
        await Assertions.Expect(Page.Locator("[id='f-seeds']")).ToHaveValueAsync("2-6");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Launch" }).ClickAsync();
        await AddressHoldsAsync("/sweeps/[0-9]+$");
        await Dashboard.Api.WaitForStateAsync("/api" + new Uri(Page.Url).AbsolutePath, "completed");
        await GoAsync($"/sweeps/{sweep}/reports/metrics");

        // What fresh seeds give is not known beforehand: the crown goes with the words, whichever they are.
        await Assertions.Expect(Page.GetByText("has not been trained with")).ToHaveCountAsync(0);
        var confirmed = await Page.GetByText("Confirmed with fresh seeds:").CountAsync();
        (confirmed + await Page.GetByText("behind the next best configuration's").CountAsync()).ShouldBe(1);
        await Assertions.Expect(Page.GetByLabel("Crowned: confirmed with fresh seeds")).ToHaveCountAsync(confirmed);
        await PictureAsync("report-crown");
    }

    [Fact]
    public async Task Pairs_of_an_ablation_are_queued_from_its_table_which_then_says_how_parts_interact()
    {
        await Theatre.TrainedAsync(); // the shared server has faces
        var spec = new TinySweep(Theatre.Faces, Epochs: 1, Faces: 64, [], [0, 1]) { Name = "parts of tiny faces" }.Json;
        spec["strategy"] = new JsonObject { ["kind"] = "ablation" };
        spec["space"] = JsonNode.Parse("""{ "sqs.gamma": { "values": [0] }, "sqs.lambda": { "values": [0] } }""");
        var sweep = (long)(await Dashboard.Api.PostAsync("/api/sweeps", spec))!["id"]!;
        await Dashboard.Api.WaitForStateAsync($"/api/sweeps/{sweep}", "completed");
        await GoAsync($"/sweeps/{sweep}/reports/ablation");
        await PictureAsync("report-pairs-missing");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Queue it, 2 trials" }).ClickAsync();

        await Assertions.Expect(Page.Locator("main thead th").GetByText("Interaction")).ToBeVisibleAsync();
        await Dashboard.Api.WaitForStateAsync($"/api/sweeps/{sweep}", "completed");
        await Assertions.Expect(Page.Locator("main tbody tr")).ToHaveCountAsync(4);
        await Assertions.Expect(Page.Locator("#queue-pairs")).ToHaveCountAsync(0);
        await PictureAsync("report-pairs");
    }

    [GeneratedRegex("^[0-9a-f]{8}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Stamp();

    [Fact]
    public async Task Means_and_deviations_are_those_of_the_API_and_lead_to_their_trials()
    {
        var sweep = await OpenAsync("metrics");
        var made = await ReportAsync(sweep, "metrics");
        var columns = made["columns"]!.AsArray();
        var rows = Page.Locator("main tbody tr");
        for (var r = 0; r < made["rows"]!.AsArray().Count; r++)
        {
            var row = made["rows"]![r]!;
            var shown = await rows.Nth(r).Locator("td").AllInnerTextsAsync();
            for (var c = 0; c < columns.Count; c++)
                if ((string?)columns[c]!["kind"] == "measure")
                    shown[c].Trim().ShouldBe(Measure(row["cells"]![(string)columns[c]!["key"]!]!));
            await Assertions.Expect(rows.Nth(r).Locator("a")).ToHaveCountAsync(row["trials"]!.AsArray().Count);
        }

        await rows.First.Locator("a").First.ClickAsync();

        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Trial #");
    }

    [Fact]
    public async Task The_confusion_table_of_another_configuration_can_be_chosen()
    {
        var sweep = await OpenAsync("confusion");

        foreach (var configuration in new[] { 0, 1 })
        {
            await Page.GetByLabel("Configuration").SelectOptionAsync($"{configuration}");
            var address = new Uri(
                Dashboard.Address,
                $"/sweeps/{sweep}/reports/confusion?configuration={configuration}"
            );
            await Assertions.Expect(Page).ToHaveURLAsync(address.ToString());
            var made = await ReportAsync(sweep, "confusion", $"&configuration={configuration}");
            await Assertions.Expect(Page.Locator("#table")).ToHaveTextAsync((string)made["title"]!);
        }
    }

    private async Task<long> OpenAsync(string table)
    {
        var trained = await Theatre.TrainedAsync();
        await GoAsync($"/sweeps/{trained.Sweep}");
        var reports = Page.GetByRole(AriaRole.Region, new() { Name = "Reports" });
        await reports.GetByRole(AriaRole.Link, new() { Name = table }).ClickAsync();
        await Page.Locator("#table").WaitForAsync();
        return trained.Sweep;
    }

    private Task<JsonNode> ReportAsync(long sweep, string table, string more = "") =>
        Dashboard.Api.GetAsync($"/api/reports/{table}?sweep={sweep}&format=json{more}");

    private static string Measure(JsonNode cell) =>
        $"{Percent((double)cell["mean"]!)} ± {Percent((double)cell["sd"]!)}";

    private static string Percent(double share) => (100 * share).ToString("F2", CultureInfo.InvariantCulture);
}
