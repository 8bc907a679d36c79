namespace SqsNet.Engine.Models;

/// <summary>What a model of the registry can be used for.</summary>
public enum ModelRole
{
    /// <summary>A whole network of two branches: an SQSNet or a plain hybrid.</summary>
    Network,

    /// <summary>Alone, or as the CNN branch of an SQSNet.</summary>
    Cnn,

    /// <summary>Alone, or as the transformer branch of an SQSNet.</summary>
    Transformer,
}

/// <summary>A model of the registry, for people: no tensor is behind it.</summary>
/// <remarks>Size and arithmetic are counted from the shapes on first use, in well under a millisecond, and kept.</remarks>
public sealed class ModelInfo
{
    /// <summary>Classes that the counts include a head for.</summary>
    public const int CountedClasses = 7;

    private readonly Lazy<ModelCost> _cost;
    private readonly Lazy<long> _trunk;

    internal ModelInfo(
        string name,
        string family,
        string description,
        ModelRole role,
        int imageSize,
        int mapSize,
        int features,
        Func<ModelCost> count,
        Func<long> countTrunk
    )
    {
        Name = name;
        Family = family;
        Description = description;
        Role = role;
        DefaultImageSize = imageSize;
        MapSize = mapSize;
        Features = features;
        _cost = new Lazy<ModelCost>(count);
        _trunk = new Lazy<long>(countTrunk);
    }

    /// <summary>Its name in specifications.</summary>
    public string Name { get; }

    /// <summary>The architecture's name.</summary>
    public string Family { get; }

    /// <summary>One line about it.</summary>
    public string Description { get; }

    /// <summary>What it can be used for.</summary>
    public ModelRole Role { get; }

    /// <summary>Side of the images where the specification names none, in pixels.</summary>
    public int DefaultImageSize { get; }

    /// <summary>Side of its feature map at that size, in locations.</summary>
    public int MapSize { get; }

    /// <summary>Channels of its feature map.</summary>
    public int Features { get; }

    /// <summary>Trainable numbers, with heads of <see cref="CountedClasses"/> classes.</summary>
    public long Parameters => _cost.Value.Parameters;

    /// <summary>Trainable numbers of the backbones alone, without fusion and heads.</summary>
    public long TrunkParameters => _trunk.Value;

    /// <summary>Bytes of its checkpoint: every entry of the state dictionary in 32-bit floats, without the file's header.</summary>
    public long CheckpointBytes => _cost.Value.StateBytes;

    /// <summary>Multiply-accumulates for one image of <see cref="DefaultImageSize"/> at inference. FLOPs are twice this.</summary>
    public long Macs => _cost.Value.Macs;

    /// <summary>Entries of its state dictionary, buffers included.</summary>
    public int KeyCount => _cost.Value.Keys;

    /// <summary>The counts in detail.</summary>
    public ModelCost Cost => _cost.Value;
}
