using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>A page that was asked for stands there whole, and stays so while its circuit takes it over.</summary>
public sealed class ComingAliveTests(Theatre theatre) : BrowserTest(theatre)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/sweeps/{sweep}")]
    [InlineData("/sweeps/{sweep}/reports/metrics")]
    [InlineData("/trials/{trial}")]
    [InlineData("/trials/{trial}/inspector")]
    public async Task A_page_comes_alive_without_showing_a_placeholder_in_between(string path)
    {
        var trained = await Theatre.TrainedAsync();
        await Page.AddInitScriptAsync(
            """
            window.placeholders = 0;
            new MutationObserver((changes) => {
              for (const { addedNodes } of changes)
                for (const node of addedNodes)
                  if (node.matches?.('.sq-skeleton') || node.querySelector?.('.sq-skeleton')) window.placeholders++;
            }).observe(document, { subtree: true, childList: true });
            """
        );

        await GoAsync(path.Replace("{sweep}", $"{trained.Sweep}").Replace("{trial}", $"{trained.Trials[0]}"));

        (await Page.EvaluateAsync<int>("window.placeholders")).ShouldBe(0);
    }
}
