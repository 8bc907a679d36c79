using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Reports;

/// <summary>Our best configuration among the published results on the same dataset.</summary>
/// <remarks>
/// The paper's Table 1. The configuration is chosen on the objective, never on the test split. A published result is a
/// single number: it is compared with our seeds by a one-sample t test that takes it as exact, corrected over the table
/// by Holm; there are no pairs to test. Most of them were picked by the best epoch on the test images, ours was not.
/// </remarks>
internal static class ComparisonReport
{
    internal static ReportTable Create(ReportInput input)
    {
        var parts = new ReportParts(input);
        var chosen = parts.Objective.Metric;
        var metric = $"{parts.Split}/accuracy";
        // The dataset may vary within a sweep; published results are of one.
        var rivals = parts.Groups.Where(group => group.Trials[0].Spec.Dataset == parts.Spec.Dataset).ToList();
        var best = parts.Best([.. rivals.Select(group => group.Measure(chosen))]);
        var group = best is { } index ? rivals[index] : null;
        var ours = group?.Measure(metric) ?? new Measurement(metric, []);
        var published = PaperNumbers.On(parts.Spec.Dataset);
        var tests = published
            .Select(result => ours.Summary.N > 1 ? TTest.OneSample(ours.Summary, result.Accuracy) : (TTestResult?)null)
            .ToList();
        var corrected = Holm.Adjust([.. tests.Select(test => test?.P ?? double.NaN)]);

        var rows = new List<(double Accuracy, ReportRow Row)>();
        if (group is not null && ours.Summary.N > 0)
            rows.Add(
                (
                    ours.Summary.Mean,
                    new(
                        [
                            $"ours: {group.Trials[0].Spec.Model.Name}, {Assignments.Describe(group.Assignment)}",
                            new MeasureCell(ours.Summary),
                            .. Enumerable.Repeat(ReportCell.None, 2),
                            $"{ours.Summary.N} seeds",
                        ],
                        ours.TrialIds
                    )
                )
            );
        for (var i = 0; i < published.Count; i++)
            rows.Add(
                (
                    published[i].Accuracy,
                    new(
                        [
                            published[i].Method,
                            new MeasureCell(new(1, published[i].Accuracy, double.NaN)),
                            ours.Summary.Mean - published[i].Accuracy,
                            corrected[i],
                            published[i].Source,
                        ],
                        []
                    )
                )
            );
        return new(
            "comparison",
            $"Accuracy on {parts.Spec.Dataset}, {parts.Split} split, among published results",
            [
                new("method", "Method"),
                ReportParts.MeasureColumn(metric, "Accuracy"),
                new("difference", "Ours minus it", ColumnKind.Number, Percent: true),
                new("p_holm", "p, Holm", ColumnKind.Number, Decimals: 4),
                new("source", "Source"),
            ],
            [.. rows.OrderBy(row => row.Accuracy).Select(row => row.Row)],
            [.. Notes(parts, rivals.Count, published.Count, ours), .. parts.Notes(metric)]
        );
    }

    private static IEnumerable<string> Notes(ReportParts parts, int rivals, int published, Measurement ours)
    {
        if (rivals > 1 && ours.Summary.N > 0)
            yield return $"Ours is the best of {rivals} configurations by {parts.Objective.Metric}.";
        if (parts.Groups.Count > rivals)
            yield return $"{parts.Groups.Count - rivals} configurations on other datasets are left out.";
        if (published == 0)
            yield return $"No published results are known for the dataset {parts.Spec.Dataset}.";
        else
        {
            yield return "A published result is one number, taken as exact (one-sample t test); its own spread is not known.";
            yield return "Most published results are the best epoch on the test images; ours was chosen on validation.";
        }
        if (parts.Split == "val")
            yield return "No trial has been tested: the accuracy is that on validation and does not compare.";
    }
}
