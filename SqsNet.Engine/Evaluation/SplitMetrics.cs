namespace SqsNet.Engine.Evaluation;

/// <summary>Names of the metrics of a split, the same wherever one is evaluated.</summary>
/// <remarks>
/// <c>val/loss</c>, <c>val/accuracy</c>, <c>val/macro_f1</c>, <c>val/weighted_f1</c>, <c>val/balanced_accuracy</c>,
/// <c>val/f1/CLASS</c> and likewise for <c>test</c>. Test-time augmentation adds <c>_tta</c> to each name:
/// <c>test/accuracy_tta</c>, <c>test/f1_tta/CLASS</c>.
/// </remarks>
public static class SplitMetrics
{
    /// <summary>Suffix of metrics taken with test-time augmentation.</summary>
    public const string TtaSuffix = "_tta";

    /// <summary>Metrics by name.</summary>
    /// <param name="split">"val" or "test".</param>
    /// <param name="confusion">The counts.</param>
    /// <param name="loss">Mean cross-entropy of the base head, in nats.</param>
    /// <param name="classes">Class names, in order.</param>
    /// <param name="tta">Whether the counts come from test-time augmentation.</param>
    public static IReadOnlyDictionary<string, double> Of(
        string split,
        ConfusionMatrix confusion,
        double loss,
        IReadOnlyList<string> classes,
        bool tta = false
    )
    {
        var suffix = tta ? TtaSuffix : "";
        var metrics = new Dictionary<string, double>
        {
            [$"{split}/loss{suffix}"] = loss,
            [$"{split}/accuracy{suffix}"] = confusion.Accuracy,
            [$"{split}/macro_f1{suffix}"] = confusion.MacroF1,
            [$"{split}/weighted_f1{suffix}"] = confusion.WeightedF1,
            [$"{split}/balanced_accuracy{suffix}"] = confusion.BalancedAccuracy,
        };
        for (var k = 0; k < classes.Count; k++)
            metrics[$"{split}/f1{suffix}/{classes[k]}"] = confusion.F1(k);
        return metrics;
    }
}
