using System.Globalization;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Models;

/// <summary>Checks one network's specification against the registry.</summary>
/// <param name="spec">The specification.</param>
/// <param name="path">Path of the specification itself.</param>
internal sealed class ModelSpecValidation(ModelSpec spec, string path)
{
    private const int MinWidth = 8;
    private const int MaxWidth = 4096;

    /// <summary>Every problem, with its path.</summary>
    internal IEnumerable<ConfigError> Errors() => [.. ArchitectureErrors(), .. DropErrors(), .. PretrainedErrors()];

    private IEnumerable<ConfigError> ArchitectureErrors()
    {
        if (ModelRegistry.FindNetwork(spec.Name) is { } network)
            return NetworkErrors(network);
        return ModelRegistry.FindBackbone(spec.Name) is { } backbone
            ? BackboneErrors(backbone)
            : [Unknown("name", spec.Name, "model", ModelRegistry.All.Select(model => model.Name))];
    }

    private IEnumerable<ConfigError> BackboneErrors(BackboneRow backbone)
    {
        if (spec.ImageSize is { } size && backbone.SizeProblem(size) is { } problem)
            yield return Error("imageSize", $"{backbone.Name}: {problem}");
        var own = (string key) =>
            Error(
                key,
                $"'{backbone.Name}' is a single backbone; \"{key}\" belongs to whole networks such as 'sqsnet'."
            );
        if (spec.Cnn is not null)
            yield return own("cnn");
        if (spec.Transformer is not null)
            yield return own("transformer");
        if (spec.Fusion is not null)
            yield return own("fusion");
        if (spec.Width is not null)
            yield return own("width");
    }

    private IEnumerable<ConfigError> DropErrors()
    {
        foreach (var (key, value) in new[] { ("dropout", spec.Dropout), ("dropPath", spec.DropPath) })
        {
            if (value is not (>= 0 and < 1))
                yield return Error(
                    key,
                    string.Create(CultureInfo.InvariantCulture, $"must be 0 to 1 exclusive, not {value}.")
                );
        }
    }

    private IEnumerable<ConfigError> PretrainedErrors()
    {
        if (spec.Pretrained is null)
            yield break;
        var names = PretrainedWeights.Names(spec.Pretrained);
        if (names.Count == 0)
            yield return Error("pretrained", "Name a file of the weights folder, or leave it null.");
        foreach (var name in names.Where(name => !PretrainedWeights.IsName(name)))
            yield return Error("pretrained", $"'{name}' cannot be the name of a file in the weights folder.");
    }

    private IEnumerable<ConfigError> NetworkErrors(HybridRow network)
    {
        var cnn = spec.Cnn is null ? network.Cnn : ModelRegistry.FindBackbone(spec.Cnn);
        if (cnn is null)
            yield return Unknown("cnn", spec.Cnn ?? "", "CNN", ModelRegistry.CnnNames);
        else if (cnn.IsTransformer)
            yield return Error("cnn", $"'{cnn.Name}' is a transformer. CNNs: {List(ModelRegistry.CnnNames)}.");

        var transformer = spec.Transformer is null ? network.Transformer : ModelRegistry.FindBackbone(spec.Transformer);
        if (transformer is null)
            yield return Unknown("transformer", spec.Transformer ?? "", "transformer", ModelRegistry.TransformerNames);
        else if (!transformer.IsTransformer)
            yield return Error(
                "transformer",
                $"'{transformer.Name}' is a CNN. Transformers: {List(ModelRegistry.TransformerNames)}."
            );

        var size = spec.ImageSize ?? network.ImageSize;
        foreach (var branch in new[] { cnn, transformer })
        {
            if (branch?.SizeProblem(size) is { } problem)
                yield return Error("imageSize", $"{branch.Name}: {problem}");
        }

        var width = spec.Width ?? network.Width;
        if (width is < MinWidth or > MaxWidth)
            yield return Error("width", $"The width must be {MinWidth} to {MaxWidth} channels, not {width}.");
        if (spec.Fusion is { Kind: FusionKind.CrossAttention } fusion)
        {
            if (fusion.Heads < 1)
                yield return Error("fusion.heads", $"There must be 1 head or more, not {fusion.Heads}.");
            else if (width % fusion.Heads != 0)
                yield return Error(
                    "fusion.heads",
                    $"{fusion.Heads} heads do not divide the width of {width} channels."
                );
        }
    }

    private ConfigError Unknown(string key, string written, string kind, IEnumerable<string> known)
    {
        var names = known.ToArray();
        var suggestion = NearestName.Find(written, names) is { } nearest ? $" Did you mean '{nearest}'?" : "";
        return Error(key, $"There is no {kind} '{written}'.{suggestion} Known: {List(names)}.");
    }

    private ConfigError Error(string key, string message) => new($"{path}.{key}", message);

    private static string List(IEnumerable<string> names) => string.Join(", ", names);
}
