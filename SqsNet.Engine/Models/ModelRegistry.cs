using System.Diagnostics;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Sweeps;
using SqsNet.Torch;

namespace SqsNet.Engine.Models;

/// <summary>Every network that a specification can name: an explicit list.</summary>
public static class ModelRegistry
{
    private static readonly IReadOnlyList<BackboneRow> s_backbones =
    [
        .. EfficientNetVariants.All,
        .. ResNetVariants.All,
        .. MobileFaceNetVariants.All,
        .. SwinVariants.All,
        .. VisionTransformerVariants.All,
    ];

    private static readonly IReadOnlyList<HybridRow> s_networks = HybridVariants.All;

    /// <summary>Every model, whole networks first.</summary>
    public static IReadOnlyList<ModelInfo> All { get; } =
    [.. s_networks.Select(Describe), .. s_backbones.Select(Describe)];

    /// <summary>Names that can stand as "model.cnn".</summary>
    public static IReadOnlyList<string> CnnNames { get; } =
    [.. s_backbones.Where(row => !row.IsTransformer).Select(row => row.Name)];

    /// <summary>Names that can stand as "model.transformer".</summary>
    public static IReadOnlyList<string> TransformerNames { get; } =
    [.. s_backbones.Where(row => row.IsTransformer).Select(row => row.Name)];

    /// <summary>The model of that name, or null.</summary>
    public static ModelInfo? Find(string name) => All.FirstOrDefault(model => model.Name == name);

    /// <summary>What to say after a name that no model has: the name that was probably meant, or nothing.</summary>
    public static string Hint(string name) =>
        NearestName.Find(name, All.Select(model => model.Name)) is { } near ? $"; did you mean \"{near}\"?" : "";

    /// <summary>Fills what the specification leaves open with the named model's own values.</summary>
    /// <param name="spec">A specification; one with an unknown name is returned as it is.</param>
    /// <returns>
    /// For a whole network every value but the weights, and but the normalisation where its branches differ in it; for a
    /// single backbone the image size and the normalisation. No SQS module for single backbones and plain hybrids.
    /// </returns>
    public static ModelSpec Resolve(ModelSpec spec)
    {
        if (FindNetwork(spec.Name) is { } network)
        {
            return spec with
            {
                Cnn = spec.Cnn ?? network.Cnn.Name,
                Transformer = spec.Transformer ?? network.Transformer.Name,
                Fusion = spec.Fusion ?? network.Fusion,
                Width = spec.Width ?? network.Width,
                ImageSize = spec.ImageSize ?? network.ImageSize,
                Normalization = Apply(spec, network).Normalization,
                SqsModule = spec.SqsModule && network.HasSqsModule,
            };
        }
        return FindBackbone(spec.Name) is { } backbone
            ? spec with
            {
                ImageSize = spec.ImageSize ?? backbone.ImageSize,
                Normalization = spec.Normalization ?? backbone.Normalization,
                SqsModule = false,
            }
            : spec;
    }

    /// <summary>Every problem of a specification, with its path.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="path">Path of the specification itself, in front of each problem's.</param>
    public static IReadOnlyList<ConfigError> Validate(ModelSpec spec, string path = "model") =>
        [.. new ModelSpecValidation(spec, path).Errors()];

    /// <summary>Size and arithmetic of the network of a specification, without building it.</summary>
    /// <exception cref="InvalidSpecException">The specification is not valid; carries every problem.</exception>
    public static ModelCost Count(ModelSpec spec, int classes)
    {
        ThrowIfInvalid(spec);
        if (FindNetwork(spec.Name) is { } network)
            return Apply(spec, network).Count(classes);
        var backbone = GetBackbone(spec.Name);
        return backbone.Count(spec.ImageSize ?? backbone.ImageSize, classes);
    }

    /// <summary>Trainable numbers of the backbones of a specification alone, without fusion and heads.</summary>
    /// <exception cref="InvalidSpecException">The specification is not valid; carries every problem.</exception>
    public static long CountTrunks(ModelSpec spec)
    {
        ThrowIfInvalid(spec);
        if (FindNetwork(spec.Name) is { } network)
            return Apply(spec, network).CountTrunks();
        var backbone = GetBackbone(spec.Name);
        return backbone.Count(spec.ImageSize ?? backbone.ImageSize, classes: 0).Parameters;
    }

    /// <summary>Builds the network of a specification with freshly drawn weights.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="sqs">The SQS module's hyperparameters; the initial values where they are learned.</param>
    /// <param name="classes">Number of classes, 2 or more.</param>
    /// <param name="rng">Source of the weights: the same stream at the same position gives the same weights.</param>
    /// <returns>The network on the CPU, in training mode, in 32-bit floats.</returns>
    /// <remarks>Seeds the calling thread's generator.</remarks>
    /// <exception cref="InvalidSpecException">The specification is not valid; carries every problem.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is less than 2.</exception>
    public static ImageModel Create(ModelSpec spec, SqsSpec sqs, int classes, Rng rng)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        ThrowIfInvalid(spec);
        torch.random.manual_seed(unchecked((long)rng.NextUInt64()));
        if (FindNetwork(spec.Name) is { } network)
        {
            var row = Apply(spec, network);
            return row.HasSqsModule ? new SqsNetModel(row, classes, sqs) : new HybridModel(row, classes);
        }
        var backbone = Apply(spec, GetBackbone(spec.Name));
        return backbone.Create(spec.ImageSize ?? backbone.ImageSize, classes);
    }

    internal static HybridRow? FindNetwork(string name) => s_networks.FirstOrDefault(row => row.Name == name);

    internal static BackboneRow? FindBackbone(string? name) => s_backbones.FirstOrDefault(row => row.Name == name);

    private static BackboneRow GetBackbone(string name) =>
        FindBackbone(name) ?? throw new UnreachableException($"'{name}' passed validation.");

    /// <summary>The named network's row with the specification's own values in it.</summary>
    private static HybridRow Apply(ModelSpec spec, HybridRow network) =>
        network with
        {
            Cnn = Apply(spec, FindBackbone(spec.Cnn) ?? network.Cnn),
            Transformer = Apply(spec, FindBackbone(spec.Transformer) ?? network.Transformer),
            Fusion = spec.Fusion ?? network.Fusion,
            Width = spec.Width ?? network.Width,
            ImageSize = spec.ImageSize ?? network.ImageSize,
            Dropout = spec.Dropout,
        };

    private static BackboneRow Apply(ModelSpec spec, BackboneRow backbone) =>
        backbone with
        {
            Normalization = spec.Normalization ?? backbone.Normalization,
            Dropout = spec.Dropout,
            DropPath = spec.DropPath,
        };

    private static void ThrowIfInvalid(ModelSpec spec)
    {
        var errors = Validate(spec);
        if (errors.Count > 0)
            throw new InvalidSpecException(errors);
    }

    private static ModelInfo Describe(HybridRow row) =>
        new(
            row.Name,
            row.HasSqsModule ? "SQSNet" : "Hybrid",
            row.Description,
            ModelRole.Network,
            row.ImageSize,
            row.GridSize,
            row.Width,
            () => row.Count(ModelInfo.CountedClasses),
            () => row.CountTrunks()
        );

    private static ModelInfo Describe(BackboneRow row) =>
        new(
            row.Name,
            row.Family,
            row.Description,
            row.IsTransformer ? ModelRole.Transformer : ModelRole.Cnn,
            row.ImageSize,
            row.GridSize(row.ImageSize),
            row.Features,
            () => row.Count(row.ImageSize, ModelInfo.CountedClasses),
            () => row.Count(row.ImageSize, classes: 0).Parameters
        );
}
