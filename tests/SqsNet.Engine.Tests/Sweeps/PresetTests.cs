using System.Runtime.CompilerServices;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Tests.Sweeps;

public class PresetTests
{
    public static TheoryData<string> Presets =>
        [
            .. Directory
                .EnumerateFiles(Folder(), "*.json")
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Presets))]
    public void Every_preset_is_valid(string file) => Read(file).Validate().ShouldBeEmpty();

    [Theory]
    [InlineData("demo.json", 6)]
    [InlineData("table-4-sensitivity.json", 22 * 5)]
    [InlineData("table-7-ablation.json", 6 * 5)]
    [InlineData("table-2-architectures.json", 12 * 5)]
    [InlineData("paper.json", 5)]
    [InlineData("tuned.json", 5)]
    [InlineData("ferplus-tiny.json", 1)]
    public void Presets_make_the_trials_that_their_notes_promise(string file, int trials) =>
        SweepPlan.CountTrials(Read(file)).ShouldBe(trials);

    [Fact]
    public void The_papers_preset_is_the_defaults_written_out()
    {
        var paper = Read("paper.json");
        SweepSpecJson
            .Serialize(SpecPath.Trial(paper, SweepPlan.Preview(paper)[0], 0))
            .ShouldBe(
                SweepSpecJson.Serialize(
                    SpecPath.Trial(
                        new SweepSpec { Dataset = "rafdb", Model = paper.Model },
                        new Dictionary<string, System.Text.Json.JsonElement>(),
                        0
                    )
                )
            );
        Engine.Models.ModelRegistry.Resolve(new() { Name = "sqsnet" }).ShouldBe(paper.Model);
    }

    private static SweepSpec Read(string file) => SweepSpecJson.Parse(File.ReadAllText(Path.Combine(Folder(), file)));

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "../../../presets");
}
