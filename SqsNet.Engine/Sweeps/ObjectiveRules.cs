using SqsNet.Engine.Data;

namespace SqsNet.Engine.Sweeps;

/// <summary>Which metrics may decide what "better" means.</summary>
/// <remarks>Model selection never looks at the test split: a choice made on it is no longer a test.</remarks>
public static class ObjectiveRules
{
    private const string ClassF1 = "val/f1/";

    /// <summary>The metrics that an objective may name, besides "val/f1/" followed by a class.</summary>
    public static IReadOnlyList<string> Metrics { get; } =
    [
        "val/accuracy",
        "val/macro_f1",
        "val/weighted_f1",
        "val/balanced_accuracy",
        "val/loss",
        "train/accuracy",
        "train/loss",
    ];

    /// <summary>The direction in which a metric improves.</summary>
    public static Goal NaturalGoal(string metric) =>
        metric.EndsWith("/loss", StringComparison.Ordinal) ? Goal.Minimize : Goal.Maximize;

    /// <summary>What is wrong with an objective on a dataset's classes; null where it fits.</summary>
    /// <param name="objective">The objective; "val/f1/" names a class.</param>
    /// <param name="dataset">The dataset.</param>
    internal static string? Problem(ObjectiveSpec objective, DatasetInfo dataset)
    {
        if (!objective.Metric.StartsWith(ClassF1, StringComparison.Ordinal))
            return null;
        var name = objective.Metric[ClassF1.Length..];
        if (dataset.Classes.Contains(name))
            return null;
        var nearest = NearestName.Find(name, dataset.Classes) is { } near ? $"; did you mean \"{near}\"?" : ".";
        return $"names a class that the dataset '{dataset.Name}' does not have: \"{Short(name)}\"{nearest} Its classes: {string.Join(", ", dataset.Classes)}";
    }

    internal static void Check(ObjectiveSpec objective, SpecRange range)
    {
        var metric = objective.Metric;
        if (
            metric.StartsWith("test/", StringComparison.Ordinal) || metric.StartsWith("test_", StringComparison.Ordinal)
        )
            range.Add(
                "objective.metric",
                $"\"{Short(metric)}\" belongs to the test split, which must not choose anything; take \"val/{Short(metric[5..])}\""
            );
        else if (!IsKnown(metric))
        {
            var nearest = NearestName.Find(metric, Metrics) is { } near ? $"; did you mean \"{near}\"?" : ".";
            range.Add(
                "objective.metric",
                $"\"{Short(metric)}\" is not a metric that can be an objective{nearest} Known: {string.Join(", ", Metrics)}, val/f1/<class>"
            );
        }
        else if (objective.Goal != NaturalGoal(metric))
            range.Add(
                "objective.goal",
                $"must be {SweepSpecJson.Word(NaturalGoal(metric))} for {metric}; it is {SweepSpecJson.Word(objective.Goal)}"
            );
    }

    private static bool IsKnown(string metric) =>
        Metrics.Contains(metric)
        || (
            metric.StartsWith(ClassF1, StringComparison.Ordinal)
            && metric.Length is > 7 and <= 200
            && !string.IsNullOrWhiteSpace(metric[ClassF1.Length..])
        );

    private static string Short(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "...");
}
