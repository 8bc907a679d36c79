using System.Diagnostics;

namespace SqsNet.Web.Tests.Live;

public sealed class SeriesScriptTests
{
    [Fact]
    public Task Series_of_the_browser_keep_to_the_rules_of_the_store() => RunAsync("series", 9);

    [Fact]
    public Task Means_of_the_browser_are_those_of_the_statistics() => RunAsync("means", 4);

    private static async Task RunAsync(string module, int tests)
    {
        var output = AppContext.BaseDirectory;
        var start = new ProcessStartInfo(
            "node",
            ["--test", "--test-reporter=tap", Path.Combine(output, $"{module}.test.mjs")]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[module.ToUpperInvariant()] = new Uri(Path.Combine(output, $"{module}.mjs")).AbsoluteUri;
        using var node = Start(start);
        if (node is null)
        {
            Assert.Skip("node is not installed");
            return;
        }

        var errors = node.StandardError.ReadToEndAsync();
        var report = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();

        node.ExitCode.ShouldBe(0, report + await errors);
        report.ShouldContain($"# pass {tests}");
    }

    private static Process? Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
