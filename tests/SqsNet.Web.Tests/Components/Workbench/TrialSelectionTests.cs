using SqsNet.Web.Components.Workbench;

namespace SqsNet.Web.Tests.Components.Workbench;

public sealed class TrialSelectionTests
{
    [Theory]
    [InlineData(new int[0], null)]
    [InlineData(new[] { 7 }, "7")]
    [InlineData(new[] { 9, 0, 1, 2, 4, 5 }, "0-2,4-5,9")]
    public void Numbers_are_written_as_ranges_and_read_back(int[] numbers, string? text)
    {
        TrialSelection.Write(numbers).ShouldBe(text);
        TrialSelection.Parse(text).ShouldBe(numbers.Order());
    }

    [Theory]
    [InlineData("1,x,-3,5-4,7-8-9,,2", "1 2")]
    [InlineData("0-99999999", "")]
    public void What_is_no_number_is_passed_over_and_no_range_takes_all_memory(string text, string numbers)
    {
        string.Join(' ', TrialSelection.Parse(text)).ShouldBe(numbers);
    }
}
