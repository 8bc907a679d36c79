using System.Text.Json;

namespace SqsNet.Cli.Tests.Commands;

public sealed class ModelsCommandTests
{
    [Fact]
    public async Task Models_are_listed_in_json_with_what_they_cost()
    {
        using var models = JsonDocument.Parse(await Cli.DoAsync("models", "--json"));

        var resnet = models.RootElement.EnumerateArray().Single(m => m.GetProperty("name").GetString() == "resnet18");
        resnet.GetProperty("parameters").GetInt64().ShouldBe(11_180_103); // torchvision's 11,689,512 with 7 classes
        resnet.GetProperty("macs").GetInt64().ShouldBeInRange(1_800_000_000, 1_830_000_000);
        resnet.GetProperty("imageSize").GetInt32().ShouldBe(224);
        resnet.GetProperty("keyCount").GetInt32().ShouldBe(122);
        models.RootElement.EnumerateArray().Select(m => m.GetProperty("name").GetString()).ShouldContain("sqsnet");
    }

    [Fact]
    public async Task Table_has_a_line_per_model()
    {
        var lines = (await Cli.DoAsync("models")).Split('\n');

        lines.ShouldContain(line => line.StartsWith("resnet18 ") && line.Contains("11,180,103"));
    }
}
