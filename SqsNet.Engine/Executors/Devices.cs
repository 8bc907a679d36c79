using SqsNet.Torch;

namespace SqsNet.Engine.Executors;

/// <summary>Devices by the names that people write.</summary>
public static class Devices
{
    /// <summary>Takes a GPU when there is one.</summary>
    public const string Auto = "auto";

    /// <summary>Every device that a setting allows: for "auto" each GPU, or the CPU without one.</summary>
    /// <param name="setting">"cpu", "cuda" (the first GPU), "cuda:1" or "auto".</param>
    /// <remarks>Loads libtorch for "auto".</remarks>
    public static IReadOnlyList<string> Allowed(string setting)
    {
        if (setting != Auto)
            return [setting];
        var gpus = torch.cuda.device_count();
        return gpus == 0 ? ["cpu"] : [.. Enumerable.Range(0, gpus).Select(index => $"cuda:{index}")];
    }

    /// <summary>The device of a name.</summary>
    /// <exception cref="ArgumentException">It is not a device, or this machine does not have it.</exception>
    internal static Device Resolve(string name)
    {
        Device device;
        try
        {
            device = torch.device(Allowed(name)[0]);
        }
        catch (FormatException malformed)
        {
            throw new ArgumentException(malformed.Message, nameof(name), malformed);
        }
        var gpus = device.type == DeviceType.CUDA ? torch.cuda.device_count() : 0;
        if (device.type == DeviceType.CUDA && Math.Max(device.index, 0) >= gpus)
            throw new ArgumentException(
                gpus == 0
                    ? $"There is no GPU here for device '{name}'; use cpu."
                    : $"There are {gpus} GPUs; '{name}' is none of them.",
                nameof(name)
            );
        return device;
    }
}
