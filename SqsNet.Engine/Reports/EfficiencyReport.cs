using SqsNet.Engine.Models;
using SqsNet.Engine.Statistics;

namespace SqsNet.Engine.Reports;

/// <summary>Size, arithmetic, speed and accuracy of each model, beside what the paper's Table 3 prints.</summary>
/// <remarks>
/// Parameters and multiply-accumulates are counted from the architecture; training speed is what the trials reported.
/// The paper's 43.5 M and 8.1 G for SQSNet cannot be right (its two trunks alone have 89.6 M); they are shown as printed.
/// </remarks>
internal static class EfficiencyReport
{
    private const string SpeedMetric = "train/images_per_second";

    internal static ReportTable Create(ReportInput input)
    {
        var parts = new ReportParts(input);
        var metric = parts.Split == "test" ? "test/accuracy" : parts.Objective.Metric;
        var rows = parts
            .Groups.GroupBy(ArchitecturesReport.Name)
            .Select(model =>
            {
                var spec = model.First().Trials[0].Spec.Model;
                var cost = ModelRegistry.Count(spec, ModelInfo.CountedClasses);
                var completed = model.SelectMany(group => group.Completed).ToList();
                var measured = new Measurement(metric, [.. model.SelectMany(group => group.Measure(metric).Values)]);
                var speed = completed
                    .Where(trial => trial.Latest.TryGetValue(SpeedMetric, out var value) && double.IsFinite(value))
                    .Select(trial => trial.Latest[SpeedMetric]);
                var paper = PaperNumbers.Cost(model.Key);
                return new ReportRow(
                    [
                        model.Key,
                        ModelRegistry.Resolve(spec).ImageSize ?? double.NaN,
                        cost.Parameters / 1e6,
                        cost.Macs / 1e9,
                        new MeasureCell(Summary.Of([.. speed])),
                        new MeasureCell(measured.Summary),
                        paper?.Parameters ?? double.NaN,
                        paper?.Flops ?? double.NaN,
                    ],
                    measured.TrialIds
                );
            });
        return new(
            "efficiency",
            "Size, arithmetic and speed",
            [
                new("model", "Model"),
                new("image_size", "Pixels", ColumnKind.Number, Decimals: 0),
                new("parameters_m", "Parameters (M)", ColumnKind.Number, Decimals: 3),
                new("gmacs", "GMACs", ColumnKind.Number, Decimals: 3),
                new("train_images_per_second", "Training images/s", ColumnKind.Measure, Decimals: 1),
                ReportParts.MeasureColumn(metric),
                new("paper_parameters_m", "Paper: parameters (M)", ColumnKind.Number, Decimals: 1),
                new("paper_gflops", "Paper: GFLOPs", ColumnKind.Number),
            ],
            [.. rows],
            [
                $"Counted for one face and {ModelInfo.CountedClasses} classes; one multiply-accumulate is two FLOPs. Inference time: sqsnet bench inference.",
                "The paper's columns are its Table 3 as printed.",
                .. parts.Notes(metric),
            ]
        );
    }
}
