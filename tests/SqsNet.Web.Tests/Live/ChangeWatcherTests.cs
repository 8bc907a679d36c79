using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using SqsNet.Engine.Events;
using SqsNet.Web.Live;
using SqsNet.Web.Tests.Components;

namespace SqsNet.Web.Tests.Live;

public sealed class ChangeWatcherTests
{
    [Fact]
    public async Task Page_reads_again_after_changes_of_what_it_watches()
    {
        var feed = new ChangeFeed();
        await using var services = Services(feed);
        await using var rendered = await Rendered.ShowAsync<Page>(services);

        feed.Ring(new Change(1, 5, 1));
        await rendered.WaitAsync(html => html.TextContent == "1");
        feed.Ring(new Change(1, null, 0));

        await rendered.WaitAsync(html => html.TextContent == "2");
    }

    [Fact]
    public async Task Page_is_left_alone_by_changes_of_other_sweeps()
    {
        var feed = new ChangeFeed();
        await using var services = Services(feed);
        await using var rendered = await Rendered.ShowAsync<Page>(services);

        feed.Ring(new Change(2, 9, 1));
        feed.Ring(new Change(1, 5, 1));

        await rendered.WaitAsync(html => html.TextContent == "1");
        await rendered.Dispatcher.InvokeAsync(() => { }); // whatever was still to come has come
        (await rendered.HtmlAsync()).TextContent.ShouldBe("1");
    }

    [Fact]
    public async Task Many_changes_during_a_read_make_one_more_read()
    {
        var feed = new ChangeFeed();
        await using var services = Services(feed);
        await using var rendered = await Rendered.ShowAsync<Page>(services);

        await rendered.Dispatcher.InvokeAsync(() =>
        {
            for (var seq = 1; seq <= 100; seq++)
                feed.Ring(new Change(1, 5, seq));
        });

        await rendered.WaitAsync(html => int.Parse(html.TextContent) >= 1);
        await rendered.Dispatcher.InvokeAsync(() => { });
        int.Parse((await rendered.HtmlAsync()).TextContent).ShouldBeLessThanOrEqualTo(2);
    }

    private static ServiceProvider Services(ChangeFeed feed) =>
        new ServiceCollection().AddLogging().AddSingleton(feed).BuildServiceProvider();

    /// <summary>A page that counts how often it reads.</summary>
    private sealed class Page : ComponentBase
    {
        private int _reads;

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.AddContent(0, $"{_reads}");
            builder.OpenComponent<ChangeWatcher>(1);
            builder.AddComponentParameter(2, "SweepId", (long?)1);
            builder.AddComponentParameter(3, "Every", TimeSpan.FromMilliseconds(1));
            builder.AddComponentParameter(4, "OnChange", EventCallback.Factory.Create(this, () => _reads++));
            builder.CloseComponent();
        }
    }
}
