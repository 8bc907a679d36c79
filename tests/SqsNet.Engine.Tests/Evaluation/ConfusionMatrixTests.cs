using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SqsNet.Engine.Evaluation;

namespace SqsNet.Engine.Tests.Evaluation;

public class ConfusionMatrixTests
{
    public static TheoryData<string> Cases =>
        [.. Reference.Sqs("metrics_sklearn").GetProperty("cases").EnumerateArray().Select(Label)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Metrics_equal_scikit_learns(string label)
    {
        var expected = Reference
            .Sqs("metrics_sklearn")
            .GetProperty("cases")
            .EnumerateArray()
            .Single(c => Label(c) == label);
        var matrix = new ConfusionMatrix(expected.GetProperty("K").GetInt32());
        foreach (var (truth, predicted) in Ints(expected, "y_true").Zip(Ints(expected, "y_pred")))
            matrix.Add(truth, predicted);

        matrix.ToCounts().ShouldBe(expected.GetProperty("confusion_rows_true").EnumerateArray().Select(Ints));
        Enumerable.Range(0, matrix.Classes).Select(matrix.Support).ShouldBe(Ints(expected, "support"));
        matrix.Accuracy.ShouldBe(Number(expected, "accuracy"), 1e-12);
        matrix.MacroF1.ShouldBe(Number(expected, "macro_f1"), 1e-12);
        matrix.WeightedF1.ShouldBe(Number(expected, "weighted_f1"), 1e-12);
        matrix.BalancedAccuracy.ShouldBe(Number(expected, "balanced_accuracy"), 1e-12);
        matrix.Kappa.ShouldBe(Number(expected, "kappa"), 1e-11);
        Each(matrix, matrix.F1).ShouldBe(Numbers(expected, "per_class_f1"), 1e-12);
        Each(matrix, matrix.Precision).ShouldBe(Numbers(expected, "per_class_precision"), 1e-12);
        Each(matrix, matrix.Recall).ShouldBe(Numbers(expected, "per_class_recall"), 1e-12);
    }

    [Fact]
    public void Equal_supports_make_accuracy_balanced_accuracy_and_macro_weighted_F1()
    {
        var balanced =
            from classes in Gen.Choose(2, 8)
            from support in Gen.Choose(1, 20)
            from predictions in Gen.Choose(0, classes - 1).ArrayOf(classes * support)
            select (classes, predictions);
        Prop.ForAll(
                balanced.ToArbitrary(),
                drawn =>
                {
                    var matrix = new ConfusionMatrix(drawn.classes);
                    for (var i = 0; i < drawn.predictions.Length; i++)
                        matrix.Add(i % drawn.classes, drawn.predictions[i]);
                    return Math.Abs(matrix.Accuracy - matrix.BalancedAccuracy) < 1e-12
                        && Math.Abs(matrix.MacroF1 - matrix.WeightedF1) < 1e-12;
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_matrix_from_counts_is_the_matrix_that_gave_them()
    {
        int[][] rows =
        [
            [3, 1, 0],
            [0, 5, 2],
            [1, 1, 7],
        ];
        var matrix = ConfusionMatrix.FromCounts(rows);
        matrix.ToCounts().ShouldBe(rows);
        matrix.Total.ShouldBe(20);
        matrix.Accuracy.ShouldBe(0.75, 1e-12);
    }

    [Fact]
    public void Counts_that_are_not_square_or_negative_are_refused()
    {
        Should
            .Throw<ArgumentException>(() =>
                ConfusionMatrix.FromCounts([
                    [1, 2],
                ])
            )
            .Message.ShouldContain("Row 0");
        Should
            .Throw<ArgumentException>(() =>
                ConfusionMatrix.FromCounts([
                    [1, -2],
                    [0, 1],
                ])
            )
            .Message.ShouldContain("-2");
    }

    [Fact]
    public void Without_faces_every_metric_is_NaN()
    {
        var empty = new ConfusionMatrix(3);
        double[] metrics = [empty.Accuracy, empty.MacroF1, empty.WeightedF1, empty.BalancedAccuracy, empty.Kappa];
        metrics.ShouldAllBe(x => double.IsNaN(x));
    }

    [Fact]
    public void Names_of_metrics_carry_split_class_and_augmentation()
    {
        var matrix = ConfusionMatrix.FromCounts([
            [1, 0],
            [0, 1],
        ]);
        SplitMetrics
            .Of("val", matrix, 0.25, ["happy", "sad"])
            .Keys.ShouldBe([
                "val/loss",
                "val/accuracy",
                "val/macro_f1",
                "val/weighted_f1",
                "val/balanced_accuracy",
                "val/f1/happy",
                "val/f1/sad",
            ]);
        var augmented = SplitMetrics.Of("test", matrix, 0.25, ["happy", "sad"], tta: true);
        augmented.Keys.ShouldContain("test/accuracy_tta");
        augmented.Keys.ShouldContain("test/f1_tta/happy");
    }

    private static string Label(JsonElement c) => c.GetProperty("label").GetString()!;

    private static IEnumerable<double> Each(ConfusionMatrix matrix, Func<int, double> metric) =>
        Enumerable.Range(0, matrix.Classes).Select(metric);

    private static double Number(JsonElement c, string name) => c.GetProperty(name).GetDouble();

    private static IEnumerable<double> Numbers(JsonElement c, string name) =>
        c.GetProperty(name).EnumerateArray().Select(x => x.GetDouble());

    private static IReadOnlyList<int> Ints(JsonElement c, string name) => Ints(c.GetProperty(name));

    private static IReadOnlyList<int> Ints(JsonElement array) => [.. array.EnumerateArray().Select(x => x.GetInt32())];
}
