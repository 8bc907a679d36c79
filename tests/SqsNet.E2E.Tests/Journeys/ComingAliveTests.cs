using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>A page that was asked for stands there whole, and stays so while its circuit takes it over.</summary>
public sealed class ComingAliveTests(Theatre theatre) : BrowserTest(theatre)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/sweeps/{sweep}")]
    [InlineData("/sweeps/{sweep}/reports/metrics")]
    [InlineData("/trials/{trial}")]
    [InlineData("/trials/{trial}/inspector")]
    public async Task A_page_comes_alive_without_showing_a_placeholder_in_between(string path)
    {
        var trained = await Theatre.TrainedAsync();
        await Page.AddInitScriptAsync(
            """
            window.placeholders = 0;
            new MutationObserver((changes) => {
              for (const { addedNodes } of changes)
                for (const node of addedNodes)
                  if (node.matches?.('.sq-skeleton') || node.querySelector?.('.sq-skeleton')) window.placeholders++;
            }).observe(document, { subtree: true, childList: true });
            """
        );

        await GoAsync(path.Replace("{sweep}", $"{trained.Sweep}").Replace("{trial}", $"{trained.Trials[0]}"));

        (await Page.EvaluateAsync<int>("window.placeholders")).ShouldBe(0);
    }

    [Fact]
    public async Task A_form_takes_nothing_before_the_server_keeps_it_and_then_has_what_its_address_chose()
    {
        var sweep = (await Theatre.TrainedAsync()).Sweep;
        var held = new TaskCompletionSource();
        await Page.RouteAsync(
            "**/_blazor/negotiate*",
            async route =>
            {
                await held.Task;
                await route.ContinueAsync();
            }
        );
        await Page.GotoAsync(new Uri(new Uri(Page.Url), $"/sweeps/new?from={sweep}").ToString());
        var name = Page.GetByLabel("Name", new() { Exact = true });
        var copied = await name.InputValueAsync();

        await name.EvaluateAsync("input => input.focus()");
        await Page.Keyboard.TypeAsync("x");
        await Page.Keyboard.PressAsync("Enter");
        (await name.InputValueAsync()).ShouldBe(copied);
        held.SetResult();
        await LiveAsync();

        Page.Url.ShouldEndWith($"/sweeps/new?from={sweep}");
        await name.FillAsync("another");
        await Assertions.Expect(name).ToHaveValueAsync("another");
    }

    [Fact]
    public async Task A_link_that_is_followed_while_the_circuit_comes_leads_where_it_says()
    {
        var sweep = (await Theatre.TrainedAsync()).Sweep;
        var (answered, followed) = (new TaskCompletionSource(), new TaskCompletionSource());
        await Page.RouteWebSocketAsync(
            "**/_blazor*",
            browser => browser.ConnectToServer().OnMessage(message => _ = PassOnAsync(browser, message))
        );
        await Page.GotoAsync(new Uri(new Uri(Page.Url), $"/sweeps/{sweep}").ToString());
        await answered.Task.WaitAsync(Patience); // the server has made the circuit, for this address
        await Page.GetByRole(AriaRole.Link, new() { Name = "Models" }).ClickAsync();
        var heading = Page.GetByRole(AriaRole.Heading, new() { Level = 1 });
        await Assertions.Expect(heading).ToHaveTextAsync("Models");

        followed.SetResult();
        await LiveAsync();

        await Assertions.Expect(heading).ToHaveTextAsync("Models");
        Page.Url.ShouldEndWith("/models");

        // The greeting at once, the rest when the link has been followed.
        async Task PassOnAsync(IWebSocketRoute browser, IWebSocketFrame message)
        {
            if (message.Text != "{}\u001e")
            {
                answered.TrySetResult();
                await followed.Task;
            }
            if (message.Binary is { } bytes)
                browser.Send(bytes);
            else
                browser.Send(message.Text!);
        }
    }
}
