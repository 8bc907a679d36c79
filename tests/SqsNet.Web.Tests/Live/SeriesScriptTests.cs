using System.Diagnostics;

namespace SqsNet.Web.Tests.Live;

public sealed class SeriesScriptTests
{
    [Fact]
    public async Task Series_of_the_browser_keep_to_the_rules_of_the_store()
    {
        var output = AppContext.BaseDirectory;
        var start = new ProcessStartInfo(
            "node",
            ["--test", "--test-reporter=tap", Path.Combine(output, "series.test.mjs")]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SERIES"] = new Uri(Path.Combine(output, "series.mjs")).AbsoluteUri;
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
        report.ShouldContain("# pass 8");
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
