using SqsNet.Engine.Efficiency;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Models;
using SqsNet.Web.Components.Pages;

namespace SqsNet.Web.Tests.Components.Pages;

public sealed class ModelListTests
{
    private static readonly DateTimeOffset s_day = new(2026, 5, 17, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Before_any_measurement_the_page_says_how_to_get_one_and_shows_the_papers_figures()
    {
        await using var services = new PageServices();
        var page = await services.ShowAsync<ModelList>();

        var text = await page.TextAsync();
        text.ShouldContain("Nothing has been measured here yet.");
        text.ShouldContain("43.5 M, 8.1 G *");
        text.ShouldContain("sqsnet: 43.5 M is less than its two trunks' 89.6 M");
        (await page.HtmlAsync()).QuerySelector("#measure-all")!.HasAttribute("disabled").ShouldBeFalse();
    }

    [Fact]
    public async Task Measured_numbers_stand_in_their_row_with_spread_device_and_date()
    {
        await using var services = new PageServices();
        services.Get<SpeedFile>().Keep(Speed("resnet18"));
        services
            .Get<SpeedFile>()
            .Keep(Speed("vit_base_patch16_224") with { Batch = null, BatchProblem = "32 images do not fit." });
        var page = await services.ShowAsync<ModelList>();

        var row = (await page.HtmlAsync())
            .QuerySelectorAll("tbody tr")
            .Single(tr => tr.TextContent.Contains("resnet18"));
        row.TextContent.ShouldContain("20.00 ms");
        row.TextContent.ShouldContain("64.00");
        row.TextContent.ShouldContain("256.0 MiB");
        var tooltips = row.QuerySelectorAll("[title]").Select(cell => cell.GetAttribute("title")!).ToList();
        tooltips.ShouldContain(
            "Median of 100 passes over 1 image: 20.00 ms, the middle half from 19.00 ms to 22.00 ms. A processor, 2 threads, float32, libtorch 1.13.1, 2026-05-17 09:30:00 UTC"
        );
        var text = await page.TextAsync();
        text.ShouldContain(
            $"2 of {ModelRegistry.All.Count} measured on A processor, 2 threads, float32, libtorch 1.13.1; the last 2026-05-17"
        );
        text.ShouldContain("vit_base_patch16_224: 32 images do not fit.");
        text.ShouldNotContain("Nothing has been measured");
    }

    [Fact]
    public async Task While_a_trial_trains_nothing_can_be_measured_and_the_reason_is_told()
    {
        await using var services = new PageServices();
        var trial = services.Get<Lazy<DevicePool>>().Value.Take();
        var page = await services.ShowAsync<ModelList>();

        var html = await page.HtmlAsync();
        html.QuerySelector("#measure-all")!.HasAttribute("disabled").ShouldBeTrue();
        html.QuerySelector("#measure-resnet18")!.GetAttribute("title")!.ShouldStartWith("A trial trains on ");
        html.QuerySelector("[role=note]")!.TextContent.ShouldContain("worth nothing");

        trial.Dispose();
        html = await page.WaitAsync(now => !now.QuerySelector("#measure-all")!.HasAttribute("disabled"));
        html.QuerySelector("#measure-resnet18")!.HasAttribute("disabled").ShouldBeFalse();
    }

    [Fact]
    public async Task A_round_shows_how_far_it_is_and_can_be_cancelled()
    {
        await using var services = new PageServices();
        var page = await services.ShowAsync<ModelList>();

        await page.ClickAsync("measure-all");

        var html = await page.WaitAsync(now => now.QuerySelector("[role=progressbar]") is not null);
        html.QuerySelector("[role=status]")!.TextContent.ShouldContain($"0 of {ModelRegistry.All.Count} done.");
        html.QuerySelector("#measure-resnet18")!.HasAttribute("disabled").ShouldBeTrue();

        await page.ClickAsync("cancel");

        html = await page.WaitAsync(now => now.QuerySelector("#measure-all") is not null);
        html.TextContent.ShouldContain("The measurement was cancelled.");
        html.QuerySelector("[role=progressbar]").ShouldBeNull();
    }

    [Fact]
    public async Task Numbers_that_cannot_be_read_are_told_of_above_the_table()
    {
        await using var services = new PageServices();
        services.Get<SpeedFile>().Keep(Speed("resnet18"));
        var file = Path.Combine(services.Get<SqsNet.Engine.EngineOptions>().DataDirectory, SpeedFile.FileName);
        await File.WriteAllTextAsync(file, "{ half", TestContext.Current.CancellationToken);
        var page = await services.ShowAsync<ModelList>();

        (await page.HtmlAsync())
            .QuerySelector(".sq-notice")!
            .TextContent.ShouldContain("efficiency.json cannot be read");
    }

    /// <summary>20 ms for one image, half a second for 32.</summary>
    private static ModelSpeed Speed(string model) =>
        new()
        {
            Model = model,
            ImageSize = 224,
            Device = "cpu",
            DeviceName = "A processor",
            Threads = 2,
            Dtype = "float32",
            Library = "libtorch 1.13.1",
            MeasuredAt = s_day,
            Single = new(1, new(100, 0.02, 0.019, 0.022), 64 << 20),
            Batch = new(32, new(20, 0.5, 0.49, 0.52), 256 << 20),
        };
}
