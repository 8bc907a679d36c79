using System.Net;
using SqsNet.Engine;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Tests.Api;

public sealed class ForksApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    [Fact]
    public async Task Fork_is_a_trial_of_the_same_sweep_with_the_changes_that_were_asked_for()
    {
        var app = shared.App;
        var (sweep, trials) = await Some.StoredSweepAsync(app);
        Some.WriteCheckpoint(app.Get<EngineOptions>(), trials[0], step: 10, epochs: 1);
        Some.WriteCheckpoint(app.Get<EngineOptions>(), trials[0], step: 20, epochs: 2);

        using var response = await app.Client.PostJsonAsync(
            $"/api/trials/{trials[0]}/fork",
            """{ "step": 10, "changes": { "sqs.tau": 0.7, "training.epochs": 9 } }"""
        );

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        var id = (await response.ReadJsonAsync()).GetProperty("id").GetInt64();
        response.Headers.Location!.ToString().ShouldBe($"/api/trials/{id}");
        var fork = await app.Client.GetJsonAsync($"/api/trials/{id}");
        fork.GetProperty("sweepId").GetInt64().ShouldBe(sweep);
        fork.GetProperty("parentId").GetInt64().ShouldBe(trials[0]);
        fork.GetProperty("spec").GetProperty("sqs").GetProperty("tau").GetDouble().ShouldBe(0.7);
        fork.GetProperty("epochs").GetInt32().ShouldBe(9);
        app.Get<SweepManager>().ListCheckpoints(id).ShouldBe([new KeptCheckpoint(10, 1)]);
    }

    [Fact]
    public async Task Checkpoints_are_listed_newest_first()
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app);
        Some.WriteCheckpoint(app.Get<EngineOptions>(), trials[0], step: 10, epochs: 1);
        Some.WriteCheckpoint(app.Get<EngineOptions>(), trials[0], step: 20, epochs: 2);

        var checkpoints = await app.Client.GetJsonAsync($"/api/trials/{trials[0]}/checkpoints");

        checkpoints.GetRawText().ShouldBe("""[{"step":20,"epochs":2},{"step":10,"epochs":1}]""");
        using var absent = await app.Client.GetAsync("/api/trials/999999/checkpoints");
        absent.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(
        """{ "changes": { "sqs.tau": "hot", "sqs.lamda": 1, "model.width": 64 } }""",
        "sqs.tau",
        "sqs.lamda",
        "model.width"
    )]
    [InlineData("""{ "changes": { "training.epochs": 2 } }""", "training.epochs")]
    [InlineData("""{ "step": 15 }""", "step")]
    [InlineData("""{ "change": {}, "step": "last" }""", "change", "step")]
    [InlineData("{", "$")]
    public async Task Fork_that_cannot_be_is_refused_with_every_problem(string body, params string[] paths)
    {
        var app = shared.App;
        var (sweep, trials) = await Some.StoredSweepAsync(app);
        Some.WriteCheckpoint(app.Get<EngineOptions>(), trials[0], step: 20, epochs: 2);

        using var response = await app.Client.PostJsonAsync($"/api/trials/{trials[0]}/fork", body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await response.ReadJsonAsync())
            .GetProperty("errors")
            .EnumerateObject()
            .Select(error => error.Name)
            .ShouldBe(paths, ignoreOrder: true);
        (await app.Store.ListTrialsAsync(sweep, default)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Trial_without_a_checkpoint_cannot_be_forked_and_one_that_is_not_there_is_not_found()
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app);

        using var early = await app.Client.PostJsonAsync($"/api/trials/{trials[0]}/fork", "{}");
        using var absent = await app.Client.PostJsonAsync("/api/trials/999999/fork", "{}");

        early.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        absent.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
