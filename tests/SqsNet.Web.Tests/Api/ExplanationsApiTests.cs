using System.Net;
using SqsNet.Engine.Explain;

namespace SqsNet.Web.Tests.Api;

public sealed class ExplanationsApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    [Fact]
    public async Task A_trial_without_weights_says_so()
    {
        var (_, trials) = await Some.StoredSweepAsync(shared.App);

        using var response = await SendAsync(trials[0], "", [1, 2, 3]);

        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await response.ReadJsonAsync())
            .GetProperty("detail")
            .GetString()
            .ShouldStartWith($"Trial {trials[0]} has no weights yet");
    }

    [Fact]
    public async Task A_trial_that_does_not_exist_is_not_found()
    {
        using var response = await SendAsync(999999, "", [1, 2, 3]);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public async Task An_absurd_number_of_nearest_faces_is_refused(int nearest)
    {
        using var response = await SendAsync(1, $"?nearest={nearest}", [1, 2, 3]);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.ReadJsonAsync()).GetProperty("errors").TryGetProperty("nearest", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_picture_that_is_too_large_is_refused_before_anything_looks_at_it()
    {
        var (_, trials) = await Some.StoredSweepAsync(shared.App);

        using var response = await SendAsync(trials[0], "", new byte[TrialExplainer.LargestPicture + 1]);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    private async Task<HttpResponseMessage> SendAsync(long trial, string query, byte[] picture)
    {
        using var content = new ByteArrayContent(picture);
        return await shared.App.Client.PostAsync($"/api/trials/{trial}/explanation{query}", content);
    }
}
