namespace SqsNet.Web.Components.Trials;

/// <summary>Metrics that share a chart.</summary>
/// <param name="Title">The chart's title.</param>
/// <param name="Metrics">Their names.</param>
public sealed record MetricGroup(string Title, IReadOnlyList<string> Metrics);

/// <summary>Puts the metrics that a trial reports into charts: what belongs together on one scale stands together.</summary>
public static class MetricGroups
{
    private static readonly (string Title, Func<string, bool> Takes)[] s_charts =
    [
        ("Loss", m => m is "train/loss" or "val/loss"),
        ("Accuracy", m => m is "train/accuracy" or "val/accuracy"),
        ("Parts of the loss", m => m.StartsWith("train/loss_", StringComparison.Ordinal)),
        ("Balanced scores", m => m is "val/macro_f1" or "val/weighted_f1" or "val/balanced_accuracy"),
        ("F1 by class", m => m.StartsWith("val/f1/", StringComparison.Ordinal)),
        ("How well R finds the true mask (AUC)", m => m == "val/mask_auc"),
        ("Learning rate", m => m == "train/learning_rate"),
        ("Images per second", m => m == "train/images_per_second"),
        ("Share of time that batches take", m => m == "train/data_share"),
        ("Most bytes in tensors at once", m => m == "system/memory_bytes"),
    ];

    /// <summary>The charts, in a fixed order; metrics of the final evaluation have no curve and are left out.</summary>
    public static IReadOnlyList<MetricGroup> Of(IEnumerable<string> metrics)
    {
        var left = metrics.Where(HasCurve).Order(StringComparer.Ordinal).ToList();
        var groups = new List<MetricGroup>();
        foreach (var (title, takes) in s_charts)
        {
            var taken = left.Where(takes).ToList();
            if (taken.Count > 0)
                groups.Add(new(title, taken));
            left.RemoveAll(m => takes(m));
        }
        groups.AddRange(left.Select(m => new MetricGroup(m, [m])));
        return groups;
    }

    private static bool HasCurve(string metric) =>
        !metric.StartsWith("test", StringComparison.Ordinal)
        && !metric.StartsWith("val_", StringComparison.Ordinal)
        && !metric.Contains("_tta", StringComparison.Ordinal);
}
