using SqsNet.Engine.Evaluation;
using SqsNet.Engine.Events;

namespace SqsNet.Engine.Tests.Evaluation;

public sealed class TestLooksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_without_looks_has_none() => TestLooks.Read(_folder.Path).ShouldBeEmpty();

    [Fact]
    public void Looks_come_back_in_order_and_a_line_that_was_cut_short_is_passed_over()
    {
        TestLooked[] looks = [new("eval", "best", 3, 1, 21), new("eval", "ema", 4, 5, 21)];
        TestLooks.Append(_folder.Path, looks[0]);
        File.AppendAllText(Path.Combine(_folder.Path, TestLooks.FileName), "{\"kind\":\"testLo\n");
        TestLooks.Append(_folder.Path, looks[1]);
        TestLooks.Read(_folder.Path).ShouldBe(looks);
    }
}
