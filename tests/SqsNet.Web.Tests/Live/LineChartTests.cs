using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;
using SqsNet.Web.Live;
using SqsNet.Web.Tests.Components;

namespace SqsNet.Web.Tests.Live;

public sealed class LineChartTests
{
    private static readonly string[] _changed = ["create", "update"];

    [Fact]
    public async Task Browser_is_told_once_what_to_show()
    {
        var browser = new RecordedBrowser();
        await using var services = Services(browser);

        await using var rendered = await Rendered.ShowAsync<LineChart>(
            services,
            ("Title", "Loss <b>"),
            ("Trials", (IReadOnlyList<ChartTrial>)[new ChartTrial(7, "tau 0.5")]),
            ("Metrics", (IReadOnlyList<string>)["train/loss"])
        );

        browser.Calls.Select(call => call.Name).ShouldBe(["import", "create"]);
        browser.Calls[0].Arguments.ShouldBe(["./js/lineChart.js"]);
        var told = Told(browser.Calls[1]);
        told.GetProperty("trials")[0].GetProperty("id").GetInt64().ShouldBe(7);
        told.GetProperty("metrics")[0].GetString().ShouldBe("train/loss");
        told.GetProperty("view").GetProperty("x").GetString().ShouldBe("step");
        (await rendered.HtmlAsync()).QuerySelector("figcaption")!.TextContent.ShouldBe("Loss <b>");
    }

    [Fact]
    public async Task Browser_is_told_of_a_change_and_of_nothing_else()
    {
        var browser = new RecordedBrowser();
        await using var services = Services(browser);
        await using var rendered = await Rendered.ShowAsync<Page>(services);

        await rendered.ClickAsync("same");
        await rendered.ClickAsync("more");

        browser.Calls.Select(call => call.Name).Where(_changed.Contains).ShouldBe(["create", "update"]);
        Told(browser.Named("update").Single()).GetProperty("metrics").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Chart_that_goes_is_disposed_of_in_the_browser()
    {
        var browser = new RecordedBrowser();
        await using var services = Services(browser);
        await using var rendered = await Rendered.ShowAsync<Page>(services);

        await rendered.ClickAsync("gone");

        browser.Named("dispose").Count().ShouldBe(1);
    }

    [Fact]
    public async Task Chart_that_goes_while_its_script_comes_is_never_made()
    {
        var browser = new RecordedBrowser();
        await using var services = Services(browser);

        await using var rendered = await Rendered.ShowAsync<PageThatIsLeft>(services, ("Browser", browser));

        (await rendered.HtmlAsync()).QuerySelector("figure").ShouldBeNull();
        browser.Calls.Select(call => call.Name).ShouldBe(["import"]);
    }

    private static ServiceProvider Services(RecordedBrowser browser) =>
        new ServiceCollection().AddLogging().AddSingleton<IJSRuntime>(browser).BuildServiceProvider();

    private static JsonElement Told(BrowserCall call) =>
        JsonSerializer.SerializeToElement(call.Arguments[^1], JsonSerializerOptions.Web);

    /// <summary>A page that changes what its chart shows.</summary>
    private sealed class Page : ComponentBase
    {
        private IReadOnlyList<string> _metrics = ["train/loss"];
        private bool _gone;

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.AddContent(0, Button("same", () => _metrics = [.. _metrics]));
            builder.AddContent(1, Button("more", () => _metrics = ["train/loss", "val/loss"]));
            builder.AddContent(2, Button("gone", () => _gone = true));
            if (_gone)
                return;
            builder.OpenComponent<LineChart>(3);
            builder.AddComponentParameter(4, "Title", "Loss");
            builder.AddComponentParameter(5, "Trials", (IReadOnlyList<ChartTrial>)[new ChartTrial(7, "a")]);
            builder.AddComponentParameter(6, "Metrics", _metrics);
            builder.CloseComponent();
        }

        private RenderFragment Button(string id, Action click) =>
            builder =>
            {
                builder.OpenElement(0, "button");
                builder.AddAttribute(1, "id", id);
                builder.AddAttribute(2, "onclick", EventCallback.Factory.Create<MouseEventArgs>(this, click));
                builder.CloseElement();
            };
    }

    /// <summary>A page that is left as soon as the browser asks for its chart's script.</summary>
    private sealed class PageThatIsLeft : ComponentBase
    {
        private bool _gone;

        [Parameter]
        public RecordedBrowser Browser { get; set; } = null!;

        protected override void OnInitialized() => Browser.WhileImporting = LeaveAsync;

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            if (_gone)
                return;
            builder.OpenComponent<LineChart>(0);
            builder.AddComponentParameter(1, "Title", "Loss");
            builder.AddComponentParameter(2, "Trials", (IReadOnlyList<ChartTrial>)[new ChartTrial(7, "a")]);
            builder.AddComponentParameter(3, "Metrics", (IReadOnlyList<string>)["train/loss"]);
            builder.CloseComponent();
        }

        private async Task LeaveAsync()
        {
            await Task.Yield(); // the drawing that asked for the script ends first
            _gone = true;
            StateHasChanged();
        }
    }
}
