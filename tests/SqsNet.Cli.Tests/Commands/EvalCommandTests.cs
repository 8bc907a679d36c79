using System.Text.Json;

namespace SqsNet.Cli.Tests.Commands;

[Collection(TrainedSweep.Collection)]
public sealed class EvalCommandTests(TrainedSweep trained)
{
    [Fact]
    public async Task Weights_of_a_trial_have_the_test_metrics_that_the_trial_reported()
    {
        foreach (var trial in (await trained.ReadTrialsAsync()).Take(2))
        {
            using var report = JsonDocument.Parse(await EvaluateAsync(trial.Id, "--json"));

            report.RootElement.GetProperty("model").GetString().ShouldBe("sqsnet-tiny");
            report.RootElement.GetProperty("faces").GetInt32().ShouldBe(28);
            var metrics = report.RootElement.GetProperty("metrics");
            foreach (var name in new[] { "test/accuracy", "test/macro_f1", "test/f1/anger" })
                metrics.GetProperty(name).GetDouble().ShouldBe(trial.Best[name], 1e-12, name);
            metrics.GetProperty("test/loss").GetDouble().ShouldBe(trial.Best["test/loss"], 1e-4);
        }
    }

    [Fact]
    public async Task Five_views_of_each_face_and_other_splits_can_be_asked_for()
    {
        var text = await EvaluateAsync(1, "--split", "val", "--tta", "5");

        text.ShouldStartWith("sqsnet-tiny on few (val, 28 faces,");
        text.ShouldContain("val/accuracy");
    }

    [Fact]
    public async Task Weights_of_another_model_are_refused()
    {
        var (code, _, error) = await Cli.RunAsync([
            "eval",
            "--weights",
            Weights(1),
            "--model",
            "resnet18",
            "--dataset",
            "few",
            "--data",
            trained.Data,
        ]);

        code.ShouldBe(SqsCli.Failed);
        error.ShouldContain("resnet18");
    }

    private string Weights(long trial) => Path.Combine(trained.Data, "trials", $"{trial}", "best.safetensors");

    private Task<string> EvaluateAsync(long trial, params string[] more) =>
        Cli.DoAsync([
            "eval",
            "--weights",
            Weights(trial),
            "--dataset",
            "few",
            "--data",
            trained.Data,
            "--device",
            "cpu",
            .. more,
        ]);
}
