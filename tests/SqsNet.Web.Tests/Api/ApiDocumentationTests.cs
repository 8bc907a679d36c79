using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SqsNet.Web.Tests.Api;

public sealed partial class ApiDocumentationTests(SharedApp shared) : IClassFixture<SharedApp>
{
    [Fact]
    public void Every_route_of_the_api_stands_in_its_page()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "api.md"));
        var told = Told().Matches(page).Select(match => match.Groups["route"].Value).ToHashSet(StringComparer.Ordinal);

        told.ShouldBe(Mapped().Append("GET /health"), ignoreOrder: true);
    }

    [Fact]
    public async Task Every_route_of_the_api_is_described_by_OpenApi_with_a_summary()
    {
        var document = await shared.App.Client.GetJsonAsync("/openapi/v1.json");

        document.GetProperty("openapi").GetString()!.ShouldStartWith("3.");
        var described = document
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path =>
                path.Value.EnumerateObject()
                    .Where(operation => operation.Value.TryGetProperty("summary", out _))
                    .Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}")
            );
        described.Where(route => route.Contains(" /api/")).ShouldBe(Mapped(), ignoreOrder: true);
    }

    /// <summary>"GET /api/trials/{id}" of every endpoint, without the constraints of its parameters.</summary>
    private List<string> Mapped() =>
        [
            .. shared
                .App.Get<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
                .SelectMany(endpoint =>
                    endpoint
                        .Metadata.GetRequiredMetadata<IHttpMethodMetadata>()
                        .HttpMethods.Select(method =>
                            $"{method} {Constraint().Replace(endpoint.RoutePattern.RawText!, "").TrimEnd('/')}"
                        )
                ),
        ];

    [GeneratedRegex(
        "`(?<route>(GET|POST|PUT|DELETE) /[^`?]+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Told();

    [GeneratedRegex(":[a-z]+(?=})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Constraint();
}
