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
        var device = system.GetProperty("device");
        device.GetProperty("devices")[0].GetString().ShouldBe("cpu");
        device.GetProperty("threads").GetInt32().ShouldBeGreaterThan(0);
        device.GetProperty("blasGigaflops").GetDouble().ShouldBeGreaterThan(0);
        device.GetProperty("blas").GetString()!.ShouldContain("blas");
        system.GetProperty("versions").GetProperty("libtorch").GetString()!.ShouldMatch(@"^\d+\.\d+");
        system.GetProperty("uptimeSeconds").GetDouble().ShouldBeGreaterThan(0);
        system.GetProperty("dataDirectory").GetString().ShouldBe(shared.App.Data);
    }
}
