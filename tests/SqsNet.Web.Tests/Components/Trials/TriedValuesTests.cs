using SqsNet.Web.Components.Trials;

namespace SqsNet.Web.Tests.Components.Trials;

public sealed class TriedValuesTests
{
    [Fact]
    public void What_is_tried_is_the_same_after_it_stood_in_an_address()
    {
        var tried = TriedValues.Parse("tau:0.05;alpha:2");
        tried.ShouldBe(new Dictionary<string, double> { ["alpha"] = 2, ["tau"] = 0.05 });
        TriedValues.Write(tried).ShouldBe("alpha:2;tau:0.05");
        TriedValues.Parse("alpha:2;tau:0.05").ShouldBe(tried);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("tau:0")]
    [InlineData("tau:-1;alpha:x;beta;color:1;gamma:1e99")]
    public void What_cannot_be_tried_is_left_out(string? text)
    {
        TriedValues.Parse(text).ShouldBeEmpty();
        TriedValues.Write(TriedValues.Parse(text)).ShouldBeNull();
    }
}
