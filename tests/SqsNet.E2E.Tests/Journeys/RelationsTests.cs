using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>Pictures of how parameters and results hang together: what is brushed filters the page.</summary>
public sealed class RelationsTests(Theatre theatre) : BrowserTest(theatre)
{
    [Fact]
    public async Task What_is_brushed_along_an_axis_filters_the_table_and_the_curves_and_stands_in_the_address()
    {
        var trained = await Theatre.TrainedAsync();
        await GoAsync($"/sweeps/{trained.Sweep}");
        await DrawnAsync();
        await PictureAsync("workbench-relations");
        await DrawnAsync(); // the picture was taken in a higher window
        var accuracies = new List<double>();
        foreach (var trial in trained.Trials)
            accuracies.Add((double)(await Dashboard.Api.GetAsync($"/api/trials/{trial}"))["best"]!["val/accuracy"]!);

        // From the middle of the last axis to beyond its top: the better half of the range.
        await DragAsync("view.x(1)", "view.y(0.5)", "view.x(1)", "view.y(1.2)");

        var middle = (accuracies.Min() + accuracies.Max()) / 2;
        var passing = accuracies.Count(accuracy => accuracy >= middle);
        await Assertions.Expect(Rows).ToHaveCountAsync(passing);
        await Assertions
            .Expect(Page.Locator("#where"))
            .ToHaveValueAsync(new Regex("^best:val/accuracy>=0", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Assertions
            .Expect(Page.Locator("figure.line-chart figcaption"))
            .ToHaveTextAsync($"val/accuracy of {passing} {(passing == 1 ? "trial" : "trials")} out of 4");
        await Page.ReloadAsync();
        await LiveAsync();
        await Assertions.Expect(Rows).ToHaveCountAsync(passing);

        await Page.GetByRole(AriaRole.Button, new() { Name = "Show all again" }).ClickAsync();
        await Assertions.Expect(Rows).ToHaveCountAsync(4);
        await Assertions.Expect(Page.Locator("#where")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task A_point_of_a_scatter_names_its_trial_and_a_click_chooses_it()
    {
        var trained = await Theatre.TrainedAsync();
        await GoAsync($"/sweeps/{trained.Sweep}?rel=scatter&x=sqs.tau&y=seed");
        await DrawnAsync();
        var spot = await Page.EvaluateAsync<float[]>($"{Relations}.view.spot({Relations}.view.panels()[0], 3)");
        var position = new Position { X = spot[0], Y = spot[1] };

        await Page.Locator(".relations-host canvas").HoverAsync(new() { Position = position });
        await Assertions.Expect(Page.Locator(".relations-tip")).ToContainTextAsync("Trial 3");
        await Page.Locator(".relations-host canvas").ClickAsync(new() { Position = position });

        await AddressHoldsAsync("sel=3");
        await Assertions.Expect(Page.GetByLabel("Choose trial 3", new() { Exact = true })).ToBeCheckedAsync();
    }

    [Fact]
    public async Task The_pointer_may_ask_for_a_trial_before_the_picture_is_drawn_anew()
    {
        var trained = await Theatre.TrainedAsync();
        await GoAsync($"/sweeps/{trained.Sweep}?rel=scatter&x=sqs.tau&y=seed");
        await DrawnAsync();

        // Both at once, as when the window is resized under the pointer; the console must stay silent.
        var found = await Page.EvaluateAsync<int>(
            $$"""() => { const r = {{Relations}}; r.fit(); return r.view.at(...r.view.spot(r.view.panels()[0], 3)); }"""
        );

        found.ShouldBe(3);
    }

    [Fact]
    public async Task A_contour_without_two_parameters_says_what_it_needs()
    {
        var trained = await Theatre.TrainedAsync();
        await GoAsync($"/sweeps/{trained.Sweep}?rel=contour");
        await DrawnAsync();
        await Assertions.Expect(Page.Locator(".relations-host p")).ToContainTextAsync("needs two numeric parameters");
    }

    [Fact]
    public async Task A_picture_that_loses_its_room_draws_on_when_it_has_some_again()
    {
        var trained = await Theatre.TrainedAsync();
        await GoAsync($"/sweeps/{trained.Sweep}");
        await DrawnAsync();
        await ShowAsync(false);
        await ShowAsync(true);

        await Page.WaitForFunctionAsync(
            $"() => {Relations}.canvas.width > 0 && {Relations}.marks.canvas.width === {Relations}.canvas.width"
        );
        await Page.Locator(".relations-host canvas").HoverAsync(); // and the console stays silent

        Task ShowAsync(bool shown) =>
            Page.EvaluateAsync(
                $$"""
                async () => {
                  document.querySelector('.relations-host').style.display = '{{(shown ? "" : "none")}}';
                  {{Relations}}.fit();
                  {{Relations}}.draw();
                  await new Promise((done) => setTimeout(done, 400));
                }
                """
            );
    }

    private const string Relations = "document.querySelector('.relations-host').relations";

    private async Task DrawnAsync()
    {
        await Page.Locator(".relations").ScrollIntoViewIfNeededAsync();
        await Page.Locator(".relations-host[data-ready]").WaitForAsync();
        await Page.Locator(".relations-host canvas").ScrollIntoViewIfNeededAsync();
    }

    /// <summary>Drags over the picture between places that its own script says.</summary>
    private async Task DragAsync(string fromX, string fromY, string toX, string toY)
    {
        var canvas = Page.Locator(".relations-host canvas");
        var box = (await canvas.BoundingBoxAsync())!;
        var places = await Page.EvaluateAsync<double[]>(
            $"((r) => {{ const {{ view }} = r; return [{fromX}, {fromY}, {toX}, {toY}]; }})({Relations})"
        );
        await Page.Mouse.MoveAsync(box.X + (float)places[0], box.Y + (float)places[1]);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(box.X + (float)places[2], box.Y + (float)places[3], new() { Steps = 4 });
        await Page.Mouse.UpAsync();
    }

    private ILocator Rows => Page.Locator(".trial-table tbody tr:not(.trial-group)");
}
