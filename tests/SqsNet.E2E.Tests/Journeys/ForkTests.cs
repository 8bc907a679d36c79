using System.Text.Json.Nodes;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>A fork goes on where its parent was, and so do its curves.</summary>
public sealed class ForkTests(Theatre theatre) : BrowserTest(theatre)
{
    [Fact]
    public async Task Curves_of_a_fork_with_other_batches_stand_at_its_epochs_and_a_click_on_them_means_these()
    {
        var api = Dashboard.Api;
        var parent = new TinySweep(Theatre.Faces, Epochs: 2, Faces: 64, [0.5], [0]) { Name = "a trial to fork" };
        var sweep = await api.StartAsync(parent);
        await api.WaitForStateAsync($"/api/sweeps/{sweep}", "completed");
        var trial = (long)(await api.TrialsAsync(sweep))[0]["id"]!;
        // Eight steps in two epochs of the parent, then two in each.
        var changes = new JsonObject { ["training.batchSize"] = 32, ["training.epochs"] = 5 };
        var answer = await api.PostAsync($"/api/trials/{trial}/fork", new JsonObject { ["changes"] = changes });
        var fork = (long)answer!["id"]!;
        await api.WaitForStateAsync($"/api/trials/{fork}", "completed");
        (await api.SeriesAsync(fork, "val/loss")).Select(point => point.Step).ShouldBe([10, 12, 14]);

        await GoAsync($"/sweeps/{sweep}");
        await new Chart(Page, "val/accuracy").WaitForPointsAsync(2 + 3);
        const string epochs = "document.querySelector('.line-chart-host').chart.plot.data.slice(1).map(([xs]) => xs)";
        (await Page.EvaluateAsync<string>($"JSON.stringify({epochs})")).ShouldBe("[[1,2],[3,4,5]]");

        await GoAsync($"/trials/{fork}");
        await new Chart(Page, "Loss").WaitForPointsAsync(6 + 3);
        var plot = Page.Locator(".chart-plot .u-over").First;
        var box = (await plot.BoundingBoxAsync())!;
        // From step 9 to 14: three fifths are step 12, where the fourth epoch ends.
        await plot.ClickAsync(
            new()
            {
                Position = new() { X = box.Width * 3 / 5, Y = box.Height / 2 },
            }
        );
        await AddressHoldsAsync("epoch=4");
    }
}
