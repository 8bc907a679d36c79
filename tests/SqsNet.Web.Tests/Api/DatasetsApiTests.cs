using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SqsNet.Engine.Data;

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
    public async Task The_report_of_an_import_names_what_could_not_be_used_and_how_classes_were_named()
    {
        await using var app = await StartWithRootAsync();
        var root = app.Get<IOptions<SqsNetOptions>>().Value.ImportRoots[0];
        foreach (var number in new[] { "1", "2" })
        {
            Directory.CreateDirectory(Path.Combine(root, "faces", number));
            File.WriteAllBytes(Path.Combine(root, "faces", number, "a.png"), Png.Encode(new byte[64], 8, 8, 1));
        }
        File.WriteAllText(Path.Combine(root, "faces", "2", "b.png"), "no picture");

        using var response = await app.Client.PostJsonAsync(
            "/api/datasets",
            """{ "kind": "imagefolder", "name": "mine", "folder": "faces", "classNames": ["fear", "anger"] }"""
        );

        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        var report = await app.Client.GetJsonAsync("/api/datasets/mine/report");
        report.GetProperty("problems")[0].GetProperty("item").GetString().ShouldBe("2/b.png");
        report.GetProperty("problemCounts").GetProperty("unsupportedFormat").GetInt32().ShouldBe(1);
        report.GetProperty("dataset").GetProperty("classes").GetRawText().ShouldBe("""["fear","anger"]""");
        using var absent = await app.Client.GetAsync("/api/datasets/other/report");
        absent.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_interrupted_import_is_listed_and_can_be_discarded()
    {
        await using var app = await TestApp.StartAsync();
        using var stop = new CancellationTokenSource();
        var request = new ImportRequest("synthetic", null, "cut") { Size = 16, Synthetic = new(600, 7, 7) };
        await Should.ThrowAsync<OperationCanceledException>(() =>
            app.Get<DatasetRegistry>().ImportAsync(request, new Cancelling(stop), stop.Token)
        );

        var unfinished = await app.Client.GetJsonAsync("/api/datasets/unfinished");
        unfinished.GetRawText().ShouldBe("""[{"name":"cut","kind":"synthetic"}]""");
        using var gone = await app.Client.DeleteAsync("/api/datasets/unfinished/cut");
        gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var again = await app.Client.DeleteAsync("/api/datasets/unfinished/cut");
        again.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await app.Client.GetJsonAsync("/api/datasets/unfinished")).GetArrayLength().ShouldBe(0);
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

    private sealed class Cancelling(CancellationTokenSource stop) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => stop.Cancel();
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
