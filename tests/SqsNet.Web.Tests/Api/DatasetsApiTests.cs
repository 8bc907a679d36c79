using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SqsNet.Web.Tests.Api;

public sealed class DatasetsApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private const string Small = """
        "kind": "synthetic", "size": 16, "synthetic": { "train": 7, "validation": 7, "test": 7 }
        """;

    [Fact]
    public async Task Import_makes_a_dataset_whose_faces_can_be_seen()
    {
        var app = shared.App;

        using var response = await app.Client.PostJsonAsync("/api/datasets", $$"""{ "name": "little", {{Small}} }""");

        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        response.Headers.Location!.OriginalString.ShouldBe("/api/datasets/little");
        var dataset = await app.Client.GetJsonAsync("/api/datasets/little");
        dataset.GetProperty("totals").GetProperty("train").GetInt32().ShouldBe(7);
        dataset.GetProperty("width").GetInt32().ShouldBe(16);
        foreach (var url in new[] { "/api/datasets/little/faces/0.png", "/api/datasets/little/masks/20.png" })
        {
            using var picture = await app.Client.GetAsync(url);
            picture.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
            (await picture.Content.ReadAsByteArrayAsync())[..4].ShouldBe([0x89, (byte)'P', (byte)'N', (byte)'G']);
        }
        using var absent = await app.Client.GetAsync("/api/datasets/little/faces/21.png");
        absent.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task List_begins_with_the_built_in_dataset()
    {
        var list = await shared.App.Client.GetJsonAsync("/api/datasets");

        list[0].GetProperty("name").GetString().ShouldBe("synthetic");
        list[0].GetProperty("classes").GetArrayLength().ShouldBeGreaterThan(1);
    }

    [Theory]
    [InlineData("{}", "kind", "name", "folder")]
    [InlineData("""{ "kind": "imagefolder", "name": "x", "folder": "/etc" }""", "folder")]
    [InlineData("""{ "kind": "imagefolder", "name": "x", "folder": "../secret" }""", "folder")]
    [InlineData("""{ "kind": "synthetic", "name": "../x" }""", "$")]
    public async Task Every_problem_of_an_import_is_told(string body, params string[] paths)
    {
        await using var app = await StartWithRootAsync();

        using var response = await app.Client.PostJsonAsync("/api/datasets", body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var errors = (await response.ReadJsonAsync()).GetProperty("errors");
        paths.ShouldAllBe(path => HasProperty(errors, path));
    }

    [Fact]
    public async Task Sources_are_the_folders_under_the_configured_roots()
    {
        await using var app = await StartWithRootAsync();

        var sources = await app.Client.GetJsonAsync("/api/datasets/sources");

        sources.GetProperty("folders").GetRawText().ShouldBe("""["faces"]""");
        sources.GetProperty("kinds").EnumerateArray().Select(kind => kind.GetString()).ShouldContain("synthetic");
    }

    private static bool HasProperty(System.Text.Json.JsonElement element, string name) =>
        element.TryGetProperty(name, out _);

    private static Task<TestApp> StartWithRootAsync()
    {
        var root = Directory.CreateTempSubdirectory("sqsnet-root-").FullName;
        Directory.CreateDirectory(Path.Combine(root, "faces"));
        Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(root)!, "secret"));
        return TestApp.StartAsync(replace: services =>
            services.AddSingleton(Options.Create(new SqsNetOptions { ImportRoots = [root] }))
        );
    }
}
