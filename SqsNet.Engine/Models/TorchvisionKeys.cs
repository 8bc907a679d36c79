using SqsNet.Engine.Layers.EfficientNet;

namespace SqsNet.Engine.Models;

/// <summary>Translates torchvision's keys of the same architectures into timm's.</summary>
/// <remarks>ResNets have the same keys in both. torchvision's Swin stores an index buffer besides, which is computed here.</remarks>
internal static class TorchvisionKeys
{
    private static readonly string[] s_leaves =
    [
        "weight",
        "bias",
        "running_mean",
        "running_var",
        "num_batches_tracked",
    ];

    /// <summary>timm's key for each of torchvision's, or null where the keys are not torchvision's.</summary>
    /// <param name="backbone">The network that the weights are for.</param>
    /// <param name="keys">Keys of a file.</param>
    internal static IReadOnlyDictionary<string, string>? For(Backbone backbone, IEnumerable<string> keys)
    {
        if (!keys.Contains("features.0.0.weight"))
            return null;
        var modules = backbone switch
        {
            EfficientNet efficientNet => keys.Any(key => key.Contains(".block.", StringComparison.Ordinal))
                ? EfficientNetModules(efficientNet.Row)
                : MobileNetModules(efficientNet.Row),
            SwinTransformer swin => SwinModules(swin.Row),
            _ => null,
        };
        return modules
            ?.SelectMany(module => s_leaves.Select(leaf => (From: Join(module.From, leaf), To: Join(module.To, leaf))))
            .Concat(modules.Select(module => (module.From, module.To)))
            .ToDictionary(key => key.From, key => key.To);
    }

    private static IEnumerable<(string From, string To)> EfficientNetModules(EfficientNetRow row)
    {
        var plan = row.Plan();
        foreach (var ends in Ends(last: plan.Count + 1))
            yield return ends;
        for (var s = 0; s < plan.Count; s++)
        {
            for (var b = 0; b < plan[s].Count; b++)
            {
                var (from, to) = ($"features.{s + 1}.{b}.block", $"blocks.{s}.{b}");
                var layers = plan[s][b].Kind == BlockKind.DepthwiseSeparable ? s_separable : s_inverted;
                foreach (var (layer, name) in layers)
                    yield return ($"{from}.{layer}", $"{to}.{name}");
            }
        }
    }

    private static IEnumerable<(string From, string To)> MobileNetModules(EfficientNetRow row)
    {
        var plan = row.Plan();
        foreach (var ends in Ends(last: plan.Sum(stage => stage.Count) + 1))
            yield return ends;
        var index = 1;
        for (var s = 0; s < plan.Count; s++)
        {
            for (var b = 0; b < plan[s].Count; b++)
            {
                var (from, to) = ($"features.{index++}.conv", $"blocks.{s}.{b}");
                var layers = plan[s][b].Kind == BlockKind.DepthwiseSeparable ? s_mobileSeparable : s_mobileInverted;
                foreach (var (layer, name) in layers)
                    yield return ($"{from}.{layer}", $"{to}.{name}");
            }
        }
    }

    private static IEnumerable<(string From, string To)> SwinModules(SwinRow row)
    {
        yield return ("features.0.0", "patch_embed.proj");
        yield return ("features.0.2", "patch_embed.norm");
        for (var s = 0; s < row.Depths.Count; s++)
        {
            if (s > 0)
            {
                yield return ($"features.{2 * s}.norm", $"layers.{s}.downsample.norm");
                yield return ($"features.{2 * s}.reduction", $"layers.{s}.downsample.reduction");
            }
            for (var b = 0; b < row.Depths[s]; b++)
            {
                var (from, to) = ($"features.{(2 * s) + 1}.{b}", $"layers.{s}.blocks.{b}");
                foreach (
                    var name in new[] { "norm1", "norm2", "attn.qkv", "attn.proj", "attn.relative_position_bias_table" }
                )
                    yield return ($"{from}.{name}", $"{to}.{name}");
                yield return ($"{from}.mlp.0", $"{to}.mlp.fc1");
                yield return ($"{from}.mlp.3", $"{to}.mlp.fc2");
            }
        }
        yield return ("head", "head.fc");
    }

    private static readonly (string, string)[] s_separable =
    [
        ("0.0", "conv_dw"),
        ("0.1", "bn1"),
        ("1.fc1", "se.conv_reduce"),
        ("1.fc2", "se.conv_expand"),
        ("2.0", "conv_pw"),
        ("2.1", "bn2"),
    ];

    private static readonly (string, string)[] s_inverted =
    [
        ("0.0", "conv_pw"),
        ("0.1", "bn1"),
        ("1.0", "conv_dw"),
        ("1.1", "bn2"),
        ("2.fc1", "se.conv_reduce"),
        ("2.fc2", "se.conv_expand"),
        ("3.0", "conv_pwl"),
        ("3.1", "bn3"),
    ];

    private static readonly (string, string)[] s_mobileSeparable =
    [
        ("0.0", "conv_dw"),
        ("0.1", "bn1"),
        ("1", "conv_pw"),
        ("2", "bn2"),
    ];

    private static readonly (string, string)[] s_mobileInverted =
    [
        ("0.0", "conv_pw"),
        ("0.1", "bn1"),
        ("1.0", "conv_dw"),
        ("1.1", "bn2"),
        ("2", "conv_pwl"),
        ("3", "bn3"),
    ];

    private static IEnumerable<(string From, string To)> Ends(int last)
    {
        yield return ("features.0.0", "conv_stem");
        yield return ("features.0.1", "bn1");
        yield return ($"features.{last}.0", "conv_head");
        yield return ($"features.{last}.1", "bn2");
        yield return ("classifier.1", "classifier");
    }

    private static string Join(string module, string leaf) => $"{module}.{leaf}";
}
