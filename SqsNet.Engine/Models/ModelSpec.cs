namespace SqsNet.Engine.Models;

/// <summary>The network of a trial, as in the specification.</summary>
public sealed record ModelSpec
{
    /// <summary>A name of the model registry: "sqsnet" (the paper's), "sqsnet-tiny", or a single backbone.</summary>
    public string Name { get; init; } = "sqsnet-tiny";

    /// <summary>CNN branch; null takes the named model's own.</summary>
    public string? Cnn { get; init; }

    /// <summary>Transformer branch; null takes the named model's own.</summary>
    public string? Transformer { get; init; }

    /// <summary>How the two branches meet; null takes the named model's own.</summary>
    public FusionSpec? Fusion { get; init; }

    /// <summary>Channels of the fused map (the paper's d3); null takes the named model's own.</summary>
    public int? Width { get; init; }

    /// <summary>Side of the square input, in pixels; null takes the named model's own.</summary>
    public int? ImageSize { get; init; }

    /// <summary>
    /// Names of files in the data directory's weights folder, joined by "+" (one for each branch, or one for the
    /// whole network); null trains from scratch.
    /// </summary>
    public string? Pretrained { get; init; }

    /// <summary>How images are scaled; null scales them as the network's published weights expect, each branch its own way.</summary>
    public InputNormalization? Normalization { get; init; }

    /// <summary>Dropout before the classifier, 0 to 1 exclusive.</summary>
    public double Dropout { get; init; }

    /// <summary>
    /// Stochastic depth: probability that training drops the last residual block of a network or branch for an image; it
    /// grows linearly from 0 at the first. 0 to 1 exclusive.
    /// </summary>
    public double DropPath { get; init; }

    /// <summary>Whether the SQS module, the enhanced head and the distillation take part in training.</summary>
    public bool SqsModule { get; init; } = true;
}

/// <summary>How the two branches meet.</summary>
public enum FusionKind
{
    /// <summary>CNN tokens query the transformer's tokens (equations 3 and 4).</summary>
    CrossAttention,

    /// <summary>Channel concatenation and one linear map (figure 2).</summary>
    Concat,
}

/// <summary>How the two branches meet, and the variants of cross-attention.</summary>
public sealed record FusionSpec
{
    /// <summary>Which fusion.</summary>
    public FusionKind Kind { get; init; } = FusionKind.CrossAttention;

    /// <summary>Attention heads; must divide the width.</summary>
    public int Heads { get; init; } = 1;

    /// <summary>Whether keys and values share one projection (the literal reading).</summary>
    public bool Tied { get; init; } = true;

    /// <summary>Whether the projected CNN tokens are added to the attention's output.</summary>
    public bool Residual { get; init; }
}
