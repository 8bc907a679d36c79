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
}
