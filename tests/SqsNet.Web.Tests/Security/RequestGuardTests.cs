using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SqsNet.Web.Tests.Security;

public sealed class RequestGuardTests(SharedApp shared) : IClassFixture<SharedApp>
{
    [Theory]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("192.168.1.5", HttpStatusCode.BadRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("localhost:8080", HttpStatusCode.OK)]
    [InlineData("[::1]:5180", HttpStatusCode.OK)]
    public async Task Server_on_loopback_answers_only_to_names_of_loopback(string host, HttpStatusCode expected)
    {
        var app = shared.App;
        using var client = app.NewClient();
        client.DefaultRequestHeaders.Host = host;

        (await client.GetAsync("/health")).StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("lab.example", HttpStatusCode.OK)]
    [InlineData("192.168.1.5:5180", HttpStatusCode.OK)]
    [InlineData("localhost", HttpStatusCode.OK)]
    public async Task Server_beyond_loopback_answers_to_addresses_and_to_names_that_were_allowed(
        string host,
        HttpStatusCode expected
    )
    {
        await using var app = await TestApp.StartAsync(
            ["--host", "0.0.0.0", "--token", "a secret that is long"],
            replace: services =>
                services.AddSingleton(
                    Options.Create(new SqsNetOptions { Host = "0.0.0.0", AllowedHosts = ["lab.example"] })
                )
        );
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{app.Address.Port}") };
        client.DefaultRequestHeaders.Host = host;

        (await client.GetAsync("/health")).StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:9")]
    public async Task Foreign_origins_are_refused_even_with_a_session(string origin)
    {
        var app = shared.App;
        using var client = app.NewClient();
        client.DefaultRequestHeaders.Add("Cookie", await app.LoginAsync());
        client.DefaultRequestHeaders.Add("Origin", origin);

        (await client.PostJsonAsync("/api/sweeps/1/stop", "{}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await client.GetAsync("/api/sweeps")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Requests_that_a_browser_marks_as_from_another_site_are_refused_unless_they_follow_a_link()
    {
        var app = shared.App;
        using var client = app.NewClient();
        client.DefaultRequestHeaders.Add("Cookie", await app.LoginAsync());
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-site");
        (await client.GetAsync("/api/sweeps")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        client.DefaultRequestHeaders.Add("Sec-Fetch-Mode", "navigate");
        (await client.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.PostJsonAsync("/api/sweeps", "{}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("/hubs/live", true, true, true)]
    [InlineData("/hubs/live", true, false, false)]
    [InlineData("/hubs/live", false, true, false)]
    [InlineData("/_blazor", true, true, true)]
    [InlineData("/_blazor", true, false, false)]
    [InlineData("/_blazor", false, true, false)]
    public async Task Sockets_open_only_with_a_session_and_from_our_own_pages(
        string path,
        bool session,
        bool ownOrigin,
        bool opens
    )
    {
        var app = shared.App;
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader(
            "Origin",
            ownOrigin ? app.Address.GetLeftPart(UriPartial.Authority) : "http://evil.example"
        );
        if (session)
            socket.Options.SetRequestHeader("Cookie", await app.LoginAsync());
        var url = new UriBuilder(app.Address) { Scheme = "ws", Path = path }.Uri;

        if (opens)
        {
            await socket.ConnectAsync(url, default);
            socket.State.ShouldBe(WebSocketState.Open);
        }
        else
        {
            await Should.ThrowAsync<WebSocketException>(socket.ConnectAsync(url, default));
        }
    }

    [Fact]
    public async Task Every_page_says_what_it_may_do()
    {
        var app = shared.App;
        using var client = app.NewClient();
        client.DefaultRequestHeaders.Add("Cookie", await app.LoginAsync());

        using var first = await client.GetAsync("/");
        using var second = await client.GetAsync("/");

        var policy = first.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        var scripts = policy.Split(';').Single(part => part.Trim().StartsWith("script-src", StringComparison.Ordinal));
        scripts.ShouldNotContain("unsafe");
        second.Headers.GetValues("Content-Security-Policy").Single().ShouldNotBe(policy); // the nonce is new
        first.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        first.Headers.GetValues("Referrer-Policy").Single().ShouldBe("same-origin");
    }
}
