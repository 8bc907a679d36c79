using SqsNet.Engine.Executors;

namespace SqsNet.Engine.Tests.Executors;

public class Tf32ChoiceTests
{
    [Fact]
    public void What_runs_side_by_side_must_agree_and_what_comes_later_is_free()
    {
        var first = Tf32Choice.Make(allow: true);
        var second = Tf32Choice.Make(allow: true);
        first.Dispose();
        first.Dispose();
        Should
            .Throw<InvalidOperationException>(() => Tf32Choice.Make(allow: false))
            .Message.ShouldContain("with training.precision \"tf32\"");
        second.Dispose();
        Tf32Choice.Make(allow: false).Dispose();
    }
}
