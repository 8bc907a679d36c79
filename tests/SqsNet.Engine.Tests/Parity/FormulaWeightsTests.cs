namespace SqsNet.Engine.Tests.Parity;

public sealed class FormulaWeightsTests
{
    [Theory]
    [InlineData("", 0xcbf29ce484222325)]
    [InlineData("a", 0xaf63dc4c8601ec8c)]
    [InlineData("foobar", 0x85944171f73967e8)]
    public void Hash_is_FNV_1a(string name, ulong expected) => FormulaWeights.Hash(name).ShouldBe(expected);

    [Fact]
    public void SplitMix_gives_the_published_outputs() =>
        Enumerable
            .Range(0, 3)
            .Select(i => FormulaWeights.SplitMix(1234567, i))
            .ShouldBe([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL]);

    [Fact]
    public void Weights_are_the_worked_examples_bit_for_bit()
    {
        FormulaWeights.Crc(FormulaWeights.Weights("conv_stem.weight", [32, 3, 3, 3])).ShouldBe("fb26b219");
        FormulaWeights.Crc(FormulaWeights.Weights("bn1.running_var", [32])).ShouldBe("6f094eed");
        FormulaWeights.Crc(FormulaWeights.Weights("classifier.bias", [7])).ShouldBe("3bb9164a");
        FormulaWeights.Crc(FormulaWeights.Input(2 * 3 * 224 * 224)).ShouldBe("49c021bd");
    }
}
