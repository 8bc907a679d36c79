using System.Diagnostics;
using System.Globalization;
using Dapper;
using SqsNet.Engine.Events;

namespace SqsNet.Storage.Tests.Events;

public sealed class CrashTests
{
    private const int Kills = 5;

    [Fact]
    public async Task Killed_while_writing_the_store_keeps_everything_acknowledged_and_is_whole()
    {
        var directory = Directory.CreateTempSubdirectory("sqsnet-").FullName;
        await using (var store = new TestStore(directory))
        {
            var sweep = await store.AddSweepAsync();
            await store.Sweeps.AddTrialsAsync([Some.Trial(sweep, 0), Some.Trial(sweep, 1)], default);
        }
        long acknowledged = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            acknowledged = await WriteUntilKilledAsync(directory, acknowledged + 37 * (3 + 5 * kill));

            await using var store = new TestStore(directory);
            (await QueryAsync(store, "PRAGMA integrity_check")).ShouldBe("ok");
            foreach (var sweep in await store.Sweeps.ListSweepsAsync(default))
            foreach (var trial in await store.Sweeps.ListTrialsAsync(sweep.Id, default))
            {
                trial.LastSeq.ShouldBeGreaterThanOrEqualTo(acknowledged);
                await ShouldHoldAsync(store, trial.Id, trial.LastSeq);
            }
        }
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>Every event up to the last, each with what was written, in the log and in the series.</summary>
    private static async Task ShouldHoldAsync(TestStore store, long trialId, long lastSeq)
    {
        var read = await store.Log.ReadAsync(trialId, 0, int.MaxValue, default);
        read.Select(e => e.Seq).ShouldBe(Enumerable.Range(1, (int)lastSeq).Select(i => (long)i));
        read.ShouldAllBe(e =>
            TrialEventJson.Serialize(e.Event) == TrialEventJson.Serialize(CrashWriter.Event(trialId, e.Seq))
        );
        var series = await store.Series.ReadAsync(trialId, "train/loss", 0, 1_000_000, default);
        series
            .Points.Select(p => (p.Step, p.Value))
            .ShouldBe(Enumerable.Range(1, (int)lastSeq).Select(i => ((long)i, CrashWriter.Value(trialId, i))));
    }

    private static Task<string> QueryAsync(TestStore store, string sql) =>
        store.Database.ReadAsync(connection => connection.QuerySingle<string>(sql), default);

    /// <summary>Runs the writer until it has acknowledged a step, then kills it without warning.</summary>
    /// <returns>The last acknowledged step.</returns>
    private static async Task<long> WriteUntilKilledAsync(string directory, long wanted)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CrashWriter).Assembly.Location, CrashWriter.Verb, directory])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start).ShouldNotBeNull();
        long acknowledged = 0;
        while (acknowledged < wanted)
        {
            var line = await process.StandardOutput.ReadLineAsync();
            acknowledged = long.Parse(line.ShouldNotBeNull("the writer ended by itself"), CultureInfo.InvariantCulture);
        }
        process.Kill();
        // What it had said before it died counts as acknowledged too.
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            // The kill may have cut the last line.
            if (long.TryParse(line, CultureInfo.InvariantCulture, out var step) && step > acknowledged)
                acknowledged = step;
        }
        await process.WaitForExitAsync();
        return acknowledged;
    }
}
