using System.Reflection;

namespace SqsNet.Torch.Tests.Native;

public sealed class OpGenTests
{
    [Fact]
    public void Generating_the_operations_again_changes_nothing()
    {
        var main = Assembly.Load("opgen").EntryPoint.ShouldNotBeNull();
        main.Invoke(null, [new[] { "--check", Reference.Root }]).ShouldBe(0);
    }
}
