using SqsNet.Torch;

namespace SqsNet.Engine.Data;

/// <summary>All faces of a dataset in the memory of a device, as bytes: a batch is then gathered there.</summary>
internal static class ResidentFaces
{
    /// <summary>The share of free memory that they may take: training, and other trials on the GPU, need room.</summary>
    private const double LargestShare = 0.25;

    private const int BytesPerCopy = 64 << 20;

    /// <summary>Copies the faces.</summary>
    /// <param name="dataset">The faces.</param>
    /// <param name="device">Where to.</param>
    /// <param name="free">The device's free memory in bytes.</param>
    /// <returns>Shape (N, H, W, C), 0..255, in no dispose scope; null where they would take too much of the memory.</returns>
    /// <exception cref="DatasetException">The bytes on the disk are not those that were written.</exception>
    public static Tensor? Copy(FaceDataset dataset, Device device, long free)
    {
        var info = dataset.Info;
        var size = info.Height * info.Width * info.Channels;
        if ((long)size * dataset.Count > free * LargestShare)
            return null;
        using var scope = torch.NewDisposeScope();
        long[] face = [info.Height, info.Width, info.Channels];
        var all = torch.empty([dataset.Count, .. face], ScalarType.Byte, device);
        var perCopy = Math.Max(1, BytesPerCopy / size);
        var bytes = new byte[Math.Min(perCopy, dataset.Count) * size];
        for (var from = 0; from < dataset.Count; from += perCopy)
        {
            var count = Math.Min(perCopy, dataset.Count - from);
            for (var i = 0; i < count; i++)
                dataset.Pixels(from + i).CopyTo(bytes.AsSpan(i * size, size));
            using var part = torch.tensor<byte>(bytes.AsSpan(0, count * size), [count, .. face], device);
            all.narrow(0, from, count).copy_(part);
        }
        return DisposeScope.Detach(all);
    }

    /// <summary>Free memory of a device in bytes; without an end on a CPU, which keeps faces in its memory by itself.</summary>
    public static long Free(Device device)
    {
        if (device.type != DeviceType.CUDA)
            return long.MaxValue;
        var gpu = Math.Max(device.index, 0);
        var ours = torch.cuda.memory_stats(gpu);
        // What trials before this one gave back stays with libtorch, which the driver does not know to be free.
        return torch.cuda.mem_get_info(gpu).Free + ours.Reserved - ours.Allocated;
    }
}
