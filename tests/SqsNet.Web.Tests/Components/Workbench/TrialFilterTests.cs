using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Workbench;

namespace SqsNet.Web.Tests.Components.Workbench;

public sealed class TrialFilterTests
{
    // τ is the configuration's number and a half; the seed is the trial's number.
    private static readonly TrialRecord[] s_trials =
    [
        SomeRecords.Trial(0, best: ("val/accuracy", 0.5)),
        SomeRecords.Trial(1, configuration: 1, best: ("val/accuracy", 0.6)),
        SomeRecords.Trial(2, configuration: 2, best: ("val/accuracy", 0.7)),
        SomeRecords.Trial(3, TrialState.Failed, configuration: 2) with
        {
            Message = "The loss diverged.",
        },
    ];

    [Theory]
    [InlineData("", "0 1 2 3")]
    [InlineData("tau<=1.5", "0 1")]
    [InlineData("τ>1.5", "2 3")]
    [InlineData("sqs.tau=0.5,2.5", "0 2 3")]
    [InlineData("tau!=2.5", "0 1")]
    [InlineData("seed=1,3", "1 3")]
    [InlineData("state=failed", "3")]
    [InlineData("state!=failed", "0 1 2")]
    [InlineData("state=Failed,completed seed<2", "0 1")]
    [InlineData("val/accuracy>=0.6", "1 2")]
    [InlineData("best:val/accuracy<60%", "0")]
    [InlineData("message~DIVERGED", "3")]
    [InlineData("message~\"loss diverged\"", "3")]
    [InlineData("message=\"The loss diverged.\",nothing", "3")]
    [InlineData("\"loss diverged\"", "3")]
    [InlineData("diverged", "3")]
    [InlineData("#2", "2")]
    [InlineData("tau=2.5 val/accuracy>0", "2")]
    public void Conditions_are_comparisons_of_columns_or_words_and_all_must_hold(string text, string numbers)
    {
        var filter = TrialFilter.Parse(text, Columns());

        filter.Problem.ShouldBeNull();
        string.Join(' ', s_trials.Where(filter.Passes).Select(t => t.Number)).ShouldBe(numbers);
    }

    [Theory]
    [InlineData("tua=1", "There is no column \"tua\".")]
    [InlineData("tau<", "\"tau<\" needs a value.")]
    [InlineData("tau<low", "\"low\" is no number, as τ has them.")]
    [InlineData("tau<1,2", "< takes one number.")]
    [InlineData("state<failed", "State has words: it takes =, != and ~.")]
    public void What_cannot_be_understood_is_said_and_left_out(string text, string problem)
    {
        var filter = TrialFilter.Parse($"{text} seed=0", Columns());

        filter.Problem.ShouldBe(problem);
        s_trials.Where(filter.Passes).ShouldHaveSingleItem().Number.ShouldBe(0);
    }

    private static TrialColumns Columns() => TrialColumns.Of(SomeRecords.Sweep(), s_trials, Some.Time);
}
