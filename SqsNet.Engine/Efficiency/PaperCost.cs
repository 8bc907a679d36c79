namespace SqsNet.Engine.Efficiency;

/// <summary>What the paper's Table 3 prints of a model, with a word where it cannot be right.</summary>
/// <param name="Parameters">Parameters in millions.</param>
/// <param name="Gflops">"FLOPs" in thousands of millions.</param>
/// <param name="Note">Why the figures cannot be right or count something else; null where nothing is wrong with them.</param>
/// <remarks>Never a target: they are shown beside what is counted and measured here.</remarks>
public sealed record PaperCost(double Parameters, double Gflops, string? Note)
{
    private const string HalfTheFlops =
        "its FLOPs are multiply-accumulates: half of what the table's other rows count.";

    private static readonly Dictionary<string, PaperCost> s_table = new()
    {
        ["mobilenetv2_100"] = new(2.2, 0.61, null),
        ["efficientnet_lite0"] = new(
            4.6,
            0.75,
            "4.6 M includes a head of 1,000 classes, which the table's MobileNetV2 goes without."
        ),
        ["efficientnet_b6"] = new(
            43.0,
            7.8,
            "43.0 M includes a head of 1,000 classes, and 7.8 G is neither its 6.7 GFLOPs at 224 pixels nor its 38 at 528."
        ),
        ["vit_small_patch16_224"] = new(22.0, 4.6, $"22.0 M includes a head of 1,000 classes; {HalfTheFlops}"),
        ["swin_tiny_patch4_window7_224"] = new(28.3, 4.5, $"28.3 M includes a head of 1,000 classes; {HalfTheFlops}"),
        ["sqsnet"] = new(
            43.5,
            8.1,
            "43.5 M is less than its two trunks' 89.6 M, and 8.1 G less than the 17.5 GFLOPs of its Swin-S alone."
        ),
    };

    /// <summary>What the paper prints of a model; null where it prints nothing.</summary>
    public static PaperCost? Of(string model) => s_table.GetValueOrDefault(model);
}
