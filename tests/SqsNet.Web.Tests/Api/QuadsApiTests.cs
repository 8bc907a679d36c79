using System.Net;

namespace SqsNet.Web.Tests.Api;

public sealed class QuadsApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    [Fact]
    public async Task Pinned_quads_are_kept_for_their_dataset_until_they_are_let_go()
    {
        var client = shared.App.Client;
        foreach (var faces in new[] { "5-6-7-8", "1-2-3-4", "5-6-7-8" })
            (await client.PutAsync($"/api/datasets/synthetic/quads/{faces}", null)).StatusCode.ShouldBe(
                HttpStatusCode.NoContent
            );

        var pinned = await client.GetJsonAsync("/api/datasets/synthetic/quads");
        pinned.GetRawText().ShouldBe("[[5,6,7,8],[1,2,3,4]]");

        (await client.DeleteAsync("/api/datasets/synthetic/quads/5-6-7-8")).StatusCode.ShouldBe(
            HttpStatusCode.NoContent
        );
        pinned = await client.GetJsonAsync("/api/datasets/synthetic/quads");
        pinned.GetRawText().ShouldBe("[[1,2,3,4]]");
        (await client.GetJsonAsync("/api/datasets/other/quads")).GetRawText().ShouldBe("[]");
    }

    [Theory]
    [InlineData("1-2-3")]
    [InlineData("1-2-3-x")]
    [InlineData("1-2-3--4")]
    [InlineData("1-2-3-99999999999")]
    public async Task Faces_that_are_not_four_numbers_are_refused(string faces)
    {
        var (_, trials) = await Some.StoredSweepAsync(shared.App);
        foreach (
            var response in new[]
            {
                await shared.App.Client.PutAsync($"/api/datasets/synthetic/quads/{faces}", null),
                await shared.App.Client.GetAsync($"/api/trials/{trials[0]}/maps?faces={faces}"),
            }
        )
        {
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await response.ReadJsonAsync()).GetProperty("errors").TryGetProperty("faces", out _).ShouldBeTrue();
            response.Dispose();
        }
    }

    [Theory]
    [InlineData("maps?faces=1-2-3-4")]
    [InlineData("quads/search?anchor=1")]
    [InlineData("class-maps")]
    public async Task A_trial_without_weights_says_so_and_one_that_is_not_there_is_not_found(string path)
    {
        var (_, trials) = await Some.StoredSweepAsync(shared.App);

        using var response = await shared.App.Client.GetAsync($"/api/trials/{trials[0]}/{path}");
        using var missing = await shared.App.Client.GetAsync($"/api/trials/999999/{path}");

        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await response.ReadJsonAsync())
            .GetProperty("detail")
            .GetString()
            .ShouldStartWith($"Trial {trials[0]} has no weights yet");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
