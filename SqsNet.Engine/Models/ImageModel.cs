using SqsNet.Torch;

namespace SqsNet.Engine.Models;

/// <summary>A network from images to class scores.</summary>
public abstract class ImageModel : Module<Tensor, Tensor>
{
    private protected ImageModel(string name, int imageSize, int classes, InputNormalization normalization)
    {
        ModelName = name;
        ImageSize = imageSize;
        Classes = classes;
        Normalization = normalization;
    }

    /// <summary>Its name in the registry.</summary>
    public string ModelName { get; }

    /// <summary>Side of the square images it is built for, in pixels.</summary>
    public int ImageSize { get; }

    /// <summary>Number of classes; 0 for a trunk without a head.</summary>
    public int Classes { get; }

    /// <summary>How its images are scaled.</summary>
    public InputNormalization Normalization { get; }

    /// <summary>What the keys of the head start with: the entries that depend on the classes.</summary>
    internal abstract IReadOnlyList<string> HeadPrefixes { get; }

    /// <summary>Whether an entry belongs to a trunk: to all that pretrained weights of another task can fill.</summary>
    /// <param name="key">Key of the state dict.</param>
    internal virtual bool IsTrunk(string key) =>
        !HeadPrefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The network without its head, in the layout of its kind.</summary>
    /// <param name="images">Normalised images, shape (B, 3, S, S) with S = <see cref="ImageSize"/>.</param>
    /// <returns>
    /// Features before pooling: (B, C, H, W) of convolutional networks and of SQSNet, (B, H, W, C) of Swin
    /// Transformers, (B, N, C) of Vision Transformers.
    /// </returns>
    public abstract Tensor ForwardFeatures(Tensor images);

    /// <summary>One vector per image, which the classifier sees: faces with like vectors look alike to the network.</summary>
    /// <param name="features">What <see cref="ForwardFeatures"/> gave.</param>
    /// <returns>Pooled features, shape (B, C).</returns>
    public abstract Tensor PoolFeatures(Tensor features);

    /// <summary>The head: pooling and the linear classifier.</summary>
    /// <param name="features">What <see cref="ForwardFeatures"/> gave.</param>
    /// <returns>Scores, shape (B, K); pooled features, shape (B, C), of a trunk without a head.</returns>
    public abstract Tensor ForwardHead(Tensor features);

    /// <summary>The network as far as the activations that Grad-CAM looks at: the last that have a place on the image.</summary>
    /// <param name="images">Normalised images, shape (B, 3, S, S).</param>
    /// <returns>Activations in the layout of the network's kind.</returns>
    internal virtual Tensor ForwardToCam(Tensor images) => ForwardFeatures(images);

    /// <summary>The rest of the network, from those activations to the scores.</summary>
    /// <param name="activations">What <see cref="ForwardToCam"/> gave.</param>
    /// <returns>Scores, shape (B, K).</returns>
    internal virtual Tensor ForwardFromCam(Tensor activations) => ForwardHead(activations);

    /// <summary>Those activations, or their gradients, as maps.</summary>
    /// <param name="activations">In the layout that <see cref="ForwardToCam"/> gives.</param>
    /// <returns>Shape (B, C, H, W).</returns>
    internal virtual Tensor CamMaps(Tensor activations) => activations;

    /// <summary>Scores of the images.</summary>
    /// <param name="images">Normalised images, shape (B, 3, S, S) with S = <see cref="ImageSize"/>.</param>
    /// <returns>Scores, shape (B, K).</returns>
    public sealed override Tensor forward(Tensor images) => ForwardHead(ForwardFeatures(images));
}

/// <summary>A single architecture of the zoo, usable alone or as a branch of SQSNet.</summary>
public abstract class Backbone : ImageModel
{
    /// <param name="row">The variant.</param>
    /// <param name="imageSize">Side of the images, in pixels.</param>
    /// <param name="classes">Classes of the head; 0 builds a trunk without one.</param>
    private protected Backbone(BackboneRow row, int imageSize, int classes)
        : base(row.Name, imageSize, classes, row.Normalization)
    {
        Features = row.Features;
        GridSize = row.GridSize(imageSize);
    }

    /// <summary>Channels of the features.</summary>
    public int Features { get; }

    /// <summary>Side of the feature map at <see cref="ImageModel.ImageSize"/>, in locations.</summary>
    public int GridSize { get; }

    /// <summary>The feature map as one vector per location.</summary>
    /// <param name="images">Normalised images, shape (B, 3, S, S).</param>
    /// <returns>Tokens in row-major order of the map, shape (B, <see cref="GridSize"/>^2, <see cref="Features"/>).</returns>
    public abstract Tensor ForwardTokens(Tensor images);

    /// <inheritdoc/>
    public sealed override Tensor ForwardFeatures(Tensor images) => Steps(images).Last().Output;

    /// <summary>
    /// The network step by step: stem, blocks, final norm, each under the name of timm's module whose output it is.
    /// The last output is the features.
    /// </summary>
    internal abstract IEnumerable<(string Module, Tensor Output)> Steps(Tensor images);
}

/// <summary>A variant of an architecture: one row of numbers. The architecture is code, a variant is data.</summary>
public abstract record BackboneRow
{
    /// <summary>timm's name of the variant, or ours where timm has none.</summary>
    public required string Name { get; init; }

    /// <summary>One line for people.</summary>
    public required string Description { get; init; }

    /// <summary>Side of the images that it is meant for, in pixels.</summary>
    public int ImageSize { get; init; } = 224;

    /// <summary>How the images of its published weights are scaled.</summary>
    public InputNormalization Normalization { get; init; }

    /// <summary>Dropout before the classifier, 0 to 1 exclusive.</summary>
    public double Dropout { get; init; }

    /// <summary>Stochastic depth of the last block; it grows linearly from 0. 0 to 1 exclusive.</summary>
    public double DropPath { get; init; }

    /// <summary>The architecture's name for people.</summary>
    public abstract string Family { get; }

    /// <summary>Whether it can be the transformer branch of SQSNet; otherwise it can be the CNN branch.</summary>
    public abstract bool IsTransformer { get; }

    /// <summary>Channels of the features.</summary>
    public abstract int Features { get; }

    /// <summary>Builds the network with freshly drawn weights from the calling thread's generator.</summary>
    /// <param name="imageSize">Side of the images, in pixels.</param>
    /// <param name="classes">Classes of the head; 0 builds a trunk without one.</param>
    /// <exception cref="ArgumentException">The size does not suit the architecture; see <see cref="SizeProblem"/>.</exception>
    public abstract Backbone Create(int imageSize, int classes);

    /// <summary>Size and arithmetic of the network, without building it.</summary>
    public abstract ModelCost Count(int imageSize, int classes);

    /// <summary>Why an image size does not suit the architecture, or null when it does.</summary>
    public abstract string? SizeProblem(int imageSize);

    /// <summary>Side of the feature map at an image size, in locations.</summary>
    public abstract int GridSize(int imageSize);

    private protected void RequireSize(int imageSize)
    {
        if (SizeProblem(imageSize) is { } problem)
            throw new ArgumentException($"{Name}: {problem}", nameof(imageSize));
    }
}
