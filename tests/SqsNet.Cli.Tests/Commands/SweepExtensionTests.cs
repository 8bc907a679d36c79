using SqsNet.Engine.Sweeps;

namespace SqsNet.Cli.Tests.Commands;

[Collection(TrainedSweep.Collection)]
public sealed class SweepExtensionTests(TrainedSweep trained)
{
    [Fact]
    public async Task More_epochs_go_on_from_the_checkpoints_of_trials_that_were_through()
    {
        var spec = trained.File("short.json");
        var one = (await File.ReadAllTextAsync(trained.Spec)).Replace("\"seeds\": [0, 1]", "\"seeds\": [0]");
        await File.WriteAllTextAsync(spec, one.Replace("[0.5, 1.0]", "[1.0]"));
        var data = trained.File("extended");
        await Cli.DoAsync([
            "import",
            "synthetic",
            "--name",
            "few",
            "--faces",
            "84,28,28",
            "--size",
            "32",
            "--data",
            data,
        ]);
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
}
