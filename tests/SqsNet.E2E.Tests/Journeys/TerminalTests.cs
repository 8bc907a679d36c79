using System.Diagnostics;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>What a running server is asked from a terminal.</summary>
public sealed class TerminalTests
{
    [Fact]
    public async Task A_sweep_is_paused_resumed_and_stopped_and_a_trial_forked_from_a_terminal()
    {
        await using var dashboard = await Dashboard.StartNewAsync();
        await dashboard.Api.DrawFacesAsync(Theatre.Faces, train: 140, validation: 42, test: 42);
        var sweep = await dashboard.Api.StartAsync(new TinySweep(Theatre.Faces, Epochs: 400, Faces: 96, [0.5], [0]));
        var trial = (long)(await dashboard.Api.TrialsAsync(sweep))[0]["id"]!;
        await dashboard.Api.WaitForStepAsync(trial, 8);

        (await RunAsync("sweep", "pause", $"{sweep}")).ShouldBe((0, $"sweep {sweep}: pause"));
        await dashboard.Api.WaitForStateAsync($"/api/trials/{trial}", "paused");
        var forked = await RunAsync("trial", "fork", $"{trial}", "--set", "sqs.tau=2", "training.epochs=401");
        forked.Code.ShouldBe(0, forked.Output);
        var fork = (await dashboard.Api.TrialsAsync(sweep))[1];
        ((long)fork["parentId"]!).ShouldBe(trial);
        ((double)fork["assignment"]!["sqs.tau"]!).ShouldBe(2);
        (await RunAsync("sweep", "resume", $"{sweep}")).Code.ShouldBe(0);
        await dashboard.Api.WaitForStateAsync($"/api/sweeps/{sweep}", "running");
        (await RunAsync("trial", "stop", $"{trial}")).Code.ShouldBe(0);
        await dashboard.Api.WaitForStateAsync($"/api/trials/{trial}", "stopped");

        var (code, refusal) = await RunAsync("trial", "pause", $"{trial}");
        code.ShouldBe(1);
        refusal.ShouldContain("sqsnet: ");
        (await RunAsync("trial", "pause", "4711")).Output.ShouldContain("4711 does not exist");
        (await RunAsync("sweep", "stop", $"{sweep}")).Code.ShouldBe(0);
        await dashboard.Api.WaitForStateAsync($"/api/sweeps/{sweep}", "stopped");

        async Task<(int Code, string Output)> RunAsync(params string[] args)
        {
            var program = Path.Combine(Repository.Root, "SqsNet.Cli", "bin", "Release", "net10.0", "sqsnet.dll");
            var start = new ProcessStartInfo(
                "dotnet",
                [program, .. args, "--server", dashboard.Link.GetLeftPart(UriPartial.Authority)]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                Environment = { ["SQSNET_TOKEN"] = Dashboard.Token },
            };
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync();
            var error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, (output + error).Trim());
        }
    }
}
