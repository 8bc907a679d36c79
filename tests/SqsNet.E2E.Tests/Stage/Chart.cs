using System.Text.Json;
using Microsoft.Playwright;

namespace SqsNet.E2E.Tests.Stage;

/// <summary>Live curves on a page: what the chart holds, and what it has drawn.</summary>
/// <param name="page">The page.</param>
/// <param name="title">The chart's title, or the start of it.</param>
public sealed class Chart(IPage page, string title)
{
    private const string Lines = """
        (host) => host.chart.lines.map(({ series }, i) => ({
          trial: series.trial,
          metric: series.metric,
          steps: series.steps,
          values: series.values,
          drawn: host.chart.plot?.data[i + 1]?.[0]?.length ?? 0,
        }))
        """;

    private const string Pixels = """
        (host) => {
          const canvas = host.querySelector('.uplot canvas');
          const colors = host.chart.lines.map((line) => [1, 3, 5].map((at) => parseInt(line.color.slice(at, at + 2), 16)));
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let count = 0;
          for (let i = 0; i < data.length; i += 4)
            if (data[i + 3] > 200 && colors.some((c) => c.every((part, j) => Math.abs(part - data[i + j]) < 12))) count++;
          return count;
        }
        """;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <summary>The chart's frame.</summary>
    public ILocator Figure { get; } = page.Locator("figure.line-chart").Filter(new() { HasText = title }).First;

    private ILocator Host => Figure.Locator(".line-chart-host[data-ready]");

    /// <summary>The curves, as the chart holds them now.</summary>
    public async Task<IReadOnlyList<Curve>> CurvesAsync()
    {
        var lines = await Host.EvaluateAsync<JsonElement>(Lines);
        return lines.Deserialize<List<Curve>>(s_json)!;
    }

    /// <summary>The curve of a trial and metric.</summary>
    public async Task<Curve> CurveAsync(long trial, string metric) =>
        (await CurvesAsync()).Single(curve => curve.Trial == trial && curve.Metric == metric);

    /// <summary>Points of all curves that are drawn.</summary>
    public async Task<int> DrawnPointsAsync() => (await CurvesAsync()).Sum(curve => curve.Drawn);

    /// <summary>Pixels of the canvas in a curve's colour.</summary>
    public Task<int> PixelsAsync() => Host.EvaluateAsync<int>(Pixels);

    /// <summary>Waits until so many points are drawn.</summary>
    public async Task WaitForPointsAsync(int points)
    {
        const string drawn = """
            ([host, points]) =>
              (host.chart.plot?.data ?? [null]).slice(1).reduce((sum, line) => sum + line[0].length, 0) >= points
            """;
        var host = await Host.ElementHandleAsync();
        await page.WaitForFunctionAsync(
            drawn,
            new object[] { host, points },
            new() { Timeout = (float)BrowserTest.Training.TotalMilliseconds }
        );
    }
}

/// <summary>A curve as the browser has it.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Steps">Optimizer steps of its points, rising.</param>
/// <param name="Values">Their values; null where one is not a number.</param>
/// <param name="Drawn">Points that are in the plot.</param>
public sealed record Curve(
    long Trial,
    string Metric,
    IReadOnlyList<long> Steps,
    IReadOnlyList<double?> Values,
    int Drawn
)
{
    /// <summary>Its points.</summary>
    public IReadOnlyList<CurvePoint> Points => [.. Steps.Zip(Values, (step, value) => new CurvePoint(step, value))];
}
