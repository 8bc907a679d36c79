using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SqsNet.Cli.Tests.Commands;

public sealed class ModelsCommandTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"sqsnet-{Guid.NewGuid():N}");

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
        // Beside the paper's figures, what is wrong with them.
        lines.ShouldContain(line => line.StartsWith("sqsnet ") && line.Contains("89,572,962") && line.Contains("43.5"));
        lines.ShouldContain(line => line.StartsWith("Paper on sqsnet: 43.5 M is less than its two trunks' 89.6 M"));
    }

    [Fact]
    public async Task Measured_numbers_are_kept_and_shown_by_later_commands()
    {
        const string name = "efficientnet_tiny_stride8";
        (await Cli.DoAsync("models", "--data", _folder)).ShouldContain("Nothing has been measured here yet");

        await Cli.DoAsync("models", "--data", _folder, "--device", "cpu", "--measure", name);

        var table = await Cli.DoAsync("models", "--data", _folder);
        table.ShouldContain("1 measured on ");
        table.ShouldContain(" repetitions of one image.");
        using var models = JsonDocument.Parse(await Cli.DoAsync("models", "--data", _folder, "--json"));
        foreach (var model in models.RootElement.EnumerateArray())
        {
            var speeds = model.GetProperty("speeds").EnumerateArray().ToList();
            speeds.Count.ShouldBe(model.GetProperty("name").GetString() == name ? 1 : 0);
            foreach (var speed in speeds)
            {
                speed.GetProperty("device").GetString().ShouldBe("cpu");
                var times = speed.GetProperty("single").GetProperty("times");
                times.GetProperty("medianSeconds").GetDouble().ShouldBeGreaterThan(0);
                table.ShouldContain($"{1000 * times.GetProperty("medianSeconds").GetDouble():N2}");
            }
        }
    }

    [Fact]
    public async Task A_model_that_does_not_exist_is_not_measured_and_the_nearest_is_named()
    {
        var (code, _, error) = await Cli.RunAsync("models", "--data", _folder, "--measure", "resnet81");

        code.ShouldBe(SqsCli.BadUsage);
        error.ShouldContain("--measure: there is no model \"resnet81\"; did you mean \"resnet18\"?");
        Directory.Exists(_folder).ShouldBeFalse();
    }

    [Fact]
    public async Task Numbers_that_cannot_be_read_leave_the_list_as_it_is_and_are_told_of()
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "efficiency.json"), "{ half", None);

        var table = await Cli.DoAsync("models", "--data", _folder);

        table.ShouldContain("11,180,103");
        table.ShouldContain("efficiency.json cannot be read");
    }

    [Fact]
    public async Task Parity_has_a_line_per_part_and_ends_with_an_error_where_one_differs()
    {
        var arch = Path.Combine(_folder, "arch");
        Directory.CreateDirectory(arch);
        var reference = await File.ReadAllTextAsync(Path.Combine(References(), "arch", "resnet18.json"), None);
        await File.WriteAllTextAsync(Path.Combine(arch, "resnet18.json"), reference, None);

        var equal = await Cli.DoAsync("models", "--parity", _folder);
        equal.Split('\n').Count(line => line.StartsWith("resnet18 ")).ShouldBe(9);
        equal.ShouldContain("9 parts equal their reference, 0 differ.");

        var wrong = reference.Replace("\"params\":11180103", "\"params\":11180104");
        wrong.ShouldNotBe(reference);
        await File.WriteAllTextAsync(Path.Combine(arch, "resnet18.json"), wrong, None);

        var (code, output, _) = await Cli.RunAsync("models", "--parity", _folder);
        code.ShouldBe(SqsCli.Failed);
        output.ShouldContain("parameters: 11180103, not 11180104  DIFFERS");
        output.ShouldContain("8 parts equal their reference, 1 differ.");
    }

    [Fact]
    public async Task Parity_without_references_names_the_folder_and_what_it_should_hold()
    {
        var (code, _, error) = await Cli.RunAsync("models", "--parity", _folder);
        code.ShouldBe(SqsCli.Failed);
        error.ShouldContain(_folder);
        error.ShouldContain("arch/*.json");
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private static string References([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "reference");
}
