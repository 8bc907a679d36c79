using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AngleSharp.Html.Parser;

namespace SqsNet.Web.Tests.Security;

public sealed class AccessTests(SharedApp shared) : IClassFixture<SharedApp>
{
    [Theory]
    [InlineData("GET", "/api/sweeps", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/api/nothing-here", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/openapi/v1.json", HttpStatusCode.Unauthorized)]
    [InlineData("POST", "/hubs/live/negotiate?negotiateVersion=1", HttpStatusCode.Unauthorized)]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/", HttpStatusCode.Found)]
    [InlineData("GET", "/sweeps/3", HttpStatusCode.Found)]
    [InlineData("GET", "/health", HttpStatusCode.OK)]
    [InlineData("GET", "/app.css", HttpStatusCode.OK)]
    public async Task Without_a_token_only_health_and_static_files_are_served(
        string method,
        string url,
        HttpStatusCode expected
    )
    {
        var app = shared.App;
        using var client = app.NewClient();

        using var response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), url));

        response.StatusCode.ShouldBe(expected);
        if (expected == HttpStatusCode.Found)
            response.Headers.Location!.OriginalString.ShouldContain("/login?returnUrl=");
    }

    [Fact]
    public async Task Bearer_token_opens_the_api_and_a_wrong_one_does_not()
    {
        var app = shared.App;
        using var client = app.NewClient();

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.Token);
        (await client.GetAsync("/api/sweeps")).StatusCode.ShouldBe(HttpStatusCode.OK);

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.Token + "0");
        (await client.GetAsync("/api/sweeps")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/app.css", "br")]
    [InlineData("/js/boot.js", "br")]
    [InlineData("/login", null)] // holds a secret: its length must not tell of it
    public async Task Files_are_compressed_and_pages_are_not(string url, string? encoding)
    {
        using var client = shared.App.NewClient();
        client.DefaultRequestHeaders.Add("Accept-Encoding", "br");

        using var response = await client.GetAsync(url);

        response.Content.Headers.ContentEncoding.SingleOrDefault().ShouldBe(encoding);
    }

    [Fact]
    public async Task What_a_page_loads_is_kept_by_the_browser_and_not_asked_for_again()
    {
        using var client = shared.App.NewClient();
        client.DefaultRequestHeaders.Add("Cookie", await shared.App.LoginAsync());
        var page = new HtmlParser().ParseDocument(await client.GetStringAsync("/"));

        string[] files =
        [
            .. page.QuerySelectorAll("script[src]").Select(script => script.GetAttribute("src")!),
            .. page.QuerySelectorAll("link[rel=stylesheet], link[rel=modulepreload]")
                .Select(link => link.GetAttribute("href")!),
        ];

        files.ShouldContain(file => file.StartsWith("_framework/blazor.web."));
        foreach (var file in files)
        {
            using var response = await client.GetAsync(file);
            response.Headers.CacheControl!.ToString().ShouldContain("immutable", customMessage: file);
        }
    }

    [Fact]
    public async Task Scripts_come_ahead_with_the_hashes_of_the_import_map()
    {
        using var client = shared.App.NewClient();
        client.DefaultRequestHeaders.Add("Cookie", await shared.App.LoginAsync());

        var page = new HtmlParser().ParseDocument(await client.GetStringAsync("/"));

        var map = JsonDocument.Parse(page.QuerySelector("script[type=importmap]")!.TextContent).RootElement;
        var hashes = map.GetProperty("integrity");
        var ahead = page.QuerySelectorAll("link[rel=modulepreload]");
        ahead.ShouldNotBeEmpty();
        // A browser loads a script a second time when it came ahead without its hash.
        foreach (var script in ahead)
            script
                .GetAttribute("integrity")
                .ShouldBe(hashes.GetProperty($"./{script.GetAttribute("href")}").GetString());
    }

    [Fact]
    public async Task Health_says_ok_and_nothing_more()
    {
        var app = shared.App;
        using var client = app.NewClient();

        (await client.GetStringAsync("/health")).ShouldBe("""{"status":"ok"}""");
    }

    [Fact]
    public async Task Unauthorized_answers_of_the_api_are_problem_details()
    {
        var app = shared.App;
        using var client = app.NewClient();

        using var response = await client.GetAsync("/api/sweeps");

        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Addresses_without_a_page_are_answered_with_404()
    {
        var app = shared.App;
        using var client = app.NewClient();
        client.DefaultRequestHeaders.Add("Cookie", await app.LoginAsync());

        using var page = await client.GetAsync("/no/such/page");
        using var api = await client.GetAsync("/api/no/such/thing");

        page.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await page.Content.ReadAsStringAsync()).ShouldContain("<h1>Not found</h1>");
        api.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        api.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }
}
