using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>Whether the looks at every page see what is wrong.</summary>
public sealed class SharpEyesTests(Theatre theatre) : BrowserTest(theatre)
{
    [Fact]
    public async Task Pale_words_and_a_picture_without_a_text_are_found()
    {
        var pages = new PageSet(Page, Dashboard);
        var sight = new Sight("system", "/system");
        await pages.OpenAsync(sight);
        await Page.EvaluateAsync(
            """
            document.querySelector('main').insertAdjacentHTML('beforeend',
              '<p style="color:#eee;background:#fff">pale</p><img src="/favicon.svg">')
            """
        );

        var found = (await pages.ViolationsAsync(sight)).ToList();

        found.ShouldContain(violation => violation.StartsWith("system: serious: color-contrast"));
        found.ShouldContain(violation => violation.StartsWith("system: critical: image-alt"));
    }
}
