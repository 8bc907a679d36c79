namespace SqsNet.Torch.Tests;

/// <summary>Runs each test in a dispose scope and asserts that afterwards not one tensor more is alive than before.</summary>
public abstract class ScopedTest : IDisposable
{
    private readonly long _before;
    private readonly DisposeScope _scope;

    protected ScopedTest()
    {
        CollectLost();
        _before = TorchRuntime.LiveTensors;
        _scope = torch.NewDisposeScope();
    }

    public void Dispose()
    {
        _scope.Dispose();
        CollectLost();
        TorchRuntime.LiveTensors.ShouldBe(_before);
        GC.SuppressFinalize(this);
    }

    private static void CollectLost()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
