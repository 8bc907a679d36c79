namespace SqsNet.Torch;

/// <summary>Kinds of devices, with libtorch's numbers.</summary>
public enum DeviceType
{
    /// <summary>The processor and its memory.</summary>
    CPU = 0,

    /// <summary>An NVIDIA GPU.</summary>
    CUDA = 1,
}

/// <summary>Where a tensor lives.</summary>
/// <param name="type">The kind of device.</param>
/// <param name="index">Its number, or -1 for the current one.</param>
public readonly record struct Device(DeviceType type, int index = -1)
{
    /// <summary>Reads <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
    /// <param name="text">The device's name.</param>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static Device Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text switch
        {
            "cpu" => new Device(DeviceType.CPU),
            "cuda" => new Device(DeviceType.CUDA),
            _ when text.StartsWith("cuda:", StringComparison.Ordinal)
                    && byte.TryParse(text.AsSpan(5), out var index)
                    && index < 128 => new Device(DeviceType.CUDA, index),
            _ => throw new FormatException($"'{text}' is no device; one is cpu, cuda or cuda:0."),
        };
    }

    /// <summary>The name that <see cref="Parse"/> reads.</summary>
    public override string ToString() =>
        type == DeviceType.CPU ? "cpu"
        : index < 0 ? "cuda"
        : $"cuda:{index}";
}
