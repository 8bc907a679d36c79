namespace SqsNet.Web.Forms;

/// <summary>One of the SQS module's six hyperparameters, for people.</summary>
/// <param name="Path">Its path in the specification.</param>
/// <param name="Symbol">The paper's letter.</param>
/// <param name="Name">The paper's name.</param>
/// <param name="Help">What it does, and what follows from more or less of it.</param>
/// <param name="Equation">Number of its equation in the paper.</param>
/// <param name="PaperValues">The values of the paper's Table 4.</param>
public sealed record Hyperparameter(
    string Path,
    string Symbol,
    string Name,
    string Help,
    int Equation,
    string PaperValues
)
{
    /// <summary>All six, in the paper's order.</summary>
    public static IReadOnlyList<Hyperparameter> All { get; } =
    [
        new(
            "sqs.tau",
            "τ",
            "Temperature",
            "How quickly similarity falls with distance. Small: only near-equal features count as similar. Large: everything does.",
            6,
            "0.1, 0.5, 1.0, 2.0"
        ),
        new(
            "sqs.alpha",
            "α",
            "Positive weight",
            "How much the likeness of anchor and positive strengthens a location.",
            7,
            "0.5, 0.7, 1.0, 1.5"
        ),
        new(
            "sqs.beta",
            "β",
            "Negative weight",
            "How much the likeness of anchor and negatives weakens a location.",
            7,
            "0.3, 0.5, 0.7, 1.0"
        ),
        new(
            "sqs.gamma",
            "γ",
            "Scaling factor",
            "How far the refinement map changes the anchor's features. 0 leaves them as they are.",
            8,
            "0.1, 0.3, 0.5, 0.7, 1.0"
        ),
        new(
            "sqs.margin",
            "m",
            "Margin",
            "By how much the positive must be more similar than each negative, at every location. Above 1 it can never be met.",
            10,
            "0.2, 0.3, 0.5, 0.7, 1.0"
        ),
        new(
            "sqs.lambda",
            "λ",
            "SQS weight",
            "Weight of the quad loss beside the classification loss. 0 turns it off.",
            11,
            "0.1, 0.3, 0.5, 0.7, 1.0"
        ),
    ];

    /// <summary>The hyperparameter at a path, or null.</summary>
    public static Hyperparameter? Find(string path) => All.FirstOrDefault(h => h.Path == path);
}
