using System.Reflection;
using System.Runtime.InteropServices;
using SqsNet.Engine;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;

namespace SqsNet.Web.Api;

/// <summary>The machine, this process and the store, now.</summary>
internal sealed record SystemView(
    CpuView Cpu,
    MemoryView Memory,
    DeviceView Device,
    StoreView Store,
    VersionsView Versions,
    string DataDirectory,
    double UptimeSeconds
);

/// <param name="ProcessPercent">Share of one core that this process has used since its start, in percent.</param>
/// <param name="Load">Load averages over 1, 5 and 15 minutes; empty where the system has none.</param>
internal sealed record CpuView(int Cores, double ProcessPercent, IReadOnlyList<double> Load);

/// <summary>In bytes.</summary>
internal sealed record MemoryView(long TotalBytes, long AvailableBytes, long ProcessBytes, long ManagedBytes);

/// <param name="Default">Device of trials that name none.</param>
/// <param name="Devices">Where trials may train; empty where the native libraries cannot be loaded.</param>
/// <param name="Blas">File name of the library that multiplies matrices, or null.</param>
/// <param name="BlasGigaflops">How fast it does, as measured after the start; null where the native libraries cannot be loaded.</param>
/// <param name="MemoryBytes">Memory that CPU tensors hold.</param>
/// <param name="MemoryPeakBytes">The most that CPU tensors have held since the start.</param>
/// <param name="MemoryCachedBytes">Memory kept for the next CPU tensors.</param>
/// <param name="MemoryLimitBytes">The most that CPU tensors may hold; 0 before training has set it.</param>
/// <param name="Warning">What slows training down and what to install, or null.</param>
internal sealed record DeviceView(
    string Default,
    int Threads,
    IReadOnlyList<string> Devices,
    string? Blas,
    double? BlasGigaflops,
    long MemoryBytes,
    long MemoryPeakBytes,
    long MemoryCachedBytes,
    long MemoryLimitBytes,
    string? Warning
);

/// <param name="Bytes">Size of the database with its write-ahead log.</param>
/// <param name="FreeBytes">Free space on its disk.</param>
/// <param name="CheckpointBytes">What the checkpoints of all trials take, as last measured.</param>
/// <param name="CheckpointBudget">What they may take; 0 = no limit.</param>
internal sealed record StoreView(
    StoreCondition Condition,
    string? Problem,
    DateTimeOffset? Since,
    long Waiting,
    long Rejected,
    DateTimeOffset? LastCommit,
    long Bytes,
    long FreeBytes,
    long CheckpointBytes,
    long CheckpointBudget
);

/// <param name="Libtorch">Null where the native libraries cannot be loaded.</param>
internal sealed record VersionsView(string SqsNet, string Runtime, string System, string? Libtorch);

/// <summary>The system.</summary>
internal static class SystemApi
{
    public static void MapSystem(this RouteGroupBuilder api) =>
        api.MapGet("/system", Read).WithSummary("The machine, this process and the store").Produces<SystemView>();

    internal static SystemView Read(
        EngineOptions engine,
        EventLog log,
        SqsDatabase database,
        SweepManager sweeps,
        TimeProvider clock
    )
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var uptime = (clock.GetUtcNow().UtcDateTime - process.StartTime.ToUniversalTime()).TotalSeconds;
        var memory = MachineMemory();
        var native = NativeFacts.Read(engine.Device);
        var health = log.Health;
        return new(
            new(
                Environment.ProcessorCount,
                Math.Round(100 * process.TotalProcessorTime.TotalSeconds / Math.Max(uptime, 1), 1),
                LoadAverages()
            ),
            new(memory.Total, memory.Available, process.WorkingSet64, GC.GetTotalMemory(false)),
            new(
                engine.Device,
                engine.Threads == 0 ? Environment.ProcessorCount : engine.Threads,
                native?.Devices ?? [],
                native?.Blas,
                native is null ? null : Math.Round(native.BlasGigaflops, 1),
                native?.MemoryInUse ?? 0,
                native?.MemoryPeak ?? 0,
                native?.MemoryCached ?? 0,
                native?.MemoryLimit ?? 0,
                native is null ? "The native libraries cannot be loaded: run native/build.sh." : native.Warning
            ),
            new(
                health.Condition,
                health.Problem,
                health.Since,
                health.Waiting,
                health.Rejected,
                health.LastCommit,
                Size(database.FilePath) + Size($"{database.FilePath}-wal"),
                new DriveInfo(database.DataDirectory).AvailableFreeSpace,
                sweeps.CheckpointBytes,
                engine.CheckpointBudget
            ),
            new(Version, RuntimeInformation.FrameworkDescription, RuntimeInformation.OSDescription, native?.Libtorch),
            database.DataDirectory,
            Math.Round(uptime, 1)
        );
    }

    private static long Size(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private static string Version =>
        typeof(SystemApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";

    private static IReadOnlyList<double> LoadAverages() =>
        File.Exists("/proc/loadavg")
            ? [.. File.ReadAllText("/proc/loadavg").Split(' ').Take(3).Select(double.Parse)]
            : [];

    private static (long Total, long Available) MachineMemory()
    {
        if (!File.Exists("/proc/meminfo"))
            return (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, 0);
        var lines = File.ReadLines("/proc/meminfo")
            .Select(line => line.Split(':', 2))
            .ToDictionary(parts => parts[0], parts => parts[1].Replace("kB", "", StringComparison.Ordinal).Trim());
        return (1024 * long.Parse(lines["MemTotal"]), 1024 * long.Parse(lines["MemAvailable"]));
    }
}
