using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SqsNet.Engine;
using SqsNet.Engine.Evaluation;
using SqsNet.Engine.Events;
using SqsNet.Engine.Training;

namespace SqsNet.Web.Tests.Api;

public sealed class TrialsApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    [Fact]
    public async Task Series_gives_points_and_the_stretch_of_the_log_that_they_cover()
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app);
        for (var step = 1; step <= 4; step++)
            app.Events.Append(trials[0], Some.Step(step, ("train/loss", step == 3 ? double.NaN : step)));
        await app.Events.FlushAsync(default);

        var series = await app.Client.GetJsonAsync(
            $"/api/trials/{trials[0]}/series?metric=train/loss&after=1&points=100"
        );

        series
            .GetRawText()
            .ShouldBe(
                """{"metric":"train/loss","from":2,"to":4,"points":[[2,1,2],[3,1.5,null],[4,2,4]],"reduced":false}"""
            );
    }

    [Fact]
    public async Task Pruning_tells_every_decision_with_its_numbers()
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app);
        (await app.Client.GetJsonAsync($"/api/trials/{trials[0]}/pruning")).GetArrayLength().ShouldBe(0);
        app.Events.Append(trials[0], new PruningDecided(1, new(false, 0.5, 3, "Goes on.", 0, 0.4)));
        app.Events.Append(trials[0], new PruningDecided(3, new(true, double.NaN, 0, "Not a number.", 1)));
        await app.Events.FlushAsync(default);

        (await app.Client.GetJsonAsync($"/api/trials/{trials[0]}/pruning"))
            .GetRawText()
            .ShouldBe(
                """
                [{"epoch":1,"prune":false,"rung":0,"value":0.5,"threshold":0.4,"compared":3,"text":"Goes on."},{"epoch":3,"prune":true,"rung":1,"value":null,"threshold":null,"compared":0,"text":"Not a number."}]
                """
            );
        (await app.Client.GetAsync("/api/trials/999999/pruning")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Looks_at_the_test_split_are_the_trials_own_and_those_of_the_command()
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app);
        var at = new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);
        app.Events.Append(trials[0], new TestLooked("trial", "best", 3, 5, 3137) { At = at });
        await app.Events.FlushAsync(default);
        var folder = app.Get<EngineOptions>().TrialDirectory(trials[0]);
        Directory.CreateDirectory(folder);
        TestLooks.Append(folder, new TestLooked("eval", "best", 3, 1, 3137) { At = at.AddDays(1) });

        (await app.Client.GetJsonAsync($"/api/trials/{trials[0]}/looks"))
            .GetRawText()
            .ShouldBe(
                """
                [{"at":"2026-05-04T03:02:01+00:00","by":"trial","weights":"best","epoch":3,"views":5,"faces":3137},{"at":"2026-05-05T03:02:01+00:00","by":"eval","weights":"best","epoch":3,"views":1,"faces":3137}]
                """
            );
        (await app.Client.GetAsync("/api/trials/999999/looks")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Series_is_reduced_to_the_points_asked_for()
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app);
        for (var step = 1; step <= 500; step++)
            app.Events.Append(trials[0], Some.Step(step, ("train/loss", step)));
        await app.Events.FlushAsync(default);

        var series = await app.Client.GetJsonAsync($"/api/trials/{trials[0]}/series?metric=train/loss&points=50");

        series.GetProperty("reduced").GetBoolean().ShouldBeTrue();
        series.GetProperty("points").GetArrayLength().ShouldBeLessThanOrEqualTo(50);
        series.GetProperty("to").GetInt64().ShouldBe(500);
    }

    [Fact]
    public async Task Series_of_many_trials_and_metrics_come_in_one_answer()
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app, trials: 2);
        foreach (var trial in trials)
            app.Events.Append(trial, Some.Step(1, ("train/loss", 1), ("train/accuracy", 0.5)));
        await app.Events.FlushAsync(default);

        var many = await app.Client.GetJsonAsync(
            $"/api/series?trials={string.Join(',', trials)},999999&metric=train/loss&metric=train/accuracy"
        );

        many.EnumerateArray()
            .Select(series => (series.GetProperty("trial").GetInt64(), series.GetProperty("metric").GetString()))
            .ShouldBe(
                [
                    (trials[0], "train/loss"),
                    (trials[1], "train/loss"),
                    (trials[0], "train/accuracy"),
                    (trials[1], "train/accuracy"),
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task Series_tell_where_the_epochs_of_a_fork_lie_when_they_are_asked()
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app, trials: 3);
        void Validate(long trial, int epoch, int step)
        {
            app.Events.Append(trial, Some.Step(step, ("val/loss", 1)));
            app.Events.Append(
                trial,
                new ConfusionReported(
                    "val",
                    epoch,
                    ["anger"],
                    [
                        [1],
                    ]
                )
            );
        }
        Validate(trials[0], 11, 63); // ten epochs of six steps are its parent's; its own have three
        Validate(trials[0], 12, 66);
        Validate(trials[1], 1, 6);
        app.Events.Append(trials[2], Some.Step(1, ("train/loss", 1)));
        await app.Events.FlushAsync(default);
        var question = $"/api/series?trials={string.Join(',', trials)}&metric=val/loss";

        var asked = await app.Client.GetJsonAsync($"{question}&epochs=true");
        var unasked = await app.Client.GetJsonAsync(question);

        asked
            .EnumerateArray()
            .Select(series => series.TryGetProperty("epochs", out var epochs) ? epochs.GetRawText() : "")
            .ShouldBe(["""{"epoch":11,"step":63,"length":3}""", """{"epoch":1,"step":6,"length":null}""", ""]);
        unasked.EnumerateArray().Any(series => series.TryGetProperty("epochs", out _)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("/api/trials/1/series", "metric")]
    [InlineData("/api/trials/1/series?metric=a&after=-1", "after")]
    [InlineData("/api/trials/1/series?metric=a&points=4", "points")]
    [InlineData("/api/trials/1/series?metric=a&points=1000000", "points")]
    [InlineData("/api/series?trials=1,x&metric=a", "trials")]
    [InlineData("/api/series?trials=1", "metric")]
    [InlineData("/api/trials/1/confusion?split=train", "split")]
    [InlineData("/api/trials/1/logs?limit=0", "limit")]
    public async Task Wrong_questions_are_answered_with_the_parameter_that_is_wrong(string url, string parameter)
    {
        using var response = await shared.App.Client.GetAsync(url);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.ReadJsonAsync()).GetProperty("errors").TryGetProperty(parameter, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Parameter_that_is_not_a_number_is_refused()
    {
        using var response = await shared.App.Client.GetAsync("/api/trials/1/series?metric=a&after=x");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Confusion_is_found_by_split_and_epoch()
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app);
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            app.Events.Append(
                trials[0],
                new ConfusionReported(
                    "val",
                    epoch,
                    ["anger", "<b>joy</b>"],
                    [
                        [epoch, 1],
                        [2, 5],
                    ]
                )
            );
        }
        await app.Events.FlushAsync(default);

        var confusion = await app.Client.GetJsonAsync($"/api/trials/{trials[0]}/confusion?split=val&epoch=1");

        confusion.GetProperty("epoch").GetInt32().ShouldBe(1);
        confusion.GetProperty("epochs").GetRawText().ShouldBe("[1,2]");
        confusion.GetProperty("counts").GetRawText().ShouldBe("[[1,1],[2,5]]");
        confusion.GetProperty("classes")[1].GetString().ShouldBe("<b>joy</b>");
        using var absent = await app.Client.GetAsync($"/api/trials/{trials[0]}/confusion?split=test");
        absent.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Quads_and_their_maps_are_given_by_epoch_row_by_row()
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app);
        app.Events.Append(trials[0], new QuadsChosen("synthetic", [new InspectedQuad(1, 2, 3, 4, [0, 0, 1, 2])]));
        var folder = app.Get<EngineOptions>().TrialDirectory(trials[0]);
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            var path = SimilarityMapsFile.RelativePath(epoch);
            SimilarityMapsFile.Write(
                Path.Combine(folder, path),
                [new SimilarityMaps(1, 2, [0.5f * epoch, 0], [0, 0.25f], [0, 0], [-1, 1])]
            );
            app.Events.Append(trials[0], new ArtifactSaved("maps", epoch, path, 1));
        }
        await app.Events.FlushAsync(default);

        var quads = await app.Client.GetJsonAsync($"/api/trials/{trials[0]}/quads");
        var maps = await app.Client.GetJsonAsync($"/api/trials/{trials[0]}/quads/0/maps?epoch=1");
        var latest = await app.Client.GetJsonAsync($"/api/trials/{trials[0]}/quads/0/maps");

        quads.GetProperty("epochs").GetRawText().ShouldBe("[1,2]");
        quads.GetProperty("quads")[0].GetProperty("negative2").GetInt32().ShouldBe(4);
        maps.GetRawText()
            .ShouldBe(
                """{"quad":0,"epoch":1,"height":1,"width":2,"sAP":[[0.5,0]],"sAN1":[[0,0.25]],"sAN2":[[0,0]],"r":[[-1,1]]}"""
            );
        latest.GetProperty("epoch").GetInt32().ShouldBe(2);
        using var absent = await app.Client.GetAsync($"/api/trials/{trials[0]}/quads/1/maps?epoch=1");
        absent.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Tags_and_a_note_are_kept_and_refused_with_a_reason()
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app);
        var address = $"/api/trials/{trials[0]}/marks";

        using var put = await app.Client.PutAsJsonAsync(
            address,
            new { tags = new[] { "good", " baseline" }, note = "see τ" }
        );
        put.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var trial = await app.Client.GetJsonAsync($"/api/trials/{trials[0]}");
        trial.GetProperty("tags").GetRawText().ShouldBe("""["baseline","good"]""");
        trial.GetProperty("note").GetString().ShouldBe("see τ");

        using var refused = await app.Client.PutAsJsonAsync(address, new { tags = new[] { "a,b" }, note = "" });
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.ReadJsonAsync())
            .GetProperty("errors")
            .GetProperty("tags")[0]
            .GetString()!
            .ShouldContain("\"a,b\"");
        using var missing = await app.Client.PutAsJsonAsync(
            "/api/trials/999999/marks",
            new { tags = Array.Empty<string>(), note = "" }
        );
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("../../sqsnet.db")]
    [InlineData("/etc/passwd")]
    [InlineData("maps/../../../sqsnet.db")]
    public async Task Artifact_outside_of_its_trials_folder_is_never_read(string path)
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app);
        app.Events.Append(trials[0], new ArtifactSaved("maps", 1, path, 1));
        await app.Events.FlushAsync(default);

        using var response = await app.Client.GetAsync($"/api/trials/{trials[0]}/quads/0/maps?epoch=1");

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Logs_and_metric_names_are_listed()
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app);
        app.Events.Append(trials[0], new Logged(LogSeverity.Warning, "odd") { At = Some.Time });
        app.Events.Append(trials[0], Some.Step(1, ("train/loss", 1)));
        await app.Events.FlushAsync(default);

        var logs = await app.Client.GetJsonAsync($"/api/trials/{trials[0]}/logs");
        var metrics = await app.Client.GetJsonAsync($"/api/trials/{trials[0]}/metrics");

        logs[0].GetProperty("severity").GetString().ShouldBe("warning");
        logs[0].GetProperty("text").GetString().ShouldBe("odd");
        metrics.Deserialize<string[]>().ShouldBe(["train/loss"]);
    }
}
