using System.Text.Json.Serialization;

namespace SqsNet.Engine.Efficiency;

/// <summary>Forward passes over a batch of one size.</summary>
/// <param name="Images">Images in the batch.</param>
/// <param name="Times">How long passes took.</param>
/// <param name="PeakBytes">The most bytes that tensors held during a pass: weights, images and what layers give each other.</param>
public sealed record BatchSpeed(int Images, PassTimes Times, long PeakBytes)
{
    /// <summary>Images per second at the median time.</summary>
    [JsonIgnore]
    public double ImagesPerSecond => Images / Times.MedianSeconds;
}

/// <summary>What a model's inference takes on one device, as it was measured there.</summary>
public sealed record ModelSpeed
{
    /// <summary>Its name in the registry.</summary>
    public required string Model { get; init; }

    /// <summary>Side of the images, in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>"cpu" or "cuda:0".</summary>
    public required string Device { get; init; }

    /// <summary>What the device calls itself.</summary>
    public required string DeviceName { get; init; }

    /// <summary>Processor threads of one operation.</summary>
    public required int Threads { get; init; }

    /// <summary>Element type of weights and images: "float32".</summary>
    public required string Dtype { get; init; }

    /// <summary>What computed: "libtorch 1.13.1".</summary>
    public required string Library { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset MeasuredAt { get; init; }

    /// <summary>One image at a time: the latency.</summary>
    public required BatchSpeed Single { get; init; }

    /// <summary>A batch: the throughput. Null where it could not be measured.</summary>
    public BatchSpeed? Batch { get; init; }

    /// <summary>Why there is no <see cref="Batch"/>; null where there is one.</summary>
    public string? BatchProblem { get; init; }

    /// <summary>The device and how it was used, in one line for people.</summary>
    [JsonIgnore]
    public string Conditions =>
        Device == "cpu"
            ? $"{DeviceName}, {Threads} {(Threads == 1 ? "thread" : "threads")}, {Dtype}, {Library}"
            : $"{Device} ({DeviceName}), {Dtype}, {Library}";

    /// <summary>Whether another measurement is of the same model under the same conditions, and so takes its place.</summary>
    internal bool IsReplacedBy(ModelSpeed other) =>
        (Model, ImageSize, Device, DeviceName, Dtype, Threads)
        == (other.Model, other.ImageSize, other.Device, other.DeviceName, other.Dtype, other.Threads);
}
