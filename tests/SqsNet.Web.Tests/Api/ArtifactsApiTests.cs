using System.Net;
using System.Net.Http.Headers;
using SqsNet.Engine;
using SqsNet.Engine.Events;

namespace SqsNet.Web.Tests.Api;

public sealed class ArtifactsApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    [Fact]
    public async Task File_is_downloaded_by_its_id_under_a_name_that_tells_its_trial()
    {
        var trial = await TrialAsync(("best.safetensors", [1, 2, 3]));
        var listed = await shared.App.Client.GetJsonAsync($"/api/trials/{trial}/artifacts");
        listed.GetRawText().ShouldBe("""[{"id":1,"kind":"weights","epoch":4,"path":"best.safetensors","bytes":3}]""");

        using var response = await shared.App.Client.GetAsync($"/api/trials/{trial}/artifacts/1");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
        response.Content.Headers.ContentDisposition!.FileName.ShouldBe($"trial-{trial}-best.safetensors");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await response.Content.ReadAsByteArrayAsync()).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Broken_download_can_go_on_where_it_ended()
    {
        var trial = await TrialAsync(("best.safetensors", [1, 2, 3, 4]));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/trials/{trial}/artifacts/1");
        request.Headers.Range = new RangeHeaderValue(2, null);

        using var response = await shared.App.Client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await response.Content.ReadAsByteArrayAsync()).ShouldBe([3, 4]);
    }

    [Theory]
    [InlineData("../../sqsnet.db")]
    [InlineData("/etc/passwd")]
    [InlineData("gone.safetensors")]
    public async Task File_that_is_gone_or_outside_of_its_trials_folder_is_not_found(string path)
    {
        var trial = await TrialAsync((path, null));

        using var response = await shared.App.Client.GetAsync($"/api/trials/{trial}/artifacts/1");

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task File_of_another_trial_is_not_found_and_nobody_downloads_without_the_token()
    {
        var trial = await TrialAsync(("best.safetensors", [1]));
        var other = await TrialAsync();
        using var stranger = shared.App.NewClient();

        using var elsewhere = await shared.App.Client.GetAsync($"/api/trials/{other}/artifacts/1");
        using var refused = await stranger.GetAsync($"/api/trials/{trial}/artifacts/1");

        elsewhere.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<long> TrialAsync(params (string Path, byte[]? Content)[] files)
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app);
        var folder = Directory.CreateDirectory(app.Get<EngineOptions>().TrialDirectory(trials[0])).FullName;
        foreach (var (path, content) in files)
        {
            if (content is not null)
                File.WriteAllBytes(Path.Combine(folder, path), content);
            app.Events.Append(trials[0], new ArtifactSaved("weights", 4, path, content?.Length ?? 0));
        }
        await app.Events.FlushAsync(default);
        return trials[0];
    }
}
