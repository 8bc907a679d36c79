using SqsNet.Engine.Models;

namespace SqsNet.Engine.Tests.Models;

/// <summary>Every backbone of the zoo with all its kinds of layers and widths, but as few of each as it takes, for speed.</summary>
internal static class ShallowRows
{
    public static IReadOnlyList<BackboneRow> Cnns { get; } = [.. Rows(ModelRegistry.CnnNames)];

    public static IReadOnlyList<BackboneRow> Transformers { get; } = [.. Rows(ModelRegistry.TransformerNames)];

    private static IEnumerable<BackboneRow> Rows(IReadOnlyList<string> names) =>
        names.Select(name => Shallow(ModelRegistry.FindBackbone(name)!));

    private static BackboneRow Shallow(BackboneRow row) =>
        row switch
        {
            // Two blocks of a stage: one that strides and one that is skipped.
            EfficientNetRow net => net with
            {
                Depth = 1,
                Stages = [.. net.Stages.Select(stage => stage with { Repeats = Math.Min(2, stage.Repeats) })],
            },
            ResNetRow net => net with { Depths = [1, 1, 1, 2] },
            // The second block's windows are shifted.
            SwinRow swin => swin with { Depths = [2, .. swin.Depths.Skip(1).Select(_ => 1)] },
            VisionTransformerRow vit => vit with { Depth = 2 },
            _ => row,
        };
}
