namespace SqsNet.Engine.Executors;

/// <summary>The devices that trials train on; each new trial gets the one with the fewest.</summary>
/// <remarks>How many trials train at once is the sweep's decision (its executor's "parallel"); the pool only spreads them.</remarks>
/// <param name="devices">"cpu", "cuda:0", ...; at least one.</param>
public sealed class DevicePool(IReadOnlyList<string> devices)
{
    private readonly Lock _lock = new();
    private readonly int[] _trials = new int[
        devices.Count > 0 ? devices.Count : throw new ArgumentException("A pool needs a device.", nameof(devices))
    ];

    /// <summary>A pool of the devices that the options allow; they are looked for, which loads libtorch, on first use.</summary>
    public static Lazy<DevicePool> Of(EngineOptions options) =>
        new(() => new DevicePool(Executors.Devices.Allowed(options.Device)));

    /// <summary>The devices.</summary>
    public IReadOnlyList<string> Devices => devices;

    /// <summary>How many trials train on a device now.</summary>
    /// <param name="device">One of <see cref="Devices"/>; another has none.</param>
    public int TrialsOn(string device)
    {
        lock (_lock)
            return devices.Index().Where(entry => entry.Item == device).Sum(entry => _trials[entry.Index]);
    }

    /// <summary>Takes the least busy device, the first of equals.</summary>
    /// <returns>Dispose to give it back.</returns>
    public Lease Take()
    {
        lock (_lock)
        {
            var least = Array.IndexOf(_trials, _trials.Min());
            _trials[least]++;
            return new Lease(this, least);
        }
    }

    /// <summary>A trial's hold on a device.</summary>
    public sealed class Lease : IDisposable
    {
        private readonly DevicePool _pool;
        private readonly int _index;
        private int _givenBack;

        internal Lease(DevicePool pool, int index) => (_pool, _index) = (pool, index);

        /// <summary>The device.</summary>
        public string Device => _pool.Devices[_index];

        /// <summary>Gives the device back; more than once does no harm.</summary>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _givenBack, 1) != 0)
                return;
            lock (_pool._lock)
                _pool._trials[_index]--;
        }
    }
}
