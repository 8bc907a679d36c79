namespace SqsNet.Web.Components.Sweeps;

/// <summary>Colours of configurations: apart for colour-blind eyes too, readable on light and dark.</summary>
/// <remarks>After Okabe and Ito 2008, moved to a middle lightness so that one set serves both themes.</remarks>
public static class Palette
{
    private static readonly string[] s_colors =
    [
        "#3578c8",
        "#d9791b",
        "#1f9678",
        "#c04f8a",
        "#8468d8",
        "#a8861f",
        "#cf4a4a",
        "#3f9fc4",
        "#6f8a2e",
        "#7d8694",
    ];

    /// <summary>The colour of a configuration; after ten they repeat.</summary>
    public static string Of(int configuration) => s_colors[configuration % s_colors.Length];
}
