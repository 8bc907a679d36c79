namespace SqsNet.Engine.Explain;

/// <summary>What a trial's best weights make of a picture of a face.</summary>
public sealed record FaceExplanation
{
    /// <summary>The trial.</summary>
    public required long TrialId { get; init; }

    /// <summary>Epoch that the weights are from, 1-based.</summary>
    public required int Epoch { get; init; }

    /// <summary>Class names, in the order of everything else here.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Probability of each class, of the face as it is.</summary>
    public required IReadOnlyList<float> Probabilities { get; init; }

    /// <summary>Probability of each class, averaged over the five views of test-time augmentation.</summary>
    public required IReadOnlyList<float> ProbabilitiesTta { get; init; }

    /// <summary>Grad-CAM of each class: rows of the map from the top, 0 or more. They share one scale.</summary>
    public required IReadOnlyList<float[][]> GradCam { get; init; }

    /// <summary>The weights and the dataset's faces that it was made with: others have another stamp.</summary>
    public required string Stamp { get; init; }

    /// <summary>Pooled features of length 1, which nearest faces are found by.</summary>
    public required IReadOnlyList<float> Feature { get; init; }
}

/// <summary>A face of the training split that looks like another face to the network.</summary>
/// <param name="Index">Index of the face in the dataset.</param>
/// <param name="Label">Its class.</param>
/// <param name="Similarity">Cosine of the two pooled features, -1 to 1.</param>
public sealed record NearestFace(int Index, int Label, float Similarity);
