using SqsNet.Engine.Models;
using SqsNet.Engine.Parity;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Training;

/// <summary>What other programs find in best.safetensors.</summary>
public sealed class BestWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("efficientnet_b0")]
    [InlineData("efficientnet_lite0")]
    [InlineData("mobilenetv2_100")]
    [InlineData("mobilefacenet")]
    [InlineData("resnet18")]
    [InlineData("seresnext50_32x4d")]
    [InlineData("swin_tiny_patch4_window7_224")]
    [InlineData("vit_small_patch16_224")]
    public void A_backbones_file_has_exactly_timms_keys_in_timms_order_with_their_shapes_and_types(string name)
    {
        var entries = Save(new ModelSpec { Name = name });
        var timms = Reference.Arch(name).GetProperty("keys").EnumerateObject().ToArray();
        entries.Select(entry => entry.Name).ShouldBe(timms.Select(key => key.Name));
        foreach (var (entry, timm) in entries.Zip(timms))
        {
            entry.Shape.ShouldBe(timm.Value[0].Shape(), entry.Name);
            entry.Dtype.ShouldBe(TypeOf(entry.Name), entry.Name);
        }
    }

    [Theory]
    [InlineData("efficientnet_b0", "swin_tiny_patch4_window7_224")]
    [InlineData("resnet18", "vit_small_patch16_224")]
    public void A_networks_branches_are_timms_trunks_behind_a_prefix(string cnn, string transformer)
    {
        var entries = Save(
            new ModelSpec
            {
                Name = "sqsnet",
                Cnn = cnn,
                Transformer = transformer,
            }
        );
        foreach (var (prefix, name) in new[] { ("cnn.", cnn), ("swin.", transformer) })
        {
            var branch = entries.Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
            var heads = ModelRegistry.FindBackbone(name)!.Create(224, classes: 0);
            var timms = Reference
                .Arch(name)
                .GetProperty("keys")
                .EnumerateObject()
                .Where(key => !heads.HeadPrefixes.Any(head => key.Name.StartsWith(head, StringComparison.Ordinal)))
                .ToArray();
            heads.Dispose();
            branch.Select(entry => entry.Name[prefix.Length..]).ShouldBe(timms.Select(key => key.Name));
            foreach (var (entry, timm) in branch.Zip(timms))
                entry.Shape.ShouldBe(timm.Value[0].Shape(), entry.Name);
        }
        entries
            .Select(entry => entry.Name)
            .Where(key =>
                !key.StartsWith("cnn.", StringComparison.Ordinal) && !key.StartsWith("swin.", StringComparison.Ordinal)
            )
            .ShouldBe(
                [
                    "fusion.q_proj.weight",
                    "fusion.q_proj.bias",
                    "fusion.kv_proj.weight",
                    "fusion.kv_proj.bias",
                    "base_head.weight",
                    "base_head.bias",
                    "enhanced_head.weight",
                    "enhanced_head.bias",
                ],
                ignoreOrder: true
            );
    }

    private static ScalarType TypeOf(string key) =>
        key.EndsWith(".num_batches_tracked", StringComparison.Ordinal) ? ScalarType.Int64 : ScalarType.Float32;

    private IReadOnlyList<SafetensorsEntry> Save(ModelSpec spec)
    {
        using var model = ModelRegistry.Create(spec, new SqsSpec(), classes: 7, new Rng(1, "weights"));
        var path = _folder.File(BestWeights.FileName);
        BestWeights.Save(
            path,
            model,
            new()
            {
                Model = ModelRegistry.Resolve(spec),
                Sqs = new(),
                Dataset = "few",
                Classes = ["a", "b", "c", "d", "e", "f", "g"],
            }
        );
        return Safetensors.ReadHeader(path).Entries;
    }
}
