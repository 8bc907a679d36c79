using System.Text.Json;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Tests.Components.Shared;

public sealed class FormatTests
{
    [Theory]
    [InlineData("val/accuracy", 0.8123, "81.23 %")]
    [InlineData("test/f1/happiness", 1, "100.00 %")]
    [InlineData("val/macro_f1", double.NaN, "NaN")]
    [InlineData("train/loss", 0.00012341, "1.234e−4")]
    [InlineData("train/loss", 2.19471, "2.195")]
    [InlineData("train/images_per_second", 214.27, "214.3")]
    [InlineData("train/images_per_second", 12345.6, "12,346")]
    [InlineData("val/loss", -0.5, "−0.5000")]
    public void Metric_is_a_percentage_or_four_digits(string name, double value, string text) =>
        Format.Metric(name, value).ShouldBe(text);

    [Fact]
    public void Absent_metric_is_a_dash() => Format.Metric("val/loss", null).ShouldBe("–");

    [Theory]
    [InlineData(0.2, "0 s")]
    [InlineData(59, "59 s")]
    [InlineData(61, "1 min 01 s")]
    [InlineData(7500, "2 h 05 min")]
    [InlineData(180000, "2 d 02 h")]
    public void Duration_has_its_two_largest_units(double seconds, string text) =>
        Format.Duration(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Theory]
    [InlineData(10, "just now")]
    [InlineData(50, "1 min ago")]
    [InlineData(7200, "2 h ago")]
    [InlineData(200000, "2 d ago")]
    [InlineData(10000000, "2026-01-08")]
    public void Ago_turns_into_a_date_after_a_month(double seconds, string text)
    {
        var now = new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

        Format.Ago(now.AddSeconds(-seconds), now).ShouldBe(text);
    }

    [Fact]
    public void Assignment_uses_the_papers_letters()
    {
        var assignment = new Dictionary<string, JsonElement>
        {
            ["sqs.tau"] = JsonSerializer.SerializeToElement(0.5),
            ["model.fusion.kind"] = JsonSerializer.SerializeToElement("concat"),
        };

        Format.Assignment(assignment).ShouldBe("τ = 0.5, fusion.kind = concat");
        Format.Assignment(new Dictionary<string, JsonElement>()).ShouldBe("defaults");
    }
}
