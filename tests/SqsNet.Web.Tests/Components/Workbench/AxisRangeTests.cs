using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Workbench;

namespace SqsNet.Web.Tests.Components.Workbench;

/// <summary>What is brushed in a picture and what stands in the filter are the same.</summary>
public sealed class AxisRangeTests
{
    private static readonly TrialRecord[] s_trials =
    [
        SomeRecords.Trial(0, best: ("val/accuracy", 0.5)),
        SomeRecords.Trial(1, TrialState.Failed, configuration: 1),
    ];

    private static readonly TrialColumns s_columns = TrialColumns.Of(SomeRecords.Sweep(), s_trials, Some.Time);

    [Theory]
    [InlineData(null, "sqs.tau>=0.2 sqs.tau<=1.5")]
    [InlineData("seed=0 diverged", "seed=0 diverged sqs.tau>=0.2 sqs.tau<=1.5")]
    [InlineData("tau<1 seed=0 τ>=0.5", "seed=0 sqs.tau>=0.2 sqs.tau<=1.5")]
    public void A_stretch_takes_the_place_of_the_columns_earlier_conditions(string? text, string expected)
    {
        TrialFilter.With(text, s_columns.Find("tau")!, new(0.2, 1.5), s_columns).ShouldBe(expected);
    }

    [Fact]
    public void A_stretch_with_one_end_has_one_condition_and_none_takes_them_away()
    {
        var tau = s_columns.Find("tau")!;
        TrialFilter.With("seed=0", tau, new(null, 1), s_columns).ShouldBe("seed=0 sqs.tau<=1");
        TrialFilter.With("seed=0 tau<=1", tau, null, s_columns).ShouldBe("seed=0");
        TrialFilter.With("tau<=1", tau, null, s_columns).ShouldBeNull();
    }

    [Fact]
    public void Words_are_listed()
    {
        var state = s_columns.Find("state")!;
        TrialFilter
            .With(null, state, new(null, null, ["failed", "stopped"]), s_columns)
            .ShouldBe("state=failed,stopped");
        TrialFilter
            .With(null, s_columns.Find("message")!, new(null, null, ["Out of memory", "nan"]), s_columns)
            .ShouldBe("message=\"Out of memory\",nan");
    }

    [Fact]
    public void A_filters_stretches_are_those_that_it_was_given()
    {
        var ranges = TrialFilter.Parse("tau>=0.2 tau<=1.5 val/accuracy>60% state=failed seed=1", s_columns).Ranges;

        ranges.Keys.ShouldBe(["sqs.tau", "best:val/accuracy", "state"], ignoreOrder: true);
        ranges["sqs.tau"].ShouldBe(new(0.2, 1.5));
        ranges["best:val/accuracy"].ShouldBe(new(0.6, null));
        ranges["state"].Words.ShouldBe(["failed"]);
    }

    [Fact]
    public void An_axis_has_a_value_of_each_trial_and_a_word_for_each_state()
    {
        var space = new Dictionary<string, SpaceParameter>
        {
            ["sqs.tau"] = new()
            {
                Low = 0.1,
                High = 10,
                Log = true,
            },
        };
        var tau = TrialAxis.Of(s_columns.Find("tau")!, space, s_trials);
        (tau.Scale, tau.Percent).ShouldBe((AxisScale.Log, false));
        tau.Values.ShouldBe([0.5, 1.5]);

        var accuracy = TrialAxis.Of(s_columns.Find("val/accuracy")!, space, s_trials);
        (accuracy.Scale, accuracy.Percent).ShouldBe((AxisScale.Linear, true));
        accuracy.Values.ShouldBe([0.5, null]);

        var state = TrialAxis.Of(s_columns.Find("state")!, space, s_trials);
        state.Words.ShouldBe(["completed", "failed"]);
        state.Values.ShouldBe([0, 1]);
    }

    [Fact]
    public void A_surface_lies_over_numbers_that_vary_whatever_the_address_says()
    {
        var view = RelationView.Of("contour", null, "seed", "val/accuracy", null, s_columns);

        (view.X.Key, view.Y.Key).ShouldBe(("sqs.tau", "sqs.tau"), "only τ varies, so there is none");
    }

    [Fact]
    public void A_picture_without_an_address_is_of_what_varies_and_the_objective()
    {
        var view = RelationView.Of(null, null, null, null, null, s_columns);

        view.Kind.ShouldBe(RelationKind.Parallel);
        view.Axes.Select(axis => axis.Key).ShouldBe(["sqs.tau", "best:val/accuracy"]);
        (view.X.Key, view.Y.Key, view.Tint.Key).ShouldBe(("sqs.tau", "best:val/accuracy", "best:val/accuracy"));
    }

    [Fact]
    public void A_picture_takes_what_its_address_names_and_passes_over_what_names_nothing()
    {
        var view = RelationView.Of("scatter", "seed,nonsense,sqs.tau", "seed", "nonsense", "state", s_columns);

        view.Kind.ShouldBe(RelationKind.Scatter);
        view.Axes.Select(axis => axis.Key).ShouldBe(["seed", "sqs.tau"]);
        (view.X.Key, view.Y.Key, view.Tint.Key).ShouldBe(("seed", "best:val/accuracy", "state"));
    }
}
