using SqsNet.Engine.Sweeps;

namespace SqsNet.Cli.Tests.Commands;

[Collection(TrainedSweep.Collection)]
public sealed class SweepCommandTests(TrainedSweep trained)
{
    [Fact]
    public async Task Every_configuration_is_trained_with_every_seed_into_the_store_and_its_folder()
    {
        var trials = await trained.ReadTrialsAsync();

        trials
            .Select(trial => (trial.Spec.Sqs.Tau, trial.Spec.Seed))
            .ShouldBe([(1.0, 0), (1.0, 1), (0.5, 0), (0.5, 1)], ignoreOrder: true);
        trials.ShouldAllBe(trial => trial.State == TrialState.Completed && trial.Epoch == 2 && trial.Attempts == 1);
        trials.ShouldAllBe(trial => trial.Best["test/accuracy"] >= 0 && trial.Best["test/accuracy"] <= 1);
        foreach (var trial in trials)
            File.Exists(Path.Combine(trained.Data, "trials", $"{trial.Id}", "best.safetensors")).ShouldBeTrue();
    }

    [Fact]
    public void Its_number_its_epochs_and_its_end_are_told()
    {
        var lines = trained.Output.Split('\n');

        lines[0].ShouldBe("sweep 1");
        lines
            .Count(line =>
                line.StartsWith("trial 3: epoch 2: train/loss ") || line.StartsWith("trial 3: epoch 2: val/")
            )
            .ShouldBe(1);
        lines.ShouldContain("completed: 4 completed.");
        lines.ShouldContain("Read it with: ./sqsnet report metrics --sweep 1");
    }
}
