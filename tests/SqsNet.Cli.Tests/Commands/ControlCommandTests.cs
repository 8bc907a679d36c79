namespace SqsNet.Cli.Tests.Commands;

public sealed class ControlCommandTests
{
    [Theory]
    [InlineData("sweep", "pause")]
    [InlineData("sweep", "resume")]
    [InlineData("sweep", "stop")]
    [InlineData("trial", "pause")]
    [InlineData("trial", "resume")]
    [InlineData("trial", "stop")]
    [InlineData("trial", "fork")]
    public async Task Where_no_server_answers_that_is_said_with_what_would_help(string kind, string verb)
    {
        var (code, _, error) = await Cli.RunAsync(
            kind,
            verb,
            "1",
            "--server",
            "http://127.0.0.1:9",
            "--token",
            "secret"
        );
        code.ShouldBe(SqsCli.Failed);
        error.ShouldContain("No server answers at http://127.0.0.1:9");
        error.ShouldContain("./sqsnet serve");
        error.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("--server must be an address", "sweep", "stop", "1", "--server", "here", "--token", "t")]
    [InlineData("--token is missing", "sweep", "stop", "1")]
    [InlineData("--set takes PATH=VALUE", "trial", "fork", "1", "--set", "tau", "--token", "t")]
    public async Task What_cannot_be_meant_is_named(string expected, params string[] args)
    {
        var (code, _, error) = await Cli.RunAsync(args);
        code.ShouldBe(SqsCli.BadUsage);
        error.ShouldContain(expected);
    }
}
