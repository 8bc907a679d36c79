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

    [Theory]
    [InlineData(0, "1")]
    [InlineData(1, "0")]
    public async Task What_changed_after_the_page_was_read_and_before_it_was_alive_is_told(long since, string reads)
    {
        var feed = new ChangeFeed();
        feed.Ring(new Change(1, 5, 1));
        await using var services = Services(feed);

        await using var rendered = await Rendered.ShowAsync<Page>(services, ("Since", since));

        await rendered.WaitAsync(html => html.TextContent == reads);
    }

    private static ServiceProvider Services(ChangeFeed feed) =>
        new ServiceCollection().AddLogging().AddSingleton(feed).BuildServiceProvider();

    /// <summary>A page that counts how often it reads.</summary>
    private sealed class Page : ComponentBase
    {
        private int _reads;
        private long? _since;

        /// <summary>The feed's count when the page was read first.</summary>
        [Parameter]
        public long? Since { get; set; }

        protected override void OnParametersSet() => _since = Since;

        /// <summary>Reads, and knows of every ring from then on.</summary>
        private void ReadAgain()
        {
            _reads++;
            _since = long.MaxValue;
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.AddContent(0, $"{_reads}");
            builder.OpenComponent<ChangeWatcher>(1);
            builder.AddComponentParameter(2, "SweepId", (long?)1);
            builder.AddComponentParameter(3, "Every", TimeSpan.FromMilliseconds(1));
            builder.AddComponentParameter(4, "OnChange", EventCallback.Factory.Create(this, ReadAgain));
            builder.AddComponentParameter(5, "Since", _since);
            builder.CloseComponent();
        }
    }
}
