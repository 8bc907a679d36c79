namespace SqsNet.Engine.Reports;

/// <summary>Accuracies that the paper prints, for comparison beside our own; never a target.</summary>
internal static class PaperNumbers
{
    // Table 2, by the names of our models. Its "Swin Transformer" and "ViT" are the small ones of Table 3.
    private static readonly Dictionary<string, double> _rafDb = new()
    {
        ["efficientnet_b0"] = 0.8355,
        ["efficientnet_b6"] = 0.8905,
        ["efficientnet_b7"] = 0.8905,
        ["resnet18"] = 0.8705,
        ["resnext50_32x4d"] = 0.8805,
        ["seresnext50_32x4d"] = 0.8845,
        ["vit_small_patch16_224"] = 0.8590,
        ["swin_tiny_patch4_window7_224"] = 0.8491,
        ["mobilenetv2_100"] = 0.861,
        ["efficientnet_lite0"] = 0.874,
        ["sqsnet"] = 0.9190,
        ["sqsnet (efficientnet_b7 & vit_small_patch16_224)"] = 0.8656,
        ["sqsnet (seresnext50_32x4d & vit_small_patch16_224)"] = 0.8918,
        ["sqsnet (efficientnet_b7 & swin_tiny_patch4_window7_224)"] = 0.8840,
        ["sqsnet (seresnext50_32x4d & swin_tiny_patch4_window7_224)"] = 0.8890,
    };

    /// <summary>Accuracy on RAF-DB as the paper prints it, 0 to 1; null where it has none.</summary>
    internal static double? RafDbAccuracy(string model) => _rafDb.TryGetValue(model, out var value) ? value : null;
}
