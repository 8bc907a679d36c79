using System.Net;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Tests.Api;

public sealed class ReportsApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    [Theory]
    [InlineData("json", "application/json", "{")]
    [InlineData("markdown", "text/markdown", "**")]
    [InlineData("csv", "text/csv", "configuration,")]
    [InlineData("latex", "application/x-tex", "\\toprule")]
    public async Task Table_is_given_in_the_format_asked_for(string format, string type, string content)
    {
        var app = shared.App;
        var sweep = await TrainedSweepAsync(app);

        using var response = await app.Client.GetAsync($"/api/reports/metrics?sweep={sweep}&format={format}");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        (await response.Content.ReadAsStringAsync()).ShouldContain(content);
    }

    [Fact]
    public async Task Confusion_table_is_computed_from_the_matrices_of_the_trials()
    {
        var app = shared.App;
        var sweep = await TrainedSweepAsync(app);

        var table = await app.Client.GetJsonAsync($"/api/reports/confusion?sweep={sweep}&format=json");

        table.GetProperty("rows").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Tables_are_listed_with_a_line_about_each()
    {
        var tables = await shared.App.Client.GetJsonAsync("/api/reports");

        tables.EnumerateArray().Select(table => table.GetProperty("name").GetString()).ShouldContain("sensitivity");
        tables[0].GetProperty("description").GetString().ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("/api/reports/metrics", HttpStatusCode.BadRequest)]
    [InlineData("/api/reports/metrics?sweep=1&format=word", HttpStatusCode.BadRequest)]
    [InlineData("/api/reports/no-such?sweep=1", HttpStatusCode.NotFound)]
    [InlineData("/api/reports/metrics?sweep=999999", HttpStatusCode.NotFound)]
    public async Task Wrong_questions_are_told(string url, HttpStatusCode status)
    {
        using var response = await shared.App.Client.GetAsync(url);

        response.StatusCode.ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    private static async Task<long> TrainedSweepAsync(TestApp app)
    {
        var (sweep, trials) = await Some.StoredSweepAsync(app, trials: 2);
        foreach (var trial in trials)
        {
            app.Events.Append(trial, new StateChanged(TrialState.Running, 1) { At = Some.Time });
            app.Events.Append(
                trial,
                new MetricsReported(
                    MetricScope.Epoch,
                    10,
                    1,
                    new Dictionary<string, double> { ["val/accuracy"] = 0.5, ["val/macro_f1"] = 0.4 },
                    IsBest: true
                )
                {
                    At = Some.Time,
                }
            );
            app.Events.Append(
                trial,
                new ConfusionReported(
                    "val",
                    1,
                    ["anger", "joy"],
                    [
                        [7, 1],
                        [2, 5],
                    ]
                )
                {
                    At = Some.Time,
                }
            );
            app.Events.Append(trial, new StateChanged(TrialState.Completed, 1) { At = Some.Time });
        }
        await app.Events.FlushAsync(default);
        return sweep;
    }
}
