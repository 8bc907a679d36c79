namespace SqsNet.Web.Live;

/// <summary>A trial that a chart shows.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name in the legend. Any text; shown as text.</param>
/// <param name="Color">CSS colour of its lines; null takes the palette's next.</param>
/// <param name="Group">Name of what it is one of, such as a configuration of several seeds; null stands alone.</param>
public sealed record ChartTrial(long Id, string Name, string? Color = null, string? Group = null);
