using System.Net;
using System.Text.Json;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Tests.Api;

public sealed class SweepsApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private const string TwoTrials = """
        { "name": "tau", "dataset": "synthetic", "model": { "name": "sqsnet-tiny" }, "seeds": [0, 1],
          "training": { "epochs": 1 }, "strategy": { "kind": "grid" }, "space": { "sqs.tau": { "values": [0.5] } } }
        """;

    [Fact]
    public async Task Post_starts_a_sweep_and_tells_where_it_is()
    {
        var app = shared.App;

        using var response = await app.Client.PostJsonAsync("/api/sweeps", TwoTrials);

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        var id = (await response.ReadJsonAsync()).GetProperty("id").GetInt64();
        response.Headers.Location!.OriginalString.ShouldBe($"/api/sweeps/{id}");
        await app.Get<SweepManager>().WaitAsync(id, default);
        var sweep = await app.Client.GetJsonAsync($"/api/sweeps/{id}");
        sweep.GetProperty("state").GetString().ShouldBe("completed");
        sweep.GetProperty("counts").GetProperty("completed").GetInt32().ShouldBe(2);
        sweep.GetProperty("spec").GetProperty("space").GetProperty("sqs.tau").ValueKind.ShouldBe(JsonValueKind.Object);
        (await app.Client.GetJsonAsync("/api/sweeps"))[0].GetProperty("id").GetInt64().ShouldBeGreaterThanOrEqualTo(id);
    }

    [Fact]
    public async Task Trials_carry_configuration_seed_state_metrics_and_times()
    {
        var app = shared.App;
        var id = await StartAsync(app);
        await app.Get<SweepManager>().WaitAsync(id, default);

        var trials = await app.Client.GetJsonAsync($"/api/sweeps/{id}/trials");

        trials.GetArrayLength().ShouldBe(2);
        var trial = trials[1];
        trial.GetProperty("configuration").GetInt32().ShouldBe(0);
        trial.GetProperty("assignment").GetProperty("sqs.tau").GetDouble().ShouldBe(0.5);
        trial.GetProperty("seed").GetInt32().ShouldBe(1);
        trial.GetProperty("state").GetString().ShouldBe("completed");
        trial.GetProperty("latest").GetProperty("train/loss").GetDouble().ShouldBe(0.1);
        trial.GetProperty("startedAt").ValueKind.ShouldBe(JsonValueKind.String);
        trial.GetProperty("endedAt").ValueKind.ShouldBe(JsonValueKind.String);
        trial.TryGetProperty("spec", out _).ShouldBeFalse();
        var one = await app.Client.GetJsonAsync($"/api/trials/{trial.GetProperty("id").GetInt64()}");
        one.GetProperty("spec").GetProperty("sqs").GetProperty("tau").GetDouble().ShouldBe(0.5);
    }

    [Fact]
    public async Task The_table_holds_the_asked_for_columns_of_the_trials_that_pass_in_their_order()
    {
        var app = shared.App;
        var id = await StartAsync(app);
        await app.Get<SweepManager>().WaitAsync(id, default);

        var csv = await app.Client.GetStringAsync(
            $"/api/sweeps/{id}/table?cols=sqs.tau,seed,last:train/loss&sort=-seed"
        );

        var lines = csv.Split("\r\n");
        lines[0].ShouldBe("number,sqs.tau,seed,last:train/loss,trials");
        lines[1].ShouldStartWith("1,0.5,1,0.1,");
        lines[2].ShouldStartWith("0,0.5,0,0.1,");
        var latex = await app.Client.GetStringAsync($"/api/sweeps/{id}/table?where=seed%3D0&format=latex");
        latex.ShouldContain(@"\begin{tabular}");
        latex.ShouldContain("1 of the sweep's 2 trials, filtered by seed=0.");
        using var wrong = await app.Client.GetAsync(new Uri($"/api/sweeps/{id}/table?where=tua%3D1", UriKind.Relative));
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await wrong.ReadJsonAsync())
            .GetProperty("errors")
            .GetProperty("where")[0]
            .GetString()
            .ShouldBe("There is no column \"tua\".");
    }

    [Fact]
    public async Task Every_error_of_a_specification_is_told_at_once_by_its_path()
    {
        using var response = await shared.App.Client.PostJsonAsync(
            "/api/sweeps",
            """{ "dataset": "no-such", "training": { "epochs": 0, "batchSize": 1 }, "sqs": { "tau": -1 }, "seeds": [] }"""
        );

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await response.ReadJsonAsync();
        problem.GetProperty("status").GetInt32().ShouldBe(400);
        var errors = problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).ToArray();
        errors.ShouldBe(["dataset", "training.epochs", "training.batchSize", "sqs.tau", "seeds"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("{ \"nmae\": \"x\" }", "nmae")]
    [InlineData("{ \"sqs\": { \"tau\": \"hot\" } }", "sqs.tau")]
    [InlineData("{ \"sqs\": ", "$")]
    [InlineData("", "$")]
    [InlineData("null", "$")]
    public async Task Text_that_is_not_a_specification_is_refused_with_the_place(string body, string path)
    {
        using var response = await shared.App.Client.PostJsonAsync("/api/sweeps", body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.ReadJsonAsync()).GetProperty("errors").TryGetProperty(path, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Body_of_another_type_is_refused()
    {
        using var response = await shared.App.Client.PostAsync("/api/sweeps", new StringContent(TwoTrials));

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Sweep_is_paused_resumed_and_stopped()
    {
        await using var app = await TestApp.StartAsync();
        app.Executor.Holds = true;
        var id = await StartAsync(app);

        (await app.Client.PostAsync($"/api/sweeps/{id}/pause", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await StateAsync(app, $"/api/sweeps/{id}")).ShouldBe("paused");
        (await app.Client.PostAsync($"/api/sweeps/{id}/resume", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await StateAsync(app, $"/api/sweeps/{id}")).ShouldBe("running");
        (await app.Client.PostAsync($"/api/sweeps/{id}/stop", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await StateAsync(app, $"/api/sweeps/{id}")).ShouldBe("stopped");
    }

    [Fact]
    public async Task Trial_is_stopped_while_the_others_go_on()
    {
        await using var app = await TestApp.StartAsync();
        app.Executor.Holds = true;
        var id = await StartAsync(app);
        var trials = await app.Client.GetJsonAsync($"/api/sweeps/{id}/trials");
        var last = trials[1].GetProperty("id").GetInt64();

        (await app.Client.PostAsync($"/api/trials/{last}/stop", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        app.Executor.Release();
        await app.Get<SweepManager>().WaitAsync(id, default);

        (await StateAsync(app, $"/api/trials/{last}")).ShouldBe("stopped");
        (await StateAsync(app, $"/api/trials/{trials[0].GetProperty("id").GetInt64()}")).ShouldBe("completed");
    }

    [Fact]
    public async Task Command_that_comes_too_late_is_a_conflict_with_a_reason()
    {
        var app = shared.App;
        var id = await StartAsync(app);
        await app.Get<SweepManager>().WaitAsync(id, default);

        using var response = await app.Client.PostAsync($"/api/sweeps/{id}/pause", null);

        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await response.ReadJsonAsync()).GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("GET", "/api/sweeps/999999")]
    [InlineData("GET", "/api/sweeps/999999/trials")]
    [InlineData("POST", "/api/sweeps/999999/pause")]
    [InlineData("GET", "/api/trials/999999")]
    [InlineData("POST", "/api/trials/999999/stop")]
    [InlineData("GET", "/api/trials/999999/series?metric=val/loss")]
    [InlineData("GET", "/api/trials/999999/confusion")]
    [InlineData("GET", "/api/trials/999999/quads")]
    [InlineData("GET", "/api/trials/999999/quads/0/maps")]
    [InlineData("GET", "/api/datasets/no-such")]
    [InlineData("GET", "/api/datasets/no-such/faces/0.png")]
    public async Task What_does_not_exist_is_a_problem_with_status_404(string method, string url)
    {
        using var response = await shared.App.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), url));

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.ReadJsonAsync()).GetProperty("detail").GetString()!.ShouldContain("does not exist");
    }

    private static async Task<long> StartAsync(TestApp app)
    {
        using var response = await app.Client.PostJsonAsync("/api/sweeps", TwoTrials);
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return (await response.ReadJsonAsync()).GetProperty("id").GetInt64();
    }

    private static async Task<string?> StateAsync(TestApp app, string url) =>
        (await app.Client.GetJsonAsync(url)).GetProperty("state").GetString();
}
