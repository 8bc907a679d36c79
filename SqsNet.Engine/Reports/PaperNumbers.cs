namespace SqsNet.Engine.Reports;

/// <summary>A published accuracy.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Accuracy">Accuracy as printed, 0 to 1.</param>
/// <param name="Source">Where it is printed.</param>
internal sealed record PublishedResult(string Method, double Accuracy, string Source);

/// <summary>Numbers that the paper and others print, for comparison beside our own; never a target.</summary>
internal static class PaperNumbers
{
    private const string Table1 = "the paper's Table 1";

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

    // Table 1, and the methods above it that the paper leaves out. Columns: RAF-DB, FERPlus, AffectNet with 8 classes.
    private static readonly (
        string Method,
        double? RafDb,
        double? FerPlus,
        double? AffectNet8,
        string Source
    )[] _methods =
    [
        ("RAN", 0.8690, 0.8855, 0.5930, Table1),
        ("ESRs", null, 0.8725, 0.5930, Table1),
        ("SCN", 0.8703, 0.8801, null, Table1),
        ("CNN + BOVW", null, 0.8776, 0.5958, Table1),
        ("EfficientFace", 0.8836, null, 0.5989, Table1),
        ("AMP-Net", 0.8925, null, 0.6029, Table1),
        ("LRN", 0.8891, 0.8953, 0.6083, Table1),
        ("CT-DBN", 0.8840, 0.8917, null, Table1),
        ("AGT", 0.8952, 0.8940, null, Table1),
        ("HALNet", 0.9029, 0.9004, 0.6175, Table1),
        ("SQSNet, as published", 0.9190, 0.9111, 0.6715, Table1),
        ("DAN (2021)", 0.8970, null, 0.6209, "its repository"),
        ("APViT (2022)", 0.9198, null, null, "its repository"),
        ("POSTER++ (2023)", 0.9221, null, 0.6377, "its repository"),
        ("DDAMFN++ (2023)", 0.9204, null, 0.6469, "its repository"),
        ("QCS (2025)", 0.9250, 0.9141, 0.6430, "its repository"),
        ("FMAE ViT-L (2024)", 0.9309, null, 0.6500, "its repository"),
    ];

    /// <summary>Accuracy on RAF-DB as the paper prints it, 0 to 1; null where it has none.</summary>
    internal static double? RafDbAccuracy(string model) => _rafDb.TryGetValue(model, out var value) ? value : null;

    /// <summary>Published results on a dataset, by its name: one that starts with rafdb, ferplus or affectnet.</summary>
    internal static IReadOnlyList<PublishedResult> On(string dataset) =>
        [
            .. _methods
                .Select(m => (m.Method, m.Source, Value: Pick(dataset, m.RafDb, m.FerPlus, m.AffectNet8)))
                .Where(m => m.Value is not null)
                .Select(m => new PublishedResult(m.Method, m.Value!.Value, m.Source)),
        ];

    private static double? Pick(string dataset, double? rafDb, double? ferPlus, double? affectNet8) =>
        dataset.StartsWith("rafdb", StringComparison.Ordinal) ? rafDb
        : dataset.StartsWith("ferplus", StringComparison.Ordinal) ? ferPlus
        : dataset.StartsWith("affectnet", StringComparison.Ordinal) ? affectNet8
        : null;
}
