using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Parity;

/// <summary>Every backbone that timm or torchvision has too, held against their own numbers under the same weights.</summary>
[Collection(nameof(BigModels))]
public sealed class ArchitectureParityTests
{
    public static TheoryData<string> Names =>
        [
            "efficientnet_b0",
            Slow("efficientnet_b6"),
            Slow("tf_efficientnet_b6"),
            Slow("efficientnet_b7"),
            "efficientnet_lite0",
            "mobilenetv2_100",
            "resnet18",
            "resnext50_32x4d",
            "seresnext50_32x4d",
            "swin_tiny_patch4_window7_224",
            Slow("swin_small_patch4_window7_224"),
            "vit_small_patch16_224",
            Slow("vit_base_patch16_224"),
            "mobilefacenet",
        ];

    public static TheoryData<string> NamesWithKinks =>
        ["efficientnet_lite0", "mobilenetv2_100", "resnet18", "resnext50_32x4d", "seresnext50_32x4d", "mobilefacenet"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Keys_arithmetic_values_inside_and_at_the_end_and_all_gradients_equal_timms(string name)
    {
        ArchitectureParity.HasKinks(name).ShouldBe(NamesWithKinks.Any(row => row.Data == name));
        ShouldEqual(name, ScalarType.Float32);
    }

    [Theory]
    [MemberData(nameof(NamesWithKinks))]
    public void Values_and_gradients_equal_timms_in_64_bits(string name) => ShouldEqual(name, ScalarType.Float64);

    [Theory]
    [InlineData("tv_efficientnet_b0")]
    [InlineData("tv_resnet18")]
    [InlineData("tv_swin_t")]
    public void Networks_with_torchvisions_keys_give_torchvisions_values_and_gradients(string name) =>
        ShouldEqual(name, ScalarType.Float32);

    private static TheoryDataRow<string> Slow(string name) =>
        new TheoryDataRow<string>(name).WithTrait("Category", "Slow");

    private static void ShouldEqual(string name, ScalarType dtype)
    {
        using var scope = new BigModelScope();
        var rows = ArchitectureParity.Compare(name, Reference.Arch(name), dtype).ToList();
        rows.Select(row => row.Part).ShouldContain(part => part.StartsWith("train", StringComparison.Ordinal));
        rows.ShouldAllBe(row => row.Compared > 5 && row.Passed);
    }
}
