using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data.Cache;

public class Crc32CTests
{
    [Fact]
    public void Check_value_is_that_of_the_standard() => Crc32C.Compute("123456789"u8).ShouldBe(0xE3069283u);

    [Fact]
    public void Nothing_has_checksum_zero() => Crc32C.Compute([]).ShouldBe(0u);
}
