using SqsNet.Engine.Layers;
using SqsNet.Engine.Layers.EfficientNet;

namespace SqsNet.Engine.Models;

/// <summary>The EfficientNets of the zoo.</summary>
internal static class EfficientNetVariants
{
    private static readonly EfficientNetStage[] s_stages =
    [
        new(BlockKind.DepthwiseSeparable, Repeats: 1, Kernel: 3, Stride: 1, Expand: 1, Channels: 16),
        new(BlockKind.Inverted, Repeats: 2, Kernel: 3, Stride: 2, Expand: 6, Channels: 24),
        new(BlockKind.Inverted, Repeats: 2, Kernel: 5, Stride: 2, Expand: 6, Channels: 40),
        new(BlockKind.Inverted, Repeats: 3, Kernel: 3, Stride: 2, Expand: 6, Channels: 80),
        new(BlockKind.Inverted, Repeats: 3, Kernel: 5, Stride: 1, Expand: 6, Channels: 112),
        new(BlockKind.Inverted, Repeats: 4, Kernel: 5, Stride: 2, Expand: 6, Channels: 192),
        new(BlockKind.Inverted, Repeats: 1, Kernel: 3, Stride: 1, Expand: 6, Channels: 320),
    ];

    /// <summary>The baseline that the others scale.</summary>
    internal static EfficientNetRow B0 { get; } =
        new()
        {
            Name = "efficientnet_b0",
            Description = "The baseline of the family.",
            Stages = s_stages,
        };

    /// <summary>The paper's CNN branch.</summary>
    internal static EfficientNetRow B6 { get; } =
        B0 with
        {
            Name = "efficientnet_b6",
            Description = "The paper's CNN branch.",
            Width = 1.8,
            Depth = 2.6,
        };

    /// <summary>B6 with TensorFlow's padding and epsilon: the one that published weights are made for.</summary>
    internal static EfficientNetRow TensorFlowB6 { get; } =
        B6 with
        {
            Name = "tf_efficientnet_b6",
            Description = "B6 as in TensorFlow; the one with published weights.",
            BatchNormEps = 1e-3,
            SamePadding = true,
        };

    internal static EfficientNetRow B7 { get; } =
        B0 with
        {
            Name = "efficientnet_b7",
            Description = "The widest and deepest of the paper's comparison.",
            Width = 2.0,
            Depth = 3.1,
        };

    /// <summary>Without squeeze-and-excitation, and with ReLU6, for small devices.</summary>
    internal static EfficientNetRow Lite0 { get; } =
        B0 with
        {
            Name = "efficientnet_lite0",
            Description = "The baseline for small devices: ReLU6, no squeeze-and-excitation.",
            Stages = [.. s_stages.Select(stage => stage with { SqueezeExcite = 0 })],
            Activation = Activation.Relu6,
        };

    /// <summary>Sandler et al. 2018, whose block EfficientNet took over.</summary>
    internal static EfficientNetRow MobileNetV2 { get; } =
        new()
        {
            Name = "mobilenetv2_100",
            Description = "MobileNetV2 at width 1.",
            Activation = Activation.Relu6,
            Stages =
            [
                new(
                    BlockKind.DepthwiseSeparable,
                    Repeats: 1,
                    Kernel: 3,
                    Stride: 1,
                    Expand: 1,
                    Channels: 16,
                    SqueezeExcite: 0
                ),
                new(BlockKind.Inverted, Repeats: 2, Kernel: 3, Stride: 2, Expand: 6, Channels: 24, SqueezeExcite: 0),
                new(BlockKind.Inverted, Repeats: 3, Kernel: 3, Stride: 2, Expand: 6, Channels: 32, SqueezeExcite: 0),
                new(BlockKind.Inverted, Repeats: 4, Kernel: 3, Stride: 2, Expand: 6, Channels: 64, SqueezeExcite: 0),
                new(BlockKind.Inverted, Repeats: 3, Kernel: 3, Stride: 1, Expand: 6, Channels: 96, SqueezeExcite: 0),
                new(BlockKind.Inverted, Repeats: 3, Kernel: 3, Stride: 2, Expand: 6, Channels: 160, SqueezeExcite: 0),
                new(BlockKind.Inverted, Repeats: 1, Kernel: 3, Stride: 1, Expand: 6, Channels: 320, SqueezeExcite: 0),
            ],
        };

    /// <summary>MobileNetV2 as TensorFlow publishes its weights.</summary>
    /// <remarks>timm has no such row; the name follows its rule, by which "tf_" stands for TensorFlow's padding.</remarks>
    internal static EfficientNetRow TensorFlowMobileNetV2 { get; } =
        MobileNetV2 with
        {
            Name = "tf_mobilenetv2_100",
            Description = "MobileNetV2 as in TensorFlow: its padding, colours from -1 to 1.",
            SamePadding = true,
            Normalization = InputNormalization.Inception,
        };

    /// <summary>The CNN branch of our light preset: maps of 8x8 for images of 64 pixels.</summary>
    /// <remarks>
    /// Fused blocks throughout, as EfficientNetV2 has them at high resolution: on a CPU the full convolution is faster
    /// than the depthwise convolution and 1x1 expansion that it replaces (measured: a training step of this row takes
    /// 12 % less time than with MBConv in the last stage, at the same accuracy on FERPlus after 24,000 faces).
    /// </remarks>
    internal static EfficientNetRow Tiny { get; } =
        new()
        {
            Name = "efficientnet_tiny_stride8",
            Description = "Our light CNN for small faces: fused blocks, total stride 8.",
            ImageSize = 64,
            StemChannels = 24,
            HeadChannels = 192,
            Stages =
            [
                new(BlockKind.Fused, Repeats: 1, Kernel: 3, Stride: 2, Expand: 4, Channels: 32, SqueezeExcite: 0),
                new(BlockKind.Fused, Repeats: 3, Kernel: 3, Stride: 2, Expand: 4, Channels: 64, SqueezeExcite: 0),
                new(BlockKind.Fused, Repeats: 1, Kernel: 3, Stride: 1, Expand: 4, Channels: 96, SqueezeExcite: 0),
            ],
        };

    internal static IReadOnlyList<BackboneRow> All { get; } =
    [B0, B6, TensorFlowB6, B7, Lite0, MobileNetV2, TensorFlowMobileNetV2, Tiny];
}
