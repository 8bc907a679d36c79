using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SqsNet.Engine.Executors;

namespace SqsNet.Web.Tests.Api;

public sealed class ModelsApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    [Fact]
    public async Task Models_are_listed_with_their_size()
    {
        var models = await shared.App.Client.GetJsonAsync("/api/models");

        var tiny = models.EnumerateArray().Single(model => model.GetProperty("name").GetString() == "sqsnet-tiny");
        tiny.GetProperty("role").GetString().ShouldBe("network");
        tiny.GetProperty("imageSize").GetInt32().ShouldBe(64);
        tiny.GetProperty("parameters").GetInt64().ShouldBeGreaterThan(1000);
        tiny.GetProperty("macs").GetInt64().ShouldBeGreaterThan(tiny.GetProperty("parameters").GetInt64());
    }

    [Fact]
    public async Task The_papers_figures_stand_beside_with_a_word_where_they_cannot_be_right()
    {
        var models = await shared.App.Client.GetJsonAsync("/api/models");

        var paper = models.EnumerateArray().Single(model => model.GetProperty("name").GetString() == "sqsnet");
        paper.GetProperty("trunkParameters").GetInt64().ShouldBe(89_572_962);
        paper.GetProperty("paper").GetProperty("parameters").GetDouble().ShouldBe(43.5);
        paper.GetProperty("paper").GetProperty("note").GetString()!.ShouldContain("89.6 M");
        var tiny = models.EnumerateArray().Single(model => model.GetProperty("name").GetString() == "sqsnet-tiny");
        tiny.GetProperty("paper").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_model_is_measured_and_its_speed_is_in_the_list()
    {
        const string name = "swin_micro_patch4_window4_64";
        await using var app = await TestApp.StartAsync();
        (await app.Client.GetJsonAsync("/api/models/measure")).GetProperty("running").GetBoolean().ShouldBeFalse();

        using var begun = await app.Client.PostAsJsonAsync("/api/models/measure", new { models = new[] { name } });

        begun.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        using var again = await app.Client.PostAsJsonAsync("/api/models/measure", new { });
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var ended = await EndOfRoundAsync(app);
        ended.GetProperty("problem").ValueKind.ShouldBe(JsonValueKind.Null);
        ended.GetProperty("done").GetInt32().ShouldBe(1);
        var model = (await app.Client.GetJsonAsync("/api/models"))
            .EnumerateArray()
            .Single(model => model.GetProperty("name").GetString() == name);
        var speed = model.GetProperty("speeds").EnumerateArray().Single();
        speed.GetProperty("batch").GetProperty("images").GetInt32().ShouldBe(32);
        speed.GetProperty("batch").GetProperty("peakBytes").GetInt64().ShouldBeGreaterThan(1 << 20);
        speed.GetProperty("single").GetProperty("times").GetProperty("repetitions").GetInt32().ShouldBeGreaterThan(6);
    }

    [Fact]
    public async Task A_measurement_can_be_cancelled()
    {
        await using var app = await TestApp.StartAsync();
        using var begun = await app.Client.PostAsJsonAsync("/api/models/measure", new { });

        using var cancelled = await app.Client.PostAsync("/api/models/measure/cancel", null);

        cancelled.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await EndOfRoundAsync(app)).GetProperty("problem").GetString().ShouldBe("The measurement was cancelled.");
    }

    [Fact]
    public async Task Nothing_is_measured_beside_a_trial()
    {
        using var trial = shared.App.Get<Lazy<DevicePool>>().Value.Take();

        using var refused = await shared.App.Client.PostAsJsonAsync("/api/models/measure", new { });

        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("A trial trains on ");
    }

    [Theory]
    [InlineData("""{ "models": ["resnet81"] }""", "did you mean")]
    [InlineData("""{ "models": [] }""", "names no model")]
    public async Task Wrong_names_are_told(string body, string told)
    {
        using var content = new StringContent(body, null, "application/json");
        using var refused = await shared.App.Client.PostAsync("/api/models/measure", content);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain(told);
    }

    private static async Task<JsonElement> EndOfRoundAsync(TestApp app)
    {
        while (true)
        {
            var progress = await app.Client.GetJsonAsync("/api/models/measure");
            if (!progress.GetProperty("running").GetBoolean())
                return progress;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
