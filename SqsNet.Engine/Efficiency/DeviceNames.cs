using SqsNet.Torch;

namespace SqsNet.Engine.Efficiency;

/// <summary>What devices call themselves, as the system tells.</summary>
internal static class DeviceNames
{
    private const string Unknown = "unknown";

    /// <summary>The model of a processor or a GPU; "unknown" where the system does not tell.</summary>
    internal static string Of(Device device) => device.type == DeviceType.CPU ? Processor() : Gpu();

    private static string Processor() => Value("/proc/cpuinfo", "model name") ?? Unknown;

    /// <remarks>The driver and CUDA number GPUs differently: a name is told only where all have the same one.</remarks>
    private static string Gpu()
    {
        const string driver = "/proc/driver/nvidia/gpus";
        var names = Directory.Exists(driver)
            ? Directory
                .EnumerateDirectories(driver)
                .Select(gpu => Value(Path.Combine(gpu, "information"), "Model"))
                .OfType<string>()
                .Distinct()
                .ToList()
            : [];
        return names.Count == 1 ? names[0] : Unknown;
    }

    /// <summary>The value of the first line "key : value" of a file.</summary>
    private static string? Value(string path, string key) =>
        File.Exists(path)
            ? File.ReadLines(path)
                .FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))
                ?.Split(':', 2)[^1]
                .Trim()
            : null;
}
