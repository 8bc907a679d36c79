using System.Net;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Tests.Api;

public sealed class SweepExtensionApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    [Fact]
    public async Task Completed_sweep_is_extended_and_goes_on()
    {
        var app = shared.App;
        var (sweep, trials) = await Some.StoredSweepAsync(app);
        var seeds = (await SpecAsync(sweep)).GetProperty("seeds").GetArrayLength();

        using var response = await app.Client.PostJsonAsync($"/api/sweeps/{sweep}/extend", """{ "seeds": [77] }""");

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await SpecAsync(sweep)).GetProperty("seeds").GetArrayLength().ShouldBe(seeds + 1);
        var all = await app.Client.GetJsonAsync($"/api/sweeps/{sweep}/trials");
        all.GetArrayLength().ShouldBeGreaterThan(trials.Length);
        all[all.GetArrayLength() - 1].GetProperty("seed").GetInt32().ShouldBe(77);
    }

    [Theory]
    [InlineData("{}", "seeds")]
    [InlineData("""{ "seed": [1] }""", "seed")]
    [InlineData("""{ "trials": 5, "epochs": 1 }""", "trials", "epochs")]
    public async Task What_is_no_extension_is_refused_with_every_problem(string body, params string[] paths)
    {
        var app = shared.App;
        var (sweep, _) = await Some.StoredSweepAsync(app);

        using var response = await app.Client.PostJsonAsync($"/api/sweeps/{sweep}/extend", body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var errors = (await response.ReadJsonAsync()).GetProperty("errors");
        foreach (var path in paths)
            errors.TryGetProperty(path, out _).ShouldBeTrue(path);
    }

    [Fact]
    public async Task Place_in_the_queue_is_kept_with_the_specification()
    {
        var app = shared.App;
        var (sweep, _) = await Some.StoredSweepAsync(app);
        await app.Get<Engine.Events.ISweepStore>().SetSweepStateAsync(sweep, SweepState.Paused, null, default);

        using var placed = await app.Client.PostJsonAsync(
            $"/api/sweeps/{sweep}/queue",
            """{ "priority": 7, "share": 3 }"""
        );
        using var absurd = await app.Client.PostJsonAsync($"/api/sweeps/{sweep}/queue", """{ "share": 0 }""");

        placed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        absurd.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var executor = (await SpecAsync(sweep)).GetProperty("executor");
        (executor.GetProperty("priority").GetInt32(), executor.GetProperty("share").GetInt32()).ShouldBe((7, 3));
    }

    private async Task<System.Text.Json.JsonElement> SpecAsync(long sweep) =>
        (await shared.App.Client.GetJsonAsync($"/api/sweeps/{sweep}")).GetProperty("spec");
}
