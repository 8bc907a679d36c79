using SqsNet.Web.Components.Trials;

namespace SqsNet.Web.Tests.Components.Trials;

public sealed class MetricGroupsTests
{
    [Fact]
    public void Metrics_of_one_scale_share_a_chart_and_each_has_one()
    {
        string[] metrics =
        [
            "train/loss",
            "val/loss",
            "train/loss_cls",
            "train/loss_sqs",
            "val/accuracy",
            "val/f1/fear",
            "val/f1/anger",
            "train/learning_rate",
            "other/metric",
        ];

        var groups = MetricGroups.Of(metrics);

        groups
            .Select(g => g.Title)
            .ShouldBe(["Loss", "Accuracy", "Parts of the loss", "F1 by class", "Learning rate", "other/metric"]);
        groups.SelectMany(g => g.Metrics).ShouldBe(metrics, ignoreOrder: true);
    }

    [Fact]
    public void Metrics_of_the_final_evaluation_have_no_curve() =>
        MetricGroups
            .Of(["test/accuracy", "val/accuracy_tta", "val/f1_tta/fear", "test_last/accuracy", "val_ema/loss"])
            .ShouldBeEmpty();
}
