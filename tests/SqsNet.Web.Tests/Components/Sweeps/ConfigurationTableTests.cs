using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;
using SqsNet.Web.Components.Sweeps;

namespace SqsNet.Web.Tests.Components.Sweeps;

public sealed class ConfigurationTableTests
{
    private const string Accuracy = "val/accuracy";

    [Fact]
    public async Task A_failed_trial_stands_beside_the_number_of_seeds_and_not_in_the_mean()
    {
        await using var services = new PageServices();
        IReadOnlyList<TrialRecord> trials =
        [
            SomeRecords.Trial(0, best: (Accuracy, 0.7)),
            SomeRecords.Trial(1, best: (Accuracy, 0.8)),
            SomeRecords.Trial(2, TrialState.Failed, best: (Accuracy, 0.1)),
        ];

        await using var table = await services.ShowAsync<ConfigurationTable>(
            ("Sweep", SomeRecords.Sweep()),
            ("Trials", trials),
            ("Metric", Accuracy)
        );

        var cells = (await table.HtmlAsync()).QuerySelectorAll("tbody td");
        cells[0].TextContent.ShouldStartWith(Format.Metric(Accuracy, 0.75));
        cells[2].TextContent.Trim().ShouldBe("2 · 1 left out");
    }
}
