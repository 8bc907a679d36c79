using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Tests.Executors;

public class InProcessExecutorTests
{
    [Fact]
    public async Task A_trial_trains_on_a_thread_of_its_own_with_a_device_from_the_pool()
    {
        string? thread = null;
        var fromThePool = true;
        string? device = null;
        var executor = new InProcessExecutor(
            (plan, _, _) =>
            {
                thread = Thread.CurrentThread.Name;
                fromThePool = Thread.CurrentThread.IsThreadPoolThread;
                device = plan.Device;
                return new(TrialState.Completed);
            },
            new(new DevicePool(["cuda:3"]))
        );
        var outcome = await executor.ExecuteAsync(Some.Plan(id: 5), new ListSink(), new());

        outcome.State.ShouldBe(TrialState.Completed);
        device.ShouldBe("cuda:3");
        fromThePool.ShouldBeFalse();
        thread.ShouldBe("trial 5");
    }

    [Fact]
    public async Task Trials_at_once_run_at_once()
    {
        using var together = new Barrier(3);
        var executor = new InProcessExecutor(
            (plan, _, _) =>
            {
                together.SignalAndWait(TimeSpan.FromSeconds(60)).ShouldBeTrue("all three must be running");
                return new(TrialState.Completed, plan.Device);
            },
            new(new DevicePool(["cuda:0", "cuda:1"]))
        );
        var outcomes = await Task.WhenAll(
            Enumerable.Range(1, 3).Select(id => executor.ExecuteAsync(Some.Plan(id: id), new ListSink(), new()))
        );
        outcomes.ShouldAllBe(outcome => outcome.State == TrialState.Completed);
        outcomes.Select(outcome => outcome.Message).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Whatever_escapes_the_runner_is_an_outcome_and_frees_the_device()
    {
        var pool = new DevicePool(["cuda:0", "cuda:1"]);
        var executor = new InProcessExecutor((_, _, _) => throw new InvalidOperationException("boom"), new(pool));
        var outcome = await executor.ExecuteAsync(Some.Plan(), new ListSink(), new());
        outcome.State.ShouldBe(TrialState.Failed);
        outcome.Message.ShouldNotBeNull().ShouldContain("boom");
        using var next = pool.Take();
        next.Device.ShouldBe("cuda:0");
    }
}
