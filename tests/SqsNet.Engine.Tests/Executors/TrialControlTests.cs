using SqsNet.Engine.Executors;

namespace SqsNet.Engine.Tests.Executors;

public class TrialControlTests
{
    [Fact]
    public void A_stop_outranks_a_pause_in_either_order()
    {
        var control = new TrialControl();
        control.Request.ShouldBe(ControlRequest.None);
        control.Pause();
        control.Request.ShouldBe(ControlRequest.Pause);
        control.Stop();
        control.Pause();
        control.Request.ShouldBe(ControlRequest.Stop);
    }
}
