namespace SqsNet.Cli.Tests;

public sealed class SqsCliTests
{
    [Theory]
    [InlineData("dance", "dance")]
    [InlineData("report sensitivity", "--sweep")]
    [InlineData("report nonsense --sweep 1", "nonsense")]
    [InlineData("report metrics --sweep 1 --format pdf", "pdf")]
    [InlineData("import ferplus somewhere", "--name")]
    [InlineData("train x.json --device gpu", "--device")]
    public async Task Bad_usage_exits_with_2_and_names_the_option(string line, string named)
    {
        var (code, _, error) = await Cli.RunAsync(line.Split(' '));
        code.ShouldBe(SqsCli.BadUsage);
        error.ShouldContain(named);
    }

    [Fact]
    public async Task A_missing_specification_is_named()
    {
        var (code, _, error) = await Cli.RunAsync("train", "no-such.json");
        code.ShouldBe(SqsCli.Failed);
        error.ShouldContain("no-such.json");
    }

    [Fact]
    public async Task A_specification_with_problems_is_bad_usage_and_lists_each_with_its_path()
    {
        var file = Path.Combine(Path.GetTempPath(), $"sqsnet-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, """{ "sqs": { "tau": "hot", "lamda": 1 } }""");
        try
        {
            var (code, _, error) = await Cli.RunAsync("train", file);
            code.ShouldBe(SqsCli.BadUsage);
            error.ShouldContain("sqs.tau");
            error.ShouldContain("did you mean \"lambda\"?");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("train")]
    [InlineData("sweep")]
    public async Task A_file_that_is_no_specification_at_all_is_named(string verb)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "{\n  \"name\": tau\n}");
        try
        {
            var (code, _, error) = await Cli.RunAsync(verb, file);
            code.ShouldBe(SqsCli.BadUsage);
            error.ShouldContain($"\"{file}\": is not JSON at line 2, column 12: ");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_data_directory_without_a_store_is_named_with_the_remedy()
    {
        var (code, _, error) = await Cli.RunAsync("report", "metrics", "--sweep", "1", "--data", "/nonexistent-sqsnet");
        code.ShouldBe(SqsCli.Failed);
        error.ShouldContain("/nonexistent-sqsnet");
        error.ShouldContain("--data");
    }
}
