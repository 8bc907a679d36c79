using SqsNet.Engine.Efficiency;

namespace SqsNet.Engine.Tests.Efficiency;

public sealed class SpeedFileTests : IDisposable
{
    private static readonly DateTimeOffset s_day = new(2026, 5, 17, 9, 30, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    private string FilePath => Path.Combine(_folder.Path, SpeedFile.FileName);

    [Fact]
    public void What_is_kept_is_read_again_to_the_last_digit()
    {
        var kept = Some.Speed("resnet18", s_day) with { Batch = null, BatchProblem = "does not fit" };
        new SpeedFile(_folder.Path).Keep(kept);
        new SpeedFile(_folder.Path).Read().Speeds.ShouldBe([kept]);
        new SpeedFile(_folder.Path).Read().Problem.ShouldBeNull();
    }

    [Fact]
    public void Before_the_first_measurement_there_is_nothing_and_no_problem()
    {
        var kept = new SpeedFile(Path.Combine(_folder.Path, "not", "there")).Read();
        kept.Speeds.ShouldBeEmpty();
        kept.Problem.ShouldBeNull();
    }

    [Fact]
    public void A_newer_measurement_takes_the_place_of_one_under_the_same_conditions_only()
    {
        var file = new SpeedFile(_folder.Path);
        var old = Some.Speed("resnet18", s_day);
        file.Keep(old);
        file.Keep(old with { Threads = 7 });
        file.Keep(old with { Model = "mobilefacenet" });
        var newer = old with { MeasuredAt = s_day.AddDays(1), Library = "libtorch 9.9.9" };
        file.Keep(newer);

        file.Read()
            .Speeds.ShouldBe(
                [newer, old with { Threads = 7 }, old with { Model = "mobilefacenet" }],
                ignoreOrder: true
            );
        file.Read().Find("resnet18", 224).ShouldBe(newer);
        file.Read().Find("resnet18", 64).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{ \"version\": 1, \"measurements\": [ { \"model\": \"resnet18\"")]
    [InlineData("{ \"version\": 1, \"measurements\": null }")]
    [InlineData("{ \"version\": 2, \"measurements\": [] }")]
    public void A_file_that_cannot_be_read_is_told_of_and_put_aside_by_the_next_measurement(string damaged)
    {
        File.WriteAllText(FilePath, damaged);
        var file = new SpeedFile(_folder.Path);

        var kept = file.Read();
        kept.Speeds.ShouldBeEmpty();
        kept.Problem.ShouldNotBeNull().ShouldContain(FilePath);

        file.Keep(Some.Speed("resnet18", s_day));
        file.Read().Problem.ShouldBeNull();
        file.Read().Speeds.Count.ShouldBe(1);
        File.ReadAllText(FilePath + ".damaged").ShouldBe(damaged);
    }

    public void Dispose() => _folder.Dispose();
}
