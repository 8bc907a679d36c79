namespace SqsNet.Web.Tests.Api;

public sealed class SystemApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    [Fact]
    public async Task System_tells_the_state_of_machine_process_and_store()
    {
        var system = await shared.App.Client.GetJsonAsync("/api/system");

        system.GetProperty("cpu").GetProperty("cores").GetInt32().ShouldBe(Environment.ProcessorCount);
        system.GetProperty("memory").GetProperty("processBytes").GetInt64().ShouldBeGreaterThan(0);
        system.GetProperty("memory").GetProperty("totalBytes").GetInt64().ShouldBeGreaterThan(0);
        system.GetProperty("store").GetProperty("condition").GetString().ShouldBe("healthy");
        system.GetProperty("store").GetProperty("bytes").GetInt64().ShouldBeGreaterThan(0);
        system.GetProperty("versions").GetProperty("runtime").GetString()!.ShouldContain(".NET");
        system.GetProperty("dataDirectory").GetString().ShouldBe(shared.App.Data);
    }

    [Fact]
    public async Task OpenApi_describes_every_route_of_the_api()
    {
        var document = await shared.App.Client.GetJsonAsync("/openapi/v1.json");

        document.GetProperty("openapi").GetString()!.ShouldStartWith("3.");
        var paths = document.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToArray();
        string[] expected =
        [
            "/api/sweeps",
            "/api/sweeps/{id}",
            "/api/sweeps/{id}/pause",
            "/api/sweeps/{id}/resume",
            "/api/sweeps/{id}/stop",
            "/api/sweeps/{id}/trials",
            "/api/trials/{id}",
            "/api/trials/{id}/pause",
            "/api/trials/{id}/resume",
            "/api/trials/{id}/stop",
            "/api/trials/{id}/series",
            "/api/trials/{id}/confusion",
            "/api/trials/{id}/quads",
            "/api/trials/{id}/quads/{quad}/maps",
            "/api/datasets",
            "/api/system",
        ];
        expected.Except(paths).ShouldBeEmpty();
    }
}
