using SqsNet.Web.Live;

namespace SqsNet.Web.Tests.Live;

public sealed class ChartViewTests
{
    private static readonly ChartView s_usual = new(ChartAxis.Epoch);

    [Theory]
    [InlineData("epoch")]
    [InlineData("step,logx,logy,smooth:2.5,means")]
    [InlineData("time,means")]
    public void A_view_is_the_same_after_it_stood_in_an_address(string text)
    {
        ChartView.Parse(text, s_usual).ToString().ShouldBe(text);
    }

    [Fact]
    public void What_an_address_does_not_say_or_says_wrongly_is_as_usual()
    {
        ChartView.Parse(null, s_usual).ShouldBe(s_usual);
        ChartView.Parse("nonsense,7,smooth:-1,smooth:NaN,logy", s_usual).ShouldBe(s_usual with { LogY = true });
    }
}
