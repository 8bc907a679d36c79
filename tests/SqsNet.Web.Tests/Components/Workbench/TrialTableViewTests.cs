using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Workbench;

namespace SqsNet.Web.Tests.Components.Workbench;

public sealed class TrialTableViewTests
{
    private static readonly TrialRecord[] s_trials =
    [
        SomeRecords.Trial(0, configuration: 1, best: ("val/accuracy", 0.5)),
        SomeRecords.Trial(1, configuration: 0, best: ("val/accuracy", double.NaN)),
        SomeRecords.Trial(2, configuration: 1, best: ("val/accuracy", 0.7)),
        SomeRecords.Trial(3, TrialState.Running, configuration: 0),
        SomeRecords.Trial(4, configuration: 0, best: ("val/accuracy", 0.5)),
    ];

    private static readonly TrialColumns s_columns = TrialColumns.Of(SomeRecords.Sweep(), s_trials, Some.Time);

    [Fact]
    public void Usual_columns_are_what_was_varied_and_the_objective_last_and_at_best()
    {
        Of(new())
            .Columns.Select(column => column.Key)
            .ShouldBe([
                "state",
                "sqs.tau",
                "seed",
                "epoch",
                "last:train/loss",
                "last:val/accuracy",
                "best:val/accuracy",
                "time",
            ]);
        s_columns.Find("best:val/accuracy")!.Hint.ShouldContain("best by val/accuracy (maximize)");
    }

    [Fact]
    public void Columns_of_an_address_are_taken_once_and_unknown_ones_passed_over()
    {
        Of(new(Columns: "seed,nonsense,sqs.tau,seed")).Columns.Select(c => c.Key).ShouldBe(["seed", "sqs.tau"]);
    }

    [Theory]
    [InlineData(null, "0 1 2 3 4")]
    [InlineData("-best:val/accuracy", "2 0 4 1 3")] // equal ones by number, no number and none last
    [InlineData("best:val/accuracy", "0 4 2 1 3")]
    [InlineData("sqs.tau,-best:val/accuracy", "4 1 3 2 0")]
    [InlineData("-state,-seed", "3 4 2 1 0")]
    public void Rows_are_sorted_by_several_columns_with_what_is_missing_last(string? sort, string numbers)
    {
        Numbers(new(Sort: sort)).ShouldBe(numbers);
    }

    [Fact]
    public void States_can_be_hidden_and_the_filter_narrows_further()
    {
        Numbers(new(Hidden: "running", Where: "tau=0.5")).ShouldBe("1 4");
    }

    [Fact]
    public void A_heading_sorts_numbers_from_the_largest_then_the_smallest_then_no_more()
    {
        var accuracy = s_columns.Find("best:val/accuracy")!;
        var first = Of(new()).SortAfterClick(accuracy, add: false);
        first.ShouldBe("-best:val/accuracy");
        var second = Of(new(Sort: first)).SortAfterClick(accuracy, add: false);
        second.ShouldBe("best:val/accuracy");
        Of(new(Sort: second)).SortAfterClick(accuracy, add: false).ShouldBeNull();
    }

    [Fact]
    public void A_heading_with_shift_sorts_within_what_was_sorted()
    {
        var seed = s_columns.Find("seed")!;
        Of(new(Sort: "state")).SortAfterClick(seed, add: true).ShouldBe("state,-seed");
        Of(new(Sort: "-seed,state")).SortAfterClick(seed, add: true).ShouldBe("seed,state");
        Of(new(Sort: "state")).SortAfterClick(seed, add: false).ShouldBe("-seed");
    }

    [Fact]
    public void Groups_stand_in_the_order_of_their_first_trials_and_average_what_came_through()
    {
        var view = Of(new(Sort: "-best:val/accuracy", Group: "sqs.tau"));
        var rows = TrialGroup.Rows(view.Group, view.Rows(s_trials));

        rows.Select(row => row.Group?.Name ?? $"{row.Trial!.Number}")
            .ShouldBe(["τ = 1.5", "2", "0", "τ = 0.5", "4", "1", "3"]);
        var accuracy = s_columns.Find("best:val/accuracy")!;
        rows[0].Group!.Summary(accuracy).ShouldBe("60.00 % ± 14.14 %"); // of 0.5 and 0.7: √0.02
        rows[3].Group!.Summary(accuracy).ShouldBe("50.00 %");
        rows[3].Group!.About(accuracy).ShouldBe("Mean ± SD of 1 completed trials; 2 others are not averaged");
        rows[3].Group!.Summary(s_columns.Find("sqs.tau")!).ShouldBe("0.5");
        rows[3].Group!.Summary(s_columns.Find("seed")!).ShouldBe("");
    }

    private static TrialTableView Of(TrialTableQuery query) => TrialTableView.Of(query, s_columns);

    private static string Numbers(TrialTableQuery query) =>
        string.Join(' ', Of(query).Rows(s_trials).Select(trial => trial.Number));
}
