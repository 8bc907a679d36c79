using System.Text.Json;

namespace SqsNet.Cli.Tests.Commands;

[Collection(TrainedSweep.Collection)]
public sealed class ReportCommandTests(TrainedSweep trained)
{
    [Fact]
    public async Task Sensitivity_in_json_has_the_mean_of_the_trials_of_each_value()
    {
        var trials = await trained.ReadTrialsAsync();

        using var table = JsonDocument.Parse(await ReportAsync("sensitivity", "json"));

        var rows = table.RootElement.GetProperty("rows").EnumerateArray().ToList();
        rows.Select(row => row.GetProperty("cells").GetProperty("value").GetString()).ShouldBe(["0.5", "1"]);
        foreach (var row in rows)
        {
            var value = double.Parse(row.GetProperty("cells").GetProperty("value").GetString()!);
            var own = trials.Where(trial => trial.Spec.Sqs.Tau == value).ToList();
            row.GetProperty("trials").Deserialize<long[]>().ShouldBe(own.Select(trial => trial.Id), ignoreOrder: true);
            foreach (var metric in new[] { "val/accuracy", "test/accuracy" })
            {
                var cell = row.GetProperty("cells").GetProperty(metric.Replace('/', '_'));
                cell.GetProperty("n").GetInt32().ShouldBe(2);
                cell.GetProperty("mean").GetDouble().ShouldBe(own.Average(trial => trial.Best[metric]), 1e-12);
            }
        }
    }

    [Theory]
    [InlineData("markdown", "| sqs.tau | 0.5 |", "|  | 1 |")]
    [InlineData("csv", "sqs.tau,0.5,0.", ",1,0.")]
    [InlineData("latex", @"sqs.tau & 0.5 & ", @" & 1 & ", @"\begin{tabular}{llrrrlrrr}")]
    public async Task Sensitivity_has_a_row_per_value_in_every_format(string format, params string[] parts)
    {
        var text = await ReportAsync("sensitivity", format);

        foreach (var part in parts)
            text.ShouldContain(part);
    }

    [Theory]
    [InlineData("comparison")]
    [InlineData("architectures")]
    [InlineData("efficiency")]
    [InlineData("significance")]
    [InlineData("metrics")]
    [InlineData("race")]
    [InlineData("ablation")]
    [InlineData("confusion")]
    public async Task Every_other_table_is_made_of_the_same_sweep(string table)
    {
        using var made = JsonDocument.Parse(await ReportAsync(table, "json"));

        made.RootElement.GetProperty("name").GetString().ShouldBe(table);
        made.RootElement.GetProperty("rows").GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_sweep_that_does_not_exist_is_named()
    {
        var (code, _, error) = await Cli.RunAsync("report", "metrics", "--sweep", "99", "--data", trained.Data);

        code.ShouldBe(SqsCli.Failed);
        error.ShouldContain("Sweep 99 does not exist.");
    }

    private Task<string> ReportAsync(string table, string format) =>
        Cli.DoAsync("report", table, "--sweep", "1", "--format", format, "--data", trained.Data);
}
