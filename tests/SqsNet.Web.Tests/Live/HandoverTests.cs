using SqsNet.Web.Live;

namespace SqsNet.Web.Tests.Live;

public sealed class HandoverTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void What_is_left_is_taken_once()
    {
        var handover = new Handover(_clock);
        var key = handover.Leave("a reading");
        handover.Leave("another");

        handover.Take<string>(key).ShouldBe("a reading");
        handover.Take<string>(key).ShouldBeNull();
    }

    [Fact]
    public void Nothing_is_taken_without_a_key_or_as_another_type()
    {
        var handover = new Handover(_clock);
        var key = handover.Leave("a reading");

        handover.Take<string>(null).ShouldBeNull();
        handover.Take<string>("no-such-key").ShouldBeNull();
        handover.Take<Version>(key).ShouldBeNull();
    }

    [Fact]
    public void What_has_waited_too_long_is_not_shown_any_more()
    {
        var handover = new Handover(_clock);
        var key = handover.Leave("a reading");
        _clock.Now += Handover.Patience + TimeSpan.FromSeconds(1);

        handover.Take<string>(key).ShouldBeNull();
    }

    [Fact]
    public void What_nobody_comes_for_is_let_go()
    {
        var handover = new Handover(_clock);
        var forgotten = LeaveOne(handover);
        _clock.Now += Handover.Patience + TimeSpan.FromSeconds(1);

        handover.Leave("another");

        GC.Collect();
        forgotten.IsAlive.ShouldBeFalse();
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference LeaveOne(Handover handover)
    {
        var reading = new object();
        handover.Leave(reading);
        return new(reading);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Some.Time;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
