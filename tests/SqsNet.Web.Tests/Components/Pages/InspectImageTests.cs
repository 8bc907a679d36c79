using SqsNet.Engine.Events;
using SqsNet.Web.Components.Pages;

namespace SqsNet.Web.Tests.Components.Pages;

public sealed class InspectImageTests
{
    [Fact]
    public async Task A_sweep_without_a_trained_trial_is_named_and_the_trial_stays()
    {
        await using var services = new PageServices("http://localhost/inspect");
        var trained = await SweepAsync(services, "a trained sweep", isTrained: true);
        var untrained = await SweepAsync(services, "an untrained sweep", isTrained: false);
        await using var page = await services.ShowAsync<InspectImage>();

        await page.ChangeAsync("inspect-sweep", $"{untrained}");

        (await page.TextAsync()).ShouldContain("an untrained sweep has no trained network yet.");
        var shown = (await page.HtmlAsync()).QuerySelector("#inspect-sweep option[selected]")!;
        shown.GetAttribute("value").ShouldBe($"{trained}");
        services.Address.Uri.ShouldNotContain("trial=");
    }

    /// <summary>A sweep with a trial, of a dataset that is gone.</summary>
    private static async Task<long> SweepAsync(PageServices services, string name, bool isTrained)
    {
        var sweep = await services.Store.AddSweepAsync(Some.Sweep(name), 1, default);
        var made = Some.Trial(sweep);
        made = made with { Spec = made.Spec with { Dataset = "gone" } };
        var trial = (await services.Store.AddTrialsAsync([made], default))[0];
        var accuracy = new Dictionary<string, double> { ["val/accuracy"] = 0.8 };
        if (isTrained)
            services.Get<IEventLog>().Append(trial.Id, new MetricsReported(MetricScope.Epoch, 1, 1, accuracy, true));
        await services.Get<IEventLog>().FlushAsync(default);
        return sweep;
    }
}
