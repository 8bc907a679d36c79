namespace SqsNet.Engine.Models;

/// <summary>The SQSNets of the registry.</summary>
internal static class SqsNetVariants
{
    /// <summary>The paper's network, literally: keys and values tied, one head, no residual.</summary>
    internal static SqsNetRow Paper { get; } =
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
    internal static SqsNetRow Tiny { get; } =
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

    internal static IReadOnlyList<SqsNetRow> All { get; } = [Tiny, Paper];
}
