using System.Net;

namespace SqsNet.Web.Tests.Security;

public sealed class LoginTests(SharedApp shared) : IClassFixture<SharedApp>
{
    [Fact]
    public async Task Link_gives_a_cookie_that_scripts_and_other_sites_cannot_use_and_leads_home()
    {
        var app = shared.App;
        using var client = app.NewClient();

        using var response = await client.GetAsync(Urls.LoginWith(app.Token));

        response.StatusCode.ShouldBe(HttpStatusCode.Found);
        response.Headers.Location!.OriginalString.ShouldBe("/");
        var cookie = response.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith($"sqsnet-{app.Address.Port}=");
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=strict", Case.Insensitive);
    }

    [Fact]
    public async Task Link_works_again_for_as_long_as_the_server_runs()
    {
        var app = shared.App;

        var first = await app.LoginAsync();
        var second = await app.LoginAsync();

        (await OpensAsync(app, first)).ShouldBeTrue();
        (await OpensAsync(app, second)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("/login", "the link that the server prints")]
    [InlineData("/login?t=", "not from the running server")]
    [InlineData("/login?t=wrong", "not from the running server")]
    public async Task Missing_or_wrong_token_is_explained_and_gives_no_cookie(string url, string explanation)
    {
        var app = shared.App;
        using var client = app.NewClient();

        using var response = await client.GetAsync(url);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
        (await response.Content.ReadAsStringAsync()).ShouldContain(explanation);
    }

    [Theory]
    [InlineData("/sweeps/3", "/sweeps/3")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    public async Task Login_returns_only_to_pages_of_this_server(string returnUrl, string target)
    {
        var app = shared.App;
        using var client = app.NewClient();

        using var response = await client.GetAsync(
            $"{Urls.LoginWith(app.Token)}&returnUrl={Uri.EscapeDataString(returnUrl)}"
        );

        response.Headers.Location!.OriginalString.ShouldBe(target);
    }

    [Fact]
    public async Task Return_address_is_shown_as_text()
    {
        var app = shared.App;
        using var client = app.NewClient();

        var page = await client.GetBodyAsync("/login?returnUrl=" + Uri.EscapeDataString("/\"><script>alert(1)"));

        page.ShouldNotContain("<script>");
    }

    [Fact]
    public async Task Link_from_another_sites_page_is_answered_with_a_page_that_moves_on()
    {
        var app = shared.App;
        using var client = app.NewClient();
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        client.DefaultRequestHeaders.Add("Sec-Fetch-Mode", "navigate");

        using var response = await client.GetAsync(Urls.LoginWith(app.Token));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.Contains("Set-Cookie").ShouldBeTrue();
        (await response.Content.ReadAsStringAsync()).ShouldContain("http-equiv=\"refresh\" content=\"0;url=/\"");
    }

    [Fact]
    public async Task Session_outlives_a_restart()
    {
        var data = Directory.CreateTempSubdirectory("sqsnet-web-").FullName;
        try
        {
            string cookie;
            int port;
            await using (var before = await TestApp.StartAsync(data: data))
            {
                cookie = await before.LoginAsync();
                port = before.Address.Port;
            }
            await using var after = await TestApp.StartAsync(["--port", $"{port}"], data);

            (await OpensAsync(after, cookie)).ShouldBeTrue();
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task Another_chosen_token_ends_every_session()
    {
        var data = Directory.CreateTempSubdirectory("sqsnet-web-").FullName;
        try
        {
            string cookie;
            int port;
            await using (var before = await TestApp.StartAsync(["--token", "the first secret"], data))
            {
                cookie = await before.LoginAsync();
                port = before.Address.Port;
            }
            await using var after = await TestApp.StartAsync(
                ["--token", "the second secret", "--port", $"{port}"],
                data
            );

            (await OpensAsync(after, cookie)).ShouldBeFalse();
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task Logout_needs_an_antiforgery_token()
    {
        var app = shared.App;
        using var client = app.NewClient();
        client.DefaultRequestHeaders.Add("Cookie", await app.LoginAsync());

        using var response = await client.PostAsync(Urls.Logout, new FormUrlEncodedContent([]));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Token_never_reaches_the_log_even_when_everything_is_logged()
    {
        await using var app = await TestApp.StartAsync();
        using var client = app.NewClient();

        await app.LoginAsync();
        await client.GetAsync("/login?t=wrong");
        await app.Client.GetAsync("/api/system");

        app.Logged.Text.ShouldNotBeEmpty();
        app.Logged.Text.ShouldNotContain(app.Token);
    }

    private static async Task<bool> OpensAsync(TestApp app, string cookie)
    {
        using var client = app.NewClient();
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        using var response = await client.GetAsync("/api/system");
        return response.StatusCode == HttpStatusCode.OK;
    }
}
