using SqsNet.Engine.Events;
using SqsNet.Engine.Statistics;

namespace SqsNet.Engine.Reports;

/// <summary>The explicit list of tables.</summary>
public static class ReportRegistry
{
    private static readonly (string Name, string Description, Func<ReportInput, ReportTable> Create)[] _tables =
    [
        ("comparison", "The best configuration among the published results on its dataset", ComparisonReport.Create),
        (
            "efficiency",
            "Parameters, arithmetic, size, speed and memory of each model, beside the paper's",
            EfficiencyReport.Create
        ),
        (
            "sensitivity",
            "Every varied parameter: its values, their mean and spread, the best one",
            SensitivityReport.Create
        ),
        (
            "race",
            "Where each configuration stands by its seeds, and whether it could still be the best",
            RaceReport.Create
        ),
        ("importance", "Which parameters decide the objective, alone and in pairs", ImportanceReport.Create),
        ("ablation", "The full model and the model without each part", AblationReport.Create),
        ("metrics", "Accuracy, F1 and balanced accuracy of each configuration", MetricsReport.Create),
        ("confusion", "Mean confusion matrix of one configuration over its seeds", ConfusionReport.Create),
        ("significance", "Each configuration against the first, with corrected tests", SignificanceReport.Create),
        ("replay", "What each pruner would have saved on the recorded curves, and lost", ReplayReport.Create),
        ("architectures", "Accuracy of each model, beside the paper's", ArchitecturesReport.Create),
    ];

    /// <summary>The tables' names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. _tables.Select(table => table.Name)];

    /// <summary>What a table shows, in one line.</summary>
    /// <exception cref="NotFoundException">No such table.</exception>
    public static string Describe(string name) => Get(name).Description;

    /// <summary>Whether a table needs <see cref="ReportInput.Confusions"/>.</summary>
    public static bool NeedsConfusions(string name) => name == "confusion";

    /// <summary>Whether a table needs <see cref="ReportInput.Curves"/>.</summary>
    public static bool NeedsCurves(string name) => name == "replay";

    /// <summary>Whether a table needs <see cref="ReportInput.Speeds"/>.</summary>
    public static bool NeedsSpeeds(string name) => name == "efficiency";

    /// <summary>Whether a table needs <see cref="ReportInput.Confirming"/>.</summary>
    public static bool NeedsConfirming(string name) => name == "metrics";

    /// <summary>The best configuration by the objective, and how many fresh seeds have confirmed it; null before any has completed.</summary>
    public static (TrialGroup Group, int FreshSeeds)? Best(ReportInput input)
    {
        var parts = new ReportParts(input);
        return parts.Best() is { } best ? (best, parts.Confirming(best).Count) : null;
    }

    /// <summary>Makes a table.</summary>
    /// <exception cref="NotFoundException">No such table.</exception>
    public static ReportTable Create(string name, ReportInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Get(name).Create(input) with { Stamp = ReportStamp.Of(input.Trials) };
    }

    private static (string Name, string Description, Func<ReportInput, ReportTable> Create) Get(string name) =>
        Array.Find(_tables, table => table.Name == name) is { Name: not null } found
            ? found
            : throw new NotFoundException($"Table \"{name}\" (there are {string.Join(", ", Names)})");
}
