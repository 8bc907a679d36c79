using SqsNet.Engine.Executors;

namespace SqsNet.Engine.Tests.Executors;

public class DevicePoolTests
{
    [Fact]
    public void Trials_spread_over_the_devices_and_a_freed_device_is_next()
    {
        var pool = new DevicePool(["cuda:0", "cuda:1"]);
        var first = pool.Take();
        var second = pool.Take();
        using var third = pool.Take();
        new[] { first, second, third }.Select(l => l.Device).ShouldBe(["cuda:0", "cuda:1", "cuda:0"]);
        second.Dispose();
        using var fourth = pool.Take();
        fourth.Device.ShouldBe("cuda:1");
    }

    [Fact]
    public void Giving_back_twice_counts_once()
    {
        var pool = new DevicePool(["cuda:0", "cuda:1"]);
        var lease = pool.Take();
        lease.Dispose();
        lease.Dispose();
        using var a = pool.Take();
        using var b = pool.Take();
        new[] { a.Device, b.Device }.ShouldBe(["cuda:0", "cuda:1"], ignoreOrder: true);
    }

    [Fact]
    public void Trials_on_a_device_are_counted_while_they_hold_it()
    {
        var pool = new DevicePool(["cuda:0", "cuda:1"]);
        var leases = new[] { pool.Take(), pool.Take(), pool.Take() };
        (pool.TrialsOn("cuda:0"), pool.TrialsOn("cuda:1"), pool.TrialsOn("cpu")).ShouldBe((2, 1, 0));
        foreach (var lease in leases)
            lease.Dispose();
        pool.TrialsOn("cuda:0").ShouldBe(0);
    }

    [Fact]
    public void A_pool_without_devices_is_refused() => Should.Throw<ArgumentException>(() => new DevicePool([]));
}
