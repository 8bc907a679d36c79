namespace SqsNet.Engine.Tests.Parity;

public sealed class ParityLedgerTests
{
    private readonly ParityLedger _ledger = new();

    private ParityRow Row => _ledger.Row("network", "part");

    [Fact]
    public void The_worst_share_of_a_tolerance_is_kept_with_its_place_and_difference()
    {
        _ledger.Close([1.0, 2.001, 4.0], [1.0, 2.0, 4.0], relative: 0, absolute: 0.002, "logits");
        _ledger.Close(1.0001, 1, relative: 0.001, absolute: 0, "loss");
        Row.Passed.ShouldBeTrue();
        Row.Where.ShouldBe("logits[1]");
        Row.Share.ShouldBe(0.5, 1e-9);
        Row.Error.ShouldBe(0.001, 1e-9);
        Row.Compared.ShouldBe(6); // four numbers, and twice how many there are
    }

    [Theory]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_number_beyond_its_tolerance_fails(double actual)
    {
        _ledger.Close(actual, 1, relative: 0.01, absolute: 0.01, "loss");
        Row.Passed.ShouldBeFalse();
        Row.Where.ShouldBe("loss");
    }

    [Fact]
    public void Missing_numbers_and_facts_that_differ_fail()
    {
        _ledger.Close([1.0], [1.0, 1.0], relative: 1, absolute: 1, "logits");
        Row.Where.ShouldBe("logits, elements: 1, not 2");
        Row.Passed.ShouldBeFalse();
    }
}
