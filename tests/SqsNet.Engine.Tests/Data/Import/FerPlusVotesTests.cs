using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data.Import;

public class FerPlusVotesTests
{
    private static float[]? Apply(FerPlusRule rule, params int[] votes) => FerPlusVotes.Apply(votes, rule);

    [Fact]
    public void Majority_needs_more_than_half()
    {
        Apply(FerPlusRule.Majority, 6, 4, 0, 0, 0, 0, 0, 0, 0, 0).ShouldBe([1, 0, 0, 0, 0, 0, 0, 0]);
        Apply(FerPlusRule.Majority, 5, 5, 0, 0, 0, 0, 0, 0, 0, 0).ShouldBeNull();
    }

    // 5 of 10 are no majority, but the five single votes fall away first.
    [Fact]
    public void Single_votes_count_as_none() =>
        Apply(FerPlusRule.Majority, 1, 5, 1, 1, 1, 1, 0, 0, 0, 0).ShouldBe([0, 1, 0, 0, 0, 0, 0, 0]);

    [Fact]
    public void Faces_that_are_unknown_or_none_are_left_out()
    {
        foreach (var rule in Enum.GetValues<FerPlusRule>())
        {
            Apply(rule, 2, 0, 0, 0, 0, 0, 0, 0, 8, 0).ShouldBeNull();
            Apply(rule, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10).ShouldBeNull();
            Apply(rule, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1).ShouldBeNull();
        }
    }

    [Fact]
    public void Cross_entropy_takes_leading_classes_until_three_quarters_are_in()
    {
        Apply(FerPlusRule.CrossEntropy, 6, 4, 0, 0, 0, 0, 0, 0, 0, 0)!.ShouldBe([0.6f, 0.4f, 0, 0, 0, 0, 0, 0], 1e-6);
        // 8 of 10 are enough: the rest is not looked at.
        Apply(FerPlusRule.CrossEntropy, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0).ShouldBe([0, 1, 0, 0, 0, 0, 0, 0]);
    }

    [Fact]
    public void Cross_entropy_ignores_unknown_behind_an_expression_and_gives_up_on_more_than_three()
    {
        Apply(FerPlusRule.CrossEntropy, 6, 0, 0, 0, 0, 0, 0, 0, 4, 0).ShouldBe([1, 0, 0, 0, 0, 0, 0, 0]);
        Apply(FerPlusRule.CrossEntropy, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0).ShouldBeNull();
        Apply(FerPlusRule.CrossEntropy, 5, 0, 0, 0, 0, 0, 0, 0, 5, 0).ShouldBeNull();
    }

    [Fact]
    public void Multi_target_gives_equal_shares_to_every_class_with_three_tenths()
    {
        Apply(FerPlusRule.MultiTarget, 5, 3, 2, 0, 0, 0, 0, 0, 0, 0).ShouldBe([0.5f, 0.5f, 0, 0, 0, 0, 0, 0]);
        Apply(FerPlusRule.MultiTarget, 3, 0, 2, 2, 2, 0, 0, 0, 0, 0).ShouldBeNull();
    }
}
