using System.Text.Json;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;

namespace SqsNet.Cli.Tests.Commands;

[Collection(TrainedSweep.Collection)]
public sealed class TrainCommandTests(TrainedSweep trained)
{
    [Fact]
    public async Task The_first_trial_of_a_sweep_is_trained_into_a_folder_of_its_own()
    {
        var output = await TrainAsync("first");

        var folder = new TrialFolder(trained.File("first"));
        output.ShouldContain("completed");
        output.ShouldContain(folder.Path);
        var events = JsonlEventSink.Read(folder.EventsPath).ToList();
        events.OfType<StateChanged>().Select(s => s.State).ShouldBe([TrialState.Running, TrialState.Completed]);
        events.OfType<MetricsReported>().Count(m => m.Scope == MetricScope.Epoch).ShouldBe(2);
        File.Exists(Path.Combine(folder.Path, "best.safetensors")).ShouldBeTrue();
        Directory.GetFiles(Path.Combine(folder.Path, "checkpoint")).Length.ShouldBe(2);
        using var metrics = JsonDocument.Parse(await File.ReadAllTextAsync(folder.MetricsPath));
        metrics.RootElement.GetProperty("state").GetString().ShouldBe("completed");
        var first = (await trained.ReadTrialsAsync())[0];
        metrics
            .RootElement.GetProperty("metrics")
            .GetProperty("test/accuracy")
            .GetDouble()
            .ShouldBe(first.Best["test/accuracy"], "the same trial as the sweep's first");
    }

    [Fact]
    public async Task A_dataset_that_is_not_there_is_answered_with_those_that_are_and_without_a_stack()
    {
        var spec = trained.File("unknown.json");
        await File.WriteAllTextAsync(spec, """{ "name": "x", "dataset": "ferplsu", "seeds": [0] }""");

        var (code, output, error) = await Cli.RunAsync(
            "train",
            spec,
            "--out",
            trained.File("unknown"),
            "--data",
            trained.Data
        );

        code.ShouldBe(SqsCli.Failed);
        (output + error).ShouldContain("Dataset 'ferplsu' (there are synthetic");
        (output + error).ShouldNotContain(" at SqsNet.");
    }

    [Fact]
    public async Task A_folder_with_another_trial_is_refused_by_the_option_that_names_it()
    {
        Directory.CreateDirectory(trained.File("taken"));
        await File.WriteAllTextAsync(trained.File("taken/trial.json"), "{}");

        var (code, _, error) = await Cli.RunAsync("train", trained.Spec, "--out", trained.File("taken"));

        code.ShouldBe(SqsCli.Failed);
        error.ShouldContain("--out");
    }

    [Fact]
    public async Task A_folder_with_a_description_is_trained_by_trial_run_and_again_goes_on_from_its_checkpoint()
    {
        var folder = TrialFolder.Create(
            trained.File("described"),
            new TrialDescription { Spec = (await trained.ReadTrialsAsync())[2].Spec, Device = "cpu" }
        );

        await Cli.DoAsync("trial", "run", folder.Path, "--data", trained.Data);
        var once = folder.ReadSummary();
        await Cli.DoAsync("trial", "run", folder.Path, "--data", trained.Data);

        once.State.ShouldBe(TrialState.Completed);
        once.Metrics["test/accuracy"].ShouldBe((await trained.ReadTrialsAsync())[2].Best["test/accuracy"]);
        folder.ReadSummary().Attempts.ShouldBe(2);
        JsonlEventSink
            .Read(folder.EventsPath)
            .OfType<MetricsReported>()
            .Count(m => m.Scope == MetricScope.Epoch)
            .ShouldBe(2, "the second attempt had nothing left to train");
    }

    [Fact]
    public async Task A_folder_without_a_description_is_named()
    {
        var (code, _, error) = await Cli.RunAsync("trial", "run", trained.File("nothing"));

        code.ShouldBe(SqsCli.Failed);
        error.ShouldContain(Path.Combine(trained.File("nothing"), "trial.json"));
    }

    private Task<string> TrainAsync(string folder) =>
        Cli.DoAsync("train", trained.Spec, "--out", trained.File(folder), "--data", trained.Data, "--device", "cpu");
}
