namespace SqsNet.Engine.Models;

/// <summary>The Swin Transformers of the zoo.</summary>
internal static class SwinVariants
{
    internal static SwinRow Tiny { get; } =
        new()
        {
            Name = "swin_tiny_patch4_window7_224",
            Description = "Swin-T.",
            EmbedDim = 96,
            Depths = [2, 2, 6, 2],
            Heads = [3, 6, 12, 24],
        };

    /// <summary>The paper's transformer branch. The paper says patch 8, whose maps would not be 7x7; timm's is patch 4.</summary>
    internal static SwinRow Small { get; } =
        Tiny with
        {
            Name = "swin_small_patch4_window7_224",
            Description = "Swin-S, the paper's transformer branch.",
            Depths = [2, 2, 18, 2],
        };

    /// <summary>The transformer branch of our light preset: maps of 8x8 for images of 64 pixels.</summary>
    /// <remarks>Two stages of a plain and a shifted block on 16x16 and 8x8 tokens. Narrow perceptrons, for speed.</remarks>
    internal static SwinRow Micro { get; } =
        new()
        {
            Name = "swin_micro_patch4_window4_64",
            Description = "Our light transformer for small faces: two stages, total stride 8.",
            ImageSize = 64,
            WindowSize = 4,
            EmbedDim = 48,
            Depths = [2, 2],
            Heads = [2, 3],
            MlpRatio = 2,
        };

    internal static IReadOnlyList<BackboneRow> All { get; } = [Tiny, Small, Micro];
}
