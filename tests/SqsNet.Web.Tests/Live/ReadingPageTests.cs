using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using SqsNet.Engine.Events;
using SqsNet.Web.Live;
using SqsNet.Web.Tests.Components;

namespace SqsNet.Web.Tests.Live;

public sealed class ReadingPageTests
{
    private readonly Library _library = new();

    [Fact]
    public async Task Circuit_begins_with_what_the_prerendered_page_has_read()
    {
        await using var services = Services();
        var prerendered = await Rendered.ShowAsync<Reader>(services, ("Book", "Emma"));
        var key = (await prerendered.HtmlAsync()).QuerySelector("#key")!.TextContent;
        (await TextAsync(prerendered)).ShouldBe("Emma, read 1 times");

        var circuit = await Rendered.ShowAsync<Reader>(services, ("Book", "Emma"), ("Key", key));

        (await TextAsync(circuit)).ShouldBe("Emma, read 1 times");
    }

    [Fact]
    public async Task Reading_of_another_address_is_left_aside()
    {
        await using var services = Services();
        var prerendered = await Rendered.ShowAsync<Reader>(services, ("Book", "Emma"));
        var key = (await prerendered.HtmlAsync()).QuerySelector("#key")!.TextContent;

        var circuit = await Rendered.ShowAsync<Reader>(services, ("Book", "Persuasion"), ("Key", key));

        (await TextAsync(circuit)).ShouldBe("Persuasion, read 2 times");
    }

    [Fact]
    public async Task What_is_not_there_is_missing_until_it_is()
    {
        await using var services = Services();
        var page = await Rendered.ShowAsync<Reader>(services, ("Book", "Sanditon"));
        (await TextAsync(page)).ShouldBe("missing");

        _library.HasAll = true;
        await page.ClickAsync("again");

        (await TextAsync(page)).ShouldBe("Sanditon, read 2 times");
    }

    [Fact]
    public async Task Slow_reading_of_an_earlier_address_does_not_replace_a_later_one()
    {
        await using var services = Services();
        var desk = await Rendered.ShowAsync<Desk>(services);
        var slow = _library.HoldUp("Emma");

        var earlier = desk.ClickAsync("Emma");
        var later = desk.ClickAsync("Persuasion");
        await desk.WaitAsync(html => html.QuerySelector("#shown")!.TextContent.StartsWith("Persuasion"));
        slow.SetResult();
        await Task.WhenAll(earlier, later);

        (await TextAsync(desk)).ShouldStartWith("Persuasion");
    }

    private static async Task<string> TextAsync(Rendered page) =>
        (await page.HtmlAsync()).QuerySelector("#shown")!.TextContent;

    private ServiceProvider Services() =>
        new ServiceCollection()
            .AddLogging()
            .AddSingleton(_library)
            .AddSingleton(TimeProvider.System)
            .AddSingleton<ChangeFeed>()
            .AddSingleton<Handover>()
            .BuildServiceProvider();

    private sealed class Library
    {
        private readonly Dictionary<string, TaskCompletionSource> _slow = [];
        private int _reads;

        public bool HasAll { get; set; }

        public TaskCompletionSource HoldUp(string book) => _slow[book] = new();

        public async Task<string?> ReadAsync(string book)
        {
            var reads = ++_reads;
            if (_slow.TryGetValue(book, out var slow))
                await slow.Task;
            return book != "Sanditon" || HasAll ? $"{book}, read {reads} times" : null;
        }
    }

    /// <summary>A page of one book.</summary>
    private sealed class Reader : ReadingPage<string>
    {
        [Parameter]
        public string Book { get; set; } = "";

        /// <summary>Comes in the place of what a prerendered page keeps in the browser.</summary>
        [Parameter]
        public string? Key { get; set; }

        [Inject]
        public Library Library { get; set; } = null!;

        protected override Task OnParametersSetAsync()
        {
            ReadingKey ??= Key;
            return base.OnParametersSetAsync();
        }

        protected override Task<string?> ReadAsync(CancellationToken cancellationToken) => Library.ReadAsync(Book);

        protected override bool IsWanted(string reading) => reading.StartsWith(Book, StringComparison.Ordinal);

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.AddMarkupContent(0, $"<p id=\"shown\">{(IsMissing ? "missing" : Reading ?? "reading")}</p>");
            builder.AddMarkupContent(1, $"<p id=\"key\">{ReadingKey}</p>");
            builder.OpenElement(2, "button");
            builder.AddAttribute(3, "id", "again");
            builder.AddAttribute(4, "onclick", EventCallback.Factory.Create<MouseEventArgs>(this, ReadAgainAsync));
            builder.CloseElement();
        }
    }

    /// <summary>Where books are asked for one after the other.</summary>
    private sealed class Desk : ComponentBase
    {
        private string _book = "Mansfield Park";

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            foreach (var book in new[] { "Emma", "Persuasion" })
            {
                builder.OpenElement(0, "button");
                builder.AddAttribute(1, "id", book);
                builder.AddAttribute(
                    2,
                    "onclick",
                    EventCallback.Factory.Create<MouseEventArgs>(this, () => _book = book)
                );
                builder.CloseElement();
            }
            builder.OpenComponent<Reader>(3);
            builder.AddComponentParameter(4, "Book", _book);
            builder.CloseComponent();
        }
    }
}
