using SqsNet.Engine.Data;

namespace SqsNet.Engine.Evaluation;

/// <summary>Test accuracy on the parts of the test split that a dataset names, and without copies of training faces.</summary>
/// <remarks>
/// <c>test/accuracy/without_copies</c>, <c>test/accuracy/occlusion</c>, <c>test/accuracy/pose30</c>,
/// <c>test/accuracy/pose45</c>; with test-time augmentation <c>test/accuracy_tta/…</c>.
/// </remarks>
internal static class TestParts
{
    /// <summary>Name of the part without the faces that are, to the last pixel, also training faces.</summary>
    public const string WithoutCopies = "without_copies";

    /// <summary>Metrics by name; none where the dataset has neither parts nor copies.</summary>
    /// <param name="split">"test", or "test_" and which weights.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="faces">The test faces, in the order of the predictions.</param>
    /// <param name="result">What the model made of them.</param>
    /// <param name="tta">Whether it comes from test-time augmentation.</param>
    public static Dictionary<string, double> Metrics(
        string split,
        FaceDataset dataset,
        IReadOnlyList<int> faces,
        EvaluationResult result,
        bool tta
    )
    {
        var right = new Dictionary<int, bool>(faces.Count);
        for (var i = 0; i < faces.Count; i++)
            right[faces[i]] = result.Predictions[i] == dataset.Label(faces[i]);
        var metrics = new Dictionary<string, double>();
        var name = $"{split}/accuracy{(tta ? SplitMetrics.TtaSuffix : "")}";
        var kept = faces.Where(face => !dataset.RepeatsTraining(face)).ToList();
        if (kept.Count > 0 && kept.Count < faces.Count)
            metrics[$"{name}/{WithoutCopies}"] = Share(kept);
        foreach (var (part, members) in dataset.TestParts)
            metrics[$"{name}/{part}"] = Share(members);
        return metrics;

        double Share(IReadOnlyCollection<int> part) => (double)part.Count(face => right[face]) / part.Count;
    }
}
