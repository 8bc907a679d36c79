using Microsoft.Extensions.Logging.Abstractions;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;

namespace SqsNet.Cli.Tests.Commands;

[Collection(TrainedSweep.Collection)]
public sealed class SweepExtensionTests(TrainedSweep trained)
{
    [Fact]
    public async Task More_epochs_go_on_from_the_checkpoints_of_trials_that_were_through()
    {
        var spec = trained.File("short.json");
        await File.WriteAllTextAsync(spec, await ReadShortAsync());
        var data = trained.File("extended");
        await ImportAsync(data);
        await Cli.DoAsync(["sweep", spec, "--data", data, "--device", "cpu"]);

        var output = await Cli.DoAsync([
            "sweep",
            "extend",
            "1",
            "--epochs",
            "3",
            "--seeds",
            "5",
            "--data",
            data,
            "--device",
            "cpu",
            "--follow",
        ]);

        output.ShouldContain("completed: 2 completed.");
        output.ShouldContain("trial 1: epoch 3: ");
        output.ShouldNotContain("trial 1: epoch 2: "); // it went on where it was
        output.ShouldContain("trial 2: epoch 1: ");
        var again = await Cli.RunAsync(["sweep", "extend", "1", "--epochs", "3", "--data", data]);
        again.Code.ShouldBe(SqsCli.BadUsage);
        again.Error.ShouldContain("epochs: must be more than the 3 that there are");
        var queued = await Cli.RunAsync(["sweep", "queue", "1", "--priority", "3", "--data", data]);
        queued.Code.ShouldBe(SqsCli.Failed);
        queued.Error.ShouldContain("Sweep 1 has ended");
    }

    [Theory]
    [InlineData(SweepState.Paused)]
    [InlineData(SweepState.Running)]
    public async Task A_paused_trial_goes_on_with_the_extension_whether_or_not_its_sweep_is_paused_too(SweepState state)
    {
        var data = trained.File($"left {state}");
        await ImportAsync(data);
        await LeavePausedTrialAsync(data, state);

        var output = await Cli.DoAsync(["sweep", "extend", "1", "--seeds", "5", "--data", data, "--device", "cpu"])
            .WaitAsync(TimeSpan.FromMinutes(2));

        output.ShouldContain("sweep 1: what was paused goes on, 1 of its trials");
        output.ShouldContain("completed: 2 completed.");
    }

    /// <summary>The trained sweep's specification with one configuration and one seed.</summary>
    private async Task<string> ReadShortAsync() =>
        (await File.ReadAllTextAsync(trained.Spec))
            .Replace("\"seeds\": [0, 1]", "\"seeds\": [0]")
            .Replace("[0.5, 1.0]", "[1.0]");

    private static Task ImportAsync(string data) =>
        Cli.DoAsync(["import", "synthetic", "--name", "few", "--faces", "84,28,28", "--size", "32", "--data", data]);

    /// <summary>A store as a dashboard leaves it: a sweep in a state, whose only trial somebody has paused.</summary>
    private async Task LeavePausedTrialAsync(string data, SweepState state)
    {
        var spec = SweepSpecJson.Parse(await ReadShortAsync());
        var changes = new ChangeFeed();
        using var database = SqsDatabase.Open(data);
        var store = new SweepStore(database, changes, TimeProvider.System);
        var id = await store.AddSweepAsync(spec, 1, default);
        var assignment = SweepPlan.Preview(spec)[0];
        var trial = new NewTrial(id, 0, 0, assignment, SpecPath.Trial(spec, assignment, spec.Seeds[0]));
        var added = await store.AddTrialsAsync([trial], default);
        await using var log = new EventLog(database, changes, TimeProvider.System, NullLogger<EventLog>.Instance);
        log.Append(added[0].Id, new StateChanged(TrialState.Paused, 1, null));
        await log.FlushAsync(default);
        await store.SetSweepStateAsync(id, state, null, default);
    }
}
