using System.Globalization;

namespace SqsNet.Web.Live;

/// <summary>What runs along a chart's x axis.</summary>
public enum ChartAxis
{
    /// <summary>Optimizer steps.</summary>
    Step,

    /// <summary>Epochs.</summary>
    Epoch,

    /// <summary>Training time in seconds.</summary>
    Time,
}

/// <summary>How people look at a chart.</summary>
/// <param name="X">What runs along the x axis.</param>
/// <param name="LogX">Whether the x axis is logarithmic.</param>
/// <param name="LogY">Whether the y axis is logarithmic.</param>
/// <param name="HalfLife">Half-life of the smoothing in units of the x axis; 0 for none.</param>
/// <param name="Means">Whether lines of a group are drawn as their mean with its interval.</param>
public sealed record ChartView(
    ChartAxis X = ChartAxis.Step,
    bool LogX = false,
    bool LogY = false,
    double HalfLife = 0,
    bool Means = false
)
{
    /// <summary>As it stands in an address: "epoch,logy,smooth:5,means".</summary>
    public override string ToString()
    {
        var parts = new List<string> { X.ToString().ToLowerInvariant() };
        if (LogX)
            parts.Add("logx");
        if (LogY)
            parts.Add("logy");
        if (HalfLife > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"smooth:{HalfLife:R}"));
        if (Means)
            parts.Add("means");
        return string.Join(',', parts);
    }

    /// <summary>Reads what stands in an address; what it does not say is as in <paramref name="usual"/>.</summary>
    public static ChartView Parse(string? text, ChartView usual)
    {
        if (string.IsNullOrEmpty(text))
            return usual;
        var view = new ChartView(usual.X);
        foreach (var part in text.Split(','))
            view = part switch
            {
                "logx" => view with { LogX = true },
                "logy" => view with { LogY = true },
                "means" => view with { Means = true },
                _ when part.StartsWith("smooth:", StringComparison.Ordinal) => view with
                {
                    HalfLife = HalfLifeOf(part["smooth:".Length..]),
                },
                _ => Enum.TryParse<ChartAxis>(part, ignoreCase: true, out var axis) && Enum.IsDefined(axis)
                    ? view with
                    {
                        X = axis,
                    }
                    : view,
            };
        return view;
    }

    private static double HalfLifeOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value > 0
        && double.IsFinite(value)
            ? value
            : 0;
}
