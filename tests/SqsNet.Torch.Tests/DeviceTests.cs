namespace SqsNet.Torch.Tests;

public sealed class DeviceTests
{
    [Theory]
    [InlineData("cpu")]
    [InlineData("cuda")]
    [InlineData("cuda:3")]
    public void A_name_survives_the_round_trip(string name) => Device.Parse(name).ToString().ShouldBe(name);

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:1000")]
    [InlineData("CPU")]
    public void Another_name_is_refused(string name) => Should.Throw<FormatException>(() => Device.Parse(name));
}
