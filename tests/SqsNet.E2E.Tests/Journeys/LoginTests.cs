using Microsoft.Playwright;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

public sealed class LoginTests(Theatre theatre) : BrowserTest(theatre)
{
    protected override bool MayComplain => true; // a refusal is a failed request to the browser

    protected override Task ArriveAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_printed_link_opens_the_dashboard_and_leaves_no_token_in_the_address()
    {
        await LogInAsync();

        await Assertions
            .Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Sweeps", Exact = true }))
            .ToBeVisibleAsync();
        Page.Url.ShouldBe(Dashboard.Address.ToString());
        var cookies = await Page.Context.CookiesAsync();
        cookies.ShouldContain(cookie => cookie.HttpOnly && cookie.SameSite == SameSiteAttribute.Strict);
        cookies.ShouldNotContain(cookie => cookie.Value.Contains(Dashboard.Token));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/sweeps/new")]
    [InlineData("/trials/1/inspector")]
    public async Task Without_a_token_every_page_asks_for_one(string path)
    {
        await Page.GotoAsync(new Uri(Dashboard.Address, path).ToString());

        await Assertions.Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("opened with the link");
        (await Page.ContentAsync()).ShouldNotContain(
            "_framework",
            customMessage: "the dashboard's own scripts are not sent"
        );
    }

    [Fact]
    public async Task A_wrong_token_is_refused_and_the_right_one_goes_on_to_the_page_that_was_asked_for()
    {
        await Page.GotoAsync(new Uri(Dashboard.Address, "/models").ToString());
        await EnterTokenAsync("not-the-token");
        await Assertions.Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not from the running server");

        await EnterTokenAsync(Dashboard.Token);

        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Models" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Dark)]
    [InlineData(ColorScheme.Light)]
    public async Task A_first_visit_is_in_the_theme_that_the_person_prefers_everywhere(ColorScheme preferred)
    {
        await Page.EmulateMediaAsync(new() { ColorScheme = preferred });
        await LogInAsync();
        await Assertions
            .Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Dark theme" }))
            .ToHaveAttributeAsync("aria-pressed", preferred == ColorScheme.Dark ? "true" : "false");
    }

    [Fact]
    public async Task Logging_out_ends_the_session()
    {
        await LogInAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();

        await Assertions.Expect(Page.GetByLabel("Access token")).ToBeVisibleAsync();
        await Page.GotoAsync(Dashboard.Address.ToString());
        await Assertions.Expect(Page.GetByLabel("Access token")).ToBeVisibleAsync();
        var answer = await Page.APIRequest.GetAsync(new Uri(Dashboard.Address, "/api/sweeps").ToString());
        answer.Status.ShouldBe(401);
    }

    private async Task EnterTokenAsync(string token)
    {
        await Page.GetByLabel("Access token").FillAsync(token);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
    }
}
