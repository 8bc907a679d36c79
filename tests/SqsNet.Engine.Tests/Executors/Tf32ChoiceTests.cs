using SqsNet.Engine.Executors;

namespace SqsNet.Engine.Tests.Executors;

public class Tf32ChoiceTests
{
    [Fact]
    public void What_runs_side_by_side_must_agree_and_what_comes_later_is_free()
    {
        var first = Tf32Choice.TryMake(allow: true).ShouldNotBeNull();
        var second = Tf32Choice.TryMake(allow: true).ShouldNotBeNull();
        first.Dispose();
        first.Dispose();
        Tf32Choice.TryMake(allow: false).ShouldBeNull();
        second.Dispose();
        Tf32Choice.TryMake(allow: false).ShouldNotBeNull().Dispose();
    }

    [Fact]
    public async Task A_trial_waits_until_it_may_choose_and_says_why_or_until_it_is_asked_to_halt()
    {
        var other = Tf32Choice.TryMake(allow: false).ShouldNotBeNull();
        var told = new TaskCompletionSource<string>();
        var waiting = Task.Run(() => Tf32Choice.Await(allow: true, new(), told.SetResult));
        (await told.Task).ShouldContain("without training.precision");
        var control = new TrialControl();
        control.Pause();
        Tf32Choice.Await(allow: true, control, _ => { }).ShouldBeNull();
        waiting.IsCompleted.ShouldBeFalse();

        other.Dispose();

        (await waiting).ShouldNotBeNull().Dispose();
    }
}
