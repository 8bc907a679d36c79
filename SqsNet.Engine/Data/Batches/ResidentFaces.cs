using SqsNet.Torch;

namespace SqsNet.Engine.Data;

/// <summary>All faces of a dataset in the memory of a device, as bytes: a batch is then gathered there.</summary>
internal static class ResidentFaces
{
    /// <summary>More than this stays in the mapped file, so that trials that share a GPU have room.</summary>
    public const long LargestBytes = 4L << 30;

    private const int BytesPerCopy = 64 << 20;

    /// <summary>Copies the faces.</summary>
    /// <param name="dataset">The faces.</param>
    /// <param name="device">Where to.</param>
    /// <returns>Shape (N, H, W, C), 0..255, in no dispose scope; null where the faces are too many.</returns>
    /// <exception cref="DatasetException">The bytes on the disk are not those that were written.</exception>
    public static Tensor? Copy(FaceDataset dataset, Device device)
    {
        var info = dataset.Info;
        var size = info.Height * info.Width * info.Channels;
        if ((long)size * dataset.Count > LargestBytes)
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
}
