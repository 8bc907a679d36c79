namespace SqsNet.Cli.Tests;

/// <summary>The command line within this process.</summary>
internal static class Cli
{
    /// <summary>Runs one command line, whatever comes of it.</summary>
    internal static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await SqsCli.RunAsync(args, output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Runs one command line that must succeed.</summary>
    /// <returns>What it printed.</returns>
    internal static async Task<string> DoAsync(params string[] args)
    {
        var (code, output, error) = await RunAsync(args);
        code.ShouldBe(SqsCli.Done, $"{string.Join(' ', args)}: {output}{error}");
        error.ShouldBeEmpty();
        return output;
    }
}
