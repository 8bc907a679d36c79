namespace SqsNet.Web.Live;

/// <summary>A trial that a chart shows.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name in the legend. Any text; shown as text.</param>
/// <param name="Color">CSS colour of its lines; null takes the palette's next.</param>
public sealed record ChartTrial(long Id, string Name, string? Color = null);

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
