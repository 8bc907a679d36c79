using System.Text.Json.Serialization;

namespace SqsNet.Engine.Similarity;

/// <summary>How features are scaled before the distance of equation 6.</summary>
public enum SimilarityNormalization
{
    /// <summary>Each location's feature vector divided by its Euclidean norm.</summary>
    L2,

    /// <summary>Raw features: the literal equation, which underflows for wide maps.</summary>
    None,

    /// <summary>Raw features with the squared distance divided by the number of channels.</summary>
    MeanSquare,
}

/// <summary>Which classes the two negatives come from.</summary>
public enum NegativeChoice
{
    /// <summary>Two different classes, neither the anchor's, where the batch has them.</summary>
    Distinct,

    /// <summary>Any other classes.</summary>
    Any,

    /// <summary>Both from one other class (as QCS does).</summary>
    Same,
}

/// <summary>The six hyperparameters of the Spatial Quad-Similarity module and its variants.</summary>
public sealed record SqsSpec
{
    /// <summary>Temperature of the similarity, equation 6. Greater than 0.</summary>
    public double Tau { get; init; } = 1.0;

    /// <summary>Weight of the anchor-positive map in R, equation 7. 0 or more.</summary>
    public double Alpha { get; init; } = 1.0;

    /// <summary>Weight of the anchor-negative maps in R, equation 7. 0 or more.</summary>
    public double Beta { get; init; } = 0.5;

    /// <summary>Strength of the refinement, equation 8. 0 or more.</summary>
    public double Gamma { get; init; } = 0.5;

    /// <summary>Margin m of the quad loss, equation 10. 0 or more; above 1 it can never be met.</summary>
    public double Margin { get; init; } = 0.5;

    /// <summary>Weight of the quad loss in the total, equation 11. 0 or more.</summary>
    [JsonPropertyName("lambda")]
    public double Lambda { get; init; } = 0.5;

    /// <summary>How features are scaled before the distance.</summary>
    public SimilarityNormalization Normalize { get; init; } = SimilarityNormalization.L2;

    /// <summary>Which classes the two negatives come from.</summary>
    public NegativeChoice Negatives { get; init; } = NegativeChoice.Distinct;

    /// <summary>Whether alpha, beta and gamma are parameters that training may move.</summary>
    public bool Learnable { get; init; }
}
