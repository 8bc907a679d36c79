using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data;

public class ExpressionNamesTests
{
    [Fact]
    public void Known_spellings_take_the_canonical_order() =>
        ExpressionNames
            .Order(["Angry", "sad", "happy", "Neutral"])
            .ShouldBe([("Neutral", "neutral"), ("happy", "happiness"), ("sad", "sadness"), ("Angry", "anger")]);

    [Fact]
    public void One_unknown_name_leaves_all_names_as_they_are_in_ordinal_order() =>
        ExpressionNames
            .Order(["sad", "happy", "sleepy"])
            .ShouldBe([("happy", "happy"), ("sad", "sad"), ("sleepy", "sleepy")]);

    [Fact]
    public void Two_spellings_of_one_expression_are_never_merged() =>
        ExpressionNames.Order(["joy", "happy"]).ShouldBe([("happy", "happy"), ("joy", "joy")]);
}
