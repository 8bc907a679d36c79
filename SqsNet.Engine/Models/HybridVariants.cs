namespace SqsNet.Engine.Models;

/// <summary>The networks of two branches in the registry: the SQSNets, and the hybrids that the paper compares with.</summary>
internal static class HybridVariants
{
    /// <summary>The paper's network, literally: keys and values tied, one head, no residual.</summary>
    internal static HybridRow Paper { get; } =
        new()
        {
            Name = "sqsnet",
            Description = "The paper's network: EfficientNet-B6 and Swin-S, fused to 1024 channels on 7x7 locations.",
            Cnn = EfficientNetVariants.B6,
            Transformer = SwinVariants.Small,
            Fusion = new FusionSpec(),
            Width = 1024,
            ImageSize = 224,
        };

    /// <summary>Our light preset, which trains on two CPU cores.</summary>
    /// <remarks>With the residual: without it hardly any gradient reaches the CNN (measured: norm 0.47 against 105).</remarks>
    internal static HybridRow Tiny { get; } =
        new()
        {
            Name = "sqsnet-tiny",
            Description = "Our light network for small faces: 64 pixels, fused to 128 channels on 8x8 locations.",
            Cnn = EfficientNetVariants.Tiny,
            Transformer = SwinVariants.Micro,
            Fusion = new FusionSpec { Residual = true },
            Width = 128,
            ImageSize = 64,
        };

    internal static IReadOnlyList<HybridRow> All { get; } =
    [
        Tiny,
        Paper,
        Plain("efficientnet_b7+vit", EfficientNetVariants.B7, VisionTransformerVariants.Small),
        Plain("seresnext50+vit", ResNetVariants.SeResNeXt50, VisionTransformerVariants.Small),
        Plain("efficientnet_b7+swin", EfficientNetVariants.B7, SwinVariants.Tiny),
        Plain("seresnext50+swin", ResNetVariants.SeResNeXt50, SwinVariants.Tiny),
    ];

    /// <summary>A hybrid of the paper's table 2, which names neither sizes nor fusion.</summary>
    /// <remarks>
    /// The small ViT and Swin-T: table 3 gives these the accuracies that table 2 gives "ViT" and "Swin Transformer".
    /// Fused by concatenation, the common way that section 2.3 of the paper describes.
    /// </remarks>
    private static HybridRow Plain(string name, BackboneRow cnn, BackboneRow transformer) =>
        new()
        {
            Name = name,
            Description =
                $"A hybrid of the paper's table 2: {cnn.Name} and {transformer.Name}, concatenated, without SQS.",
            Cnn = cnn,
            Transformer = transformer,
            Fusion = new FusionSpec { Kind = FusionKind.Concat },
            Width = 1024,
            ImageSize = 224,
            HasSqsModule = false,
        };
}
