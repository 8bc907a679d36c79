using System.Net;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Tests.Api;

public sealed class RelationsApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private const string TwoTrials = """
        { "name": "tau", "dataset": "synthetic", "model": { "name": "sqsnet-tiny" }, "seeds": [0],
          "training": { "epochs": 1 }, "strategy": { "kind": "grid" },
          "space": { "sqs.tau": { "values": [0.5, 2] } } }
        """;

    [Fact]
    public async Task Columns_are_told_value_by_value_in_the_order_of_the_trials()
    {
        var id = await TrainedAsync();

        var told = await shared.App.Client.GetJsonAsync($"/api/sweeps/{id}/relations?cols=tau,state");

        told.GetProperty("numbers").EnumerateArray().Select(n => n.GetInt32()).ShouldBe([0, 1]);
        var axes = told.GetProperty("axes");
        axes[0].GetProperty("key").GetString().ShouldBe("sqs.tau");
        axes[0].GetProperty("scale").GetString().ShouldBe("linear");
        axes[0].GetProperty("values").EnumerateArray().Select(v => v.GetDouble()).ShouldBe([0.5, 2]);
        axes[1].GetProperty("words")[0].GetString().ShouldBe("completed");
    }

    [Fact]
    public async Task A_column_that_is_not_there_is_named()
    {
        var id = await TrainedAsync();
        (await ErrorAsync($"/api/sweeps/{id}/relations?cols=tau,tua", "cols")).ShouldContain("'tua'");
    }

    [Fact]
    public async Task A_surface_of_too_few_configurations_is_nothing_and_of_no_numbers_an_error()
    {
        var id = await TrainedAsync();

        using var few = await GetAsync($"/api/sweeps/{id}/surface?x=sqs.tau&y=sqs.margin");
        few.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ErrorAsync($"/api/sweeps/{id}/surface?x=sqs.tau", "y")).ShouldContain("no numeric path");
        using var nowhere = await GetAsync("/api/sweeps/99999/surface?x=sqs.tau&y=sqs.margin");
        nowhere.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<long> TrainedAsync()
    {
        using var response = await shared.App.Client.PostJsonAsync("/api/sweeps", TwoTrials);
        var id = (await response.ReadJsonAsync()).GetProperty("id").GetInt64();
        await shared.App.Get<SweepManager>().WaitAsync(id, default);
        return id;
    }

    private Task<HttpResponseMessage> GetAsync(string path) =>
        shared.App.Client.GetAsync(new Uri(path, UriKind.Relative));

    private async Task<string> ErrorAsync(string path, string key)
    {
        using var wrong = await GetAsync(path);
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        return (await wrong.ReadJsonAsync()).GetProperty("errors").GetProperty(key)[0].GetString()!;
    }
}
