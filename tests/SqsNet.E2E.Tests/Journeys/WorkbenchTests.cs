using System.Globalization;
using System.Text.Json.Nodes;
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
        await Page.Locator(".trial-table .sq-menu summary").ClickAsync();
        await Page.Locator(".trial-table").GetByLabel("Best epoch").CheckAsync();
        await Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Page.Locator(".trial-table").GetByLabel("Best epoch")).ToBeHiddenAsync();
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
    public async Task Trials_are_tagged_together_found_by_the_tag_and_annotated_one_by_one()
    {
        var trained = await Theatre.TrainedAsync();
        await GoAsync($"/sweeps/{trained.Sweep}");
        foreach (var number in new[] { 0, 2 })
            await Page.GetByLabel($"Choose trial {number}", new() { Exact = true }).CheckAsync();
        await Page.Locator("#tag-chosen").ClickAsync();
        await Page.Locator("#tag").FillAsync("promising");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Assertions.Expect(Page.Locator("#sort-tags")).ToBeVisibleAsync();
        await Page.Locator("#where").PressSequentiallyAsync("tags=promising");
        await Assertions.Expect(Rows).ToHaveCountAsync(2);

        await GoAsync($"/trials/{trained.Trials[2]}");
        await Assertions.Expect(Page.Locator(".sq-tag")).ToHaveTextAsync(["promising"]);
        await Page.Locator("#edit-marks").ClickAsync();
        await Page.Locator("#tags").FillAsync("");
        await Page.Locator("#note").FillAsync("overfits after epoch 3");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(Page.Locator(".trial-note")).ToHaveTextAsync("overfits after epoch 3");
        await Assertions.Expect(Page.Locator(".sq-tag")).ToHaveCountAsync(0);

        await GoAsync($"/sweeps/{trained.Sweep}?where=overfits");
        await Assertions.Expect(Rows).ToHaveCountAsync(1);
        // The theatre's sweep is left as it was.
        foreach (var trial in new[] { trained.Trials[0], trained.Trials[2] })
            await Dashboard.Api.PutAsync(
                $"/api/trials/{trial}/marks",
                new JsonObject { ["tags"] = new JsonArray(), ["note"] = "" }
            );
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

    [Fact]
    public async Task Curves_are_averaged_over_seeds_and_smoothed_as_the_address_says_and_leave_as_files()
    {
        var trained = await Theatre.TrainedAsync();
        await GoAsync($"/sweeps/{trained.Sweep}");
        var chart = new Chart(Page, "val/accuracy");

        await chart.Figure.GetByLabel("mean over seeds").CheckAsync();
        await chart.Figure.GetByLabel("smooth").FillAsync("0.5");
        await chart.Figure.GetByLabel("smooth").BlurAsync();
        await AddressHoldsAsync("curves=epoch%2Csmooth%3A0.5%2Cmeans");
        await Page.ReloadAsync();
        await LiveAsync();
        await Assertions.Expect(chart.Figure.GetByLabel("mean over seeds")).ToBeCheckedAsync();
        await Assertions.Expect(chart.Figure.GetByLabel("smooth")).ToHaveValueAsync("0.5");

        // Two configurations of two seeds: half of the interval is t(0.975, 1) = 12.706 standard errors.
        await chart.Figure.GetByLabel("smooth").FillAsync("");
        await chart.Figure.GetByLabel("smooth").BlurAsync();
        await AddressHoldsAsync("curves=epoch%2Cmeans");
        var finals = new List<double>();
        foreach (var trial in trained.Trials.Take(2))
            finals.Add((await Dashboard.Api.SeriesAsync(trial, "val/accuracy"))[^1].Value!.Value);
        var (mean, half) = ((finals[0] + finals[1]) / 2, 12.7062 * Math.Abs(finals[0] - finals[1]) / 2);
        var row = chart.Figure.Locator("tr").Filter(new() { HasText = "τ = 0.5 (n = 2)" });
        await Assertions.Expect(row.Locator("td")).ToHaveTextAsync($"{Four(mean)} ± {Four(half)} (n = 2)");
        await PictureAsync("workbench-means");

        var csv = await SaveAsync(chart, "CSV");
        csv.Split("\r\n").Length.ShouldBe(1 + (4 * 4) + 1, "a heading, four epochs of four trials, an end");
        (await SaveAsync(chart, "SVG")).ShouldContain("τ = 0.5 (n = 2)");
    }

    [Fact]
    public async Task A_stretch_that_is_zoomed_to_is_read_with_every_point_and_left_again()
    {
        var trained = await Theatre.TrainedAsync();
        await GoAsync($"/sweeps/{trained.Sweep}?metric=train/loss&curves=step");

        await ZoomAsync();

        var closely = await Page.EvaluateAsync<int[]>($"{Host}.lines[0].close.steps");
        var all = await Page.EvaluateAsync<int[]>($"{Host}.lines[0].series.steps");
        closely.ShouldBe(all[^closely.Length..]);
        closely.Length.ShouldBeInRange(all.Length / 4, (all.Length * 3) / 4);
        (await Page.EvaluateAsync<bool>($"{Host}.plot.scales.x.min > {all[0]}")).ShouldBeTrue();

        await Page.Locator(".u-over").DblClickAsync();
        await Page.WaitForFunctionAsync($"() => {Host}.lines.every((line) => !line.close)");
        await Page.WaitForFunctionAsync($"() => {Host}.plot.scales.x.min === {all[0]}");
    }

    [Fact]
    public async Task A_double_click_leaves_the_zoom_of_every_chart_that_moved_with_it()
    {
        var trained = await Theatre.TrainedAsync();
        await GoAsync($"/trials/{trained.Trials[0]}");
        const string drawn =
            "[...document.querySelectorAll('.line-chart-host')].map((host) => host.chart).filter((chart) => chart?.plot)";

        await ZoomAsync();
        await Page.WaitForFunctionAsync($"() => {drawn}.length > 1 && {drawn}.every((chart) => chart.stretch)");
        await Page.Locator(".u-over").First.DblClickAsync();

        await Page.WaitForFunctionAsync($"() => {drawn}.every((chart) => !chart.stretch)");
    }

    [Fact]
    public async Task A_zoom_and_the_focus_in_the_legend_stay_when_another_trial_joins_the_curves()
    {
        var trained = await Theatre.TrainedAsync();
        await GoAsync($"/sweeps/{trained.Sweep}?metric=train/loss&curves=step&lines=chosen&sel=0-1");
        await ZoomAsync();
        const string ends = $"[{Host}.plot.scales.x.min, {Host}.plot.scales.x.max]";
        var zoomed = await Page.EvaluateAsync<double[]>(ends);
        var second = Page.Locator(".chart-legend button").Nth(1);
        await second.FocusAsync();

        // By itself, as a trial that begins to train: nothing in the chart is touched.
        await Page.GetByLabel("Choose trial 2", new() { Exact = true }).EvaluateAsync("box => box.click()");

        await Page.WaitForFunctionAsync($"() => {Host}.plot?.series.length === 4");
        await Page.WaitForFunctionAsync($"() => {Host}.lines.every((line) => line.close)");
        (await Page.EvaluateAsync<double[]>(ends)).ShouldBe(zoomed);
        await Assertions.Expect(second).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_file_of_points_has_every_point_although_the_server_gives_few_at_once()
    {
        var trained = await Theatre.TrainedAsync();
        await GoAsync($"/sweeps/{trained.Sweep}?metric=train/loss&curves=step");
        var chart = new Chart(Page, "train/loss");
        await chart.WaitForPointsAsync(4 * 24);
        await Page.RouteAsync(
            "**/api/series?**",
            route => route.ContinueAsync(new() { Url = Points().Replace(route.Request.Url, "points=8") })
        );

        var csv = await SaveAsync(chart, "CSV");

        // line,trial,metric,step,seconds,value: the line's name may have commas.
        var rows = csv.Split("\r\n")[1..^1].Select(row => row.Split(',')).ToList();
        foreach (var trial in trained.Trials)
        {
            var steps = rows.Where(row => row[^5] == $"{trial}").Select(row => long.Parse(row[^3]));
            steps.ShouldBe((await Dashboard.Api.SeriesAsync(trial, "train/loss")).Select(point => point.Step));
        }
    }

    private const string Host = "document.querySelector('.line-chart-host').chart";

    /// <summary>Zooms to the second half of the curves, and waits until they are looked at closely.</summary>
    private async Task ZoomAsync()
    {
        await Page.Locator(".line-chart-host[data-ready]").First.WaitForAsync();
        var plot = Page.Locator(".u-over").First;
        await plot.ScrollIntoViewIfNeededAsync();
        var box = (await plot.BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + 50);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(box.X + box.Width - 5, box.Y + 60, new() { Steps = 5 });
        await Page.Mouse.UpAsync();
        await Page.WaitForFunctionAsync($"() => {Host}.lines.every((line) => line.close)");
    }

    private async Task<string> SaveAsync(Chart chart, string format)
    {
        await chart.Figure.GetByText("Export").ClickAsync();
        var button = chart.Figure.GetByRole(AriaRole.Button, new() { Name = format });
        var file = await Page.RunAndWaitForDownloadAsync(() => button.ClickAsync());
        return await File.ReadAllTextAsync(await file.PathAsync());
    }

    /// <summary>Four significant digits without zeros at the end, as the chart writes them.</summary>
    private static string Four(double value) =>
        double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            .ToString("R", CultureInfo.InvariantCulture);

    private ILocator Rows => Page.Locator(".trial-table tbody tr:not(.trial-group)");

    private Task<string> TextAsync() => Page.Locator(".trial-table table").InnerTextAsync();

    [GeneratedRegex(@"points=\d+", RegexOptions.None, 1000)]
    private static partial Regex Points();

    [GeneratedRegex("sel=", RegexOptions.None, 1000)]
    private static partial Regex Selection();
}
